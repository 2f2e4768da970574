import { splitFqn } from '../../../model/fqn.ts';
import type { AssetKind } from '../../../model/records.ts';
import type { CatalogueSession } from './catalogue-session.ts';
import type { CatalogueSearch, SearchGroup } from './catalogue-types.ts';
import { readRoots, toNode } from './read-tree.ts';

/** What people look for most comes first. */
const searchedKinds: readonly AssetKind[] = [
  'table',
  'topic',
  'container',
  'glossaryTerm',
  'mlmodel',
  'pipeline',
  'databaseSchema',
  'database',
];

const rowsOfEach = 10;
const rowsOfOne = 50;

/**
 * Looks for words in names, descriptions and columns, by OpenMetadata's search engine; what is in services of others is left
 * out.
 *
 * @param only one kind, with more of its rows and paging
 * @param from rows of it that came before
 */
export async function searchCatalogue(
  session: CatalogueSession,
  text: string,
  only: AssetKind | undefined,
  from: number,
  signal: AbortSignal,
): Promise<CatalogueSearch> {
  const { nodes } = await readRoots(session, signal);
  const roots = new Set(nodes.map(({ fqn }) => rootOf(fqn)));
  const size = only ? rowsOfOne : rowsOfEach;
  const search = async (kind: AssetKind): Promise<SearchGroup> => {
    const found = await session.client.search(kind, { text, from, size }, signal);
    const entities = found?.entities ?? [];
    const ours = entities.filter(({ fullyQualifiedName = '' }) => roots.has(rootOf(fullyQualifiedName)));
    const next = from + entities.length;
    return {
      kind,
      nodes: ours.map((entity) => toNode(kind, entity)),
      ...(found && next < found.total && { after: String(next) }),
    };
  };
  const groups = await Promise.all((only ? [only] : searchedKinds).map(search));
  return { groups: groups.filter((group) => group.nodes.length > 0 || group.after !== undefined) };
}

function rootOf(fqn: string): string {
  try {
    return splitFqn(fqn)[0] ?? '';
  } catch {
    return '';
  }
}
