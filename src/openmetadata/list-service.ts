import { ResponseError } from '../errors.ts';
import type { AssetKind } from '../model/records.ts';
import type { Entity } from './entities.ts';
import { kindFacts } from './kind-facts.ts';
import type { ListOptions, OpenMetadataClient } from './openmetadata-client.ts';
import { pageSize } from './target-surroundings.ts';

type Filters = NonNullable<ListOptions['filters']>;

/** What to list, and which of the answers count; undefined where there is nothing to list. */
interface Listing {
  readonly filters: Filters;
  readonly isWanted: (entity: Entity) => boolean;
}

const all = (): boolean => true;

function below(fqn: string): Listing['isWanted'] {
  return ({ fullyQualifiedName = '' }) => fullyQualifiedName.startsWith(`${fqn}.`);
}

/**
 * Terms are filtered by their glossary's id, and servers turn it into a prefix of names: of the bare name on 1.1, so that
 * a glossary with a dot in its name would seem empty. Such a one, and a deleted one, is looked for among all terms.
 */
async function termListing(
  client: OpenMetadataClient,
  glossary: string,
  signal: AbortSignal,
): Promise<Listing | undefined> {
  const found = await client.getByName('glossary', glossary, { include: 'all' }, signal);
  if (!found) return undefined;
  if (found.deleted || glossary.includes('"')) return { filters: {}, isWanted: below(glossary) };
  return { filters: { glossary: found.id }, isWanted: all };
}

async function listing(
  client: OpenMetadataClient,
  kind: AssetKind,
  service: string,
  signal: AbortSignal,
): Promise<Listing | undefined> {
  const { listFilter } = kindFacts[kind];
  if (kind === 'glossaryTerm') return termListing(client, service, signal);
  return { filters: listFilter ? { [listFilter]: service } : {}, isWanted: all };
}

/** Every asset of a kind under a service, or of a glossary, soft-deleted ones included. */
export async function* listService(
  client: OpenMetadataClient,
  kind: AssetKind,
  service: string,
  fields: readonly string[],
  signal: AbortSignal,
): AsyncGenerator<Entity, void, void> {
  if (kind === 'glossary' && service !== '') {
    const glossary = await client.getByName('glossary', service, { fields, include: 'all' }, signal);
    if (glossary) yield glossary;
    return;
  }
  const found = await listing(client, kind, service, signal);
  if (!found) return;
  const options = { filters: found.filters, include: 'all' as const, limit: pageSize, fields };
  for await (const entity of client.list(kind, options, signal)) if (found.isWanted(entity)) yield entity;
}

/** How many assets {@link listService} gives. */
export async function countService(
  client: OpenMetadataClient,
  kind: AssetKind,
  service: string,
  signal: AbortSignal,
): Promise<number> {
  const found = kind === 'glossary' && service !== '' ? undefined : await listing(client, kind, service, signal);
  if (found?.isWanted === all) return client.count(kind, { filters: found.filters, include: 'all' }, signal);
  let count = 0;
  for await (const _ of listService(client, kind, service, [], signal)) count += 1;
  return count;
}

/** True when a glossary or a term holds terms that are not deleted. */
export async function holdsTerms(
  client: OpenMetadataClient,
  kind: 'glossary' | 'glossaryTerm',
  id: string,
  signal: AbortSignal,
): Promise<boolean> {
  const entity = await client.getById(kind, id, { include: 'all' }, signal);
  if (!entity || entity.deleted) return false;
  const fqn = entity.fullyQualifiedName ?? entity.name;
  const filters: Filters = fqn.includes('"') ? {} : { [kind === 'glossary' ? 'glossary' : 'parent']: id };
  try {
    const isWanted = below(fqn);
    for await (const term of client.list('glossaryTerm', { filters, limit: pageSize }, signal)) {
      if (isWanted(term)) return true;
    }
    return false;
  } catch (error) {
    // Gone between the two looks.
    if (error instanceof ResponseError && error.status === 404) return false;
    throw error;
  }
}
