import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { GlossaryData } from './entity-store.ts';
import { MemoryEntityStore } from './memory-store.ts';
import { addReverseEnds, entityOfHeader, type RelationIds } from './recorded-header.ts';
import type { Json, StoredEntity } from './stored-entity.ts';
import type { TypeDefinitions } from './type-definitions.ts';
import { TypeRegistry } from './type-registry.ts';

export interface RecordedRequest {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
  readonly status: number;
  readonly file: string;
}

export interface RecordedFolder {
  readonly store: MemoryEntityStore;
  readonly version: Json;
  readonly metrics: Json;
  /** Recorded export requests with the ZIP that answered them. */
  readonly exports: readonly { readonly body: unknown; readonly zip: Buffer }[];
}

interface SearchAnswer {
  readonly searchParameters: Json;
  readonly entities?: readonly Json[];
}

/**
 * Puts one store together from everything that a folder of recorded answers says: entities in full where they were
 * recorded in full, else what their search header told.
 * @throws when the folder has no `index.json` or an answer in it cannot be read
 */
export async function readRecordedFolder(folder: string): Promise<RecordedFolder> {
  const json = async <T>(file: string): Promise<T> => JSON.parse(await readFile(join(folder, file), 'utf8')) as T;
  const index = (await json<RecordedRequest[]>('index.json')).filter((entry) => entry.status === 200);
  const files = new Set(await readdir(folder));
  const answers = async <T>(matches: (entry: RecordedRequest) => boolean): Promise<T[]> =>
    Promise.all(index.filter((entry) => matches(entry) && files.has(entry.file)).map((entry) => json<T>(entry.file)));

  const types = new TypeRegistry(await json<TypeDefinitions>('typedefs.json'));
  const full = fullEntities(await answers<Json>((entry) => /\/v2\/entity\/(bulk|guid\/)/.test(entry.path)));
  const searches = await answers<SearchAnswer>((entry) => entry.path.endsWith('/search/basic'));
  const relations = relationIds(await answers<Json>((entry) => entry.path.includes('/v2/lineage/')));
  const entities = combine(types, full, searches, relations);
  return {
    store: new MemoryEntityStore(types, entities, await readGlossary(answers)),
    version: (await answers<Json>((entry) => entry.path.endsWith('/admin/version')))[0] ?? {},
    metrics: (await answers<Json>((entry) => entry.path.endsWith('/admin/metrics')))[0] ?? {},
    exports: await Promise.all(
      index
        .filter((entry) => entry.path.endsWith('/admin/export'))
        .map(async (entry) => ({ body: entry.body, zip: await readFile(join(folder, entry.file)) })),
    ),
  };
}

type Answers = <T>(matches: (entry: RecordedRequest) => boolean) => Promise<T[]>;

async function readGlossary(answers: Answers): Promise<GlossaryData> {
  const lists = async (pattern: RegExp): Promise<Json[]> =>
    (await answers<Json[]>((entry) => pattern.test(entry.path))).flat();
  return {
    glossaries: await lists(/\/v2\/glossary$/),
    terms: await lists(/\/v2\/glossary\/[^/]+\/terms$/),
    categories: await lists(/\/v2\/glossary\/[^/]+\/categories$/),
  };
}

/** Entities in full by guid. Answers that left out the relationships do not count. */
function fullEntities(answers: readonly Json[]): Map<string, StoredEntity> {
  const found = new Map<string, StoredEntity>();
  for (const answer of answers) {
    const listed = (answer['entities'] ?? [answer['entity']]) as StoredEntity[];
    for (const entity of [...listed, ...Object.values(answer['referredEntities'] as Record<string, StoredEntity>)]) {
      if (entity.relationshipAttributes !== undefined) {
        found.set(entity.guid, { ...entity, classifications: entity.classifications ?? [] });
      }
    }
  }
  return found;
}

function combine(
  types: TypeRegistry,
  full: ReadonlyMap<string, StoredEntity>,
  searches: readonly SearchAnswer[],
  relations: RelationIds,
): StoredEntity[] {
  const headers = new Map<string, Json>();
  for (const search of inOwnOrder(searches)) {
    for (const header of search.entities ?? []) {
      const guid = String(header['guid']);
      const known = headers.get(guid);
      headers.set(guid, { ...known, ...header, attributes: { ...attributesOf(known), ...attributesOf(header) } });
    }
  }
  const combined = new Map<string, StoredEntity>();
  for (const [guid, header] of headers) {
    const entity = full.get(guid);
    const recorded = attributesOf(header);
    combined.set(
      guid,
      entity === undefined ? entityOfHeader(types, header, relations) : { ...entity, headerAttributes: recorded },
    );
  }
  for (const [guid, entity] of full) {
    if (!combined.has(guid)) {
      combined.set(guid, entity);
    }
  }
  addReverseEnds(types, combined, new Set([...headers.keys()].filter((guid) => !full.has(guid))));
  return [...combined.values()];
}

const attributesOf = (header: Json | undefined): Json => (header?.['attributes'] ?? {}) as Json;

/** Searches of exactly one type first: their order of rows is the order in which that type is paged. */
function inOwnOrder(searches: readonly SearchAnswer[]): SearchAnswer[] {
  const mixed = (search: SearchAnswer): number =>
    Number(
      search.searchParameters['entityFilters'] !== undefined ||
        (search.entities ?? []).some((header) => header['typeName'] !== search.searchParameters['typeName']),
    );
  return [...searches].sort((one, other) => mixed(one) - mixed(other));
}

function relationIds(lineages: readonly Json[]): RelationIds {
  const relations = lineages.flatMap((lineage) => lineage['relations'] as Record<string, string>[]);
  return new Map(
    relations.map((each) => [`${each['fromEntityId']} ${each['toEntityId']}`, `${each['relationshipId']}`]),
  );
}
