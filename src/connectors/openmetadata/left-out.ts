import type { EntityType } from '../../openmetadata/collections.ts';
import type { OpenMetadataClient } from '../../openmetadata/openmetadata-client.ts';
import { isAtLeast } from '../../openmetadata/server-version.ts';
import type { SourceContext } from '../source.ts';

/** What the model has no place for, and the minor version of 1.x that brought it. */
const kinds: readonly (readonly [type: EntityType, words: string, since: number])[] = [
  ['dashboard', 'dashboards', 1],
  ['chart', 'charts', 1],
  ['dashboardDataModel', 'dashboard data models', 1],
  ['storedProcedure', 'stored procedures', 2],
  ['searchIndex', 'search indexes', 2],
  ['apiEndpoint', 'API endpoints', 5],
  ['query', 'queries', 1],
  ['metric', 'metrics', 6],
  ['domain', 'domains', 2],
  ['dataProduct', 'data products', 2],
  ['testCase', 'test cases', 1],
];

/** Counts what stays behind, by type: a migration is never silent about it. */
export async function reportLeftOut(client: OpenMetadataClient, context: SourceContext): Promise<void> {
  const { version } = client.capabilities;
  for (const [type, words, since] of kinds) {
    if (!isAtLeast(version, 1, since)) continue;
    const count = await client.countIfKnown(type, context.signal);
    if (!count) continue;
    const message = `${words} have no place in what Meridian moves between servers`;
    context.report({ outcome: 'skipped', kind: 'table', reason: `no-place-${type}`, name: words, message, count });
  }
}
