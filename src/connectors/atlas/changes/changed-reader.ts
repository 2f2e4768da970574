import type { AtlasReader, GlossaryReading } from '../atlas-reader.ts';
import type { AtlasEntity, BulkAnswer, TypeDefs } from '../atlas-types.ts';
import { objectId, objectIds } from '../map-entity.ts';
import type { Page, SearchQuery } from '../search-pages.ts';
import type { AffectedSpool } from './affected-spool.ts';
import type { OwnerAttributes } from './owner-attributes.ts';
import { searchRow } from './search-row.ts';

const rowsPerPage = 500;
const glossaryTypes = ['AtlasGlossary', 'AtlasGlossaryCategory', 'AtlasGlossaryTerm'];

/**
 * A small Atlas that holds what has changed and what belongs to it: the mapping reads it as it reads a whole one. What
 * stands around others (databases, schemas) and the vocabularies are few, and come whole from the server.
 */
export class ChangedReader implements AtlasReader {
  readonly holdsAll = false;
  readonly #reader: AtlasReader;
  readonly #owners: OwnerAttributes;
  readonly #spool: AffectedSpool;
  readonly #allGlossaries: boolean;

  /** @param allGlossaries read them whatever has changed; otherwise only where something of them has */
  constructor(reader: AtlasReader, owners: OwnerAttributes, spool: AffectedSpool, allGlossaries: boolean) {
    this.#reader = reader;
    this.#owners = owners;
    this.#spool = spool;
    this.#allGlossaries = allGlossaries;
  }

  get firstStep(): string {
    return this.#reader.firstStep;
  }

  get requestCount(): number {
    return this.#reader.requestCount;
  }

  version(signal: AbortSignal): Promise<string> {
    return this.#reader.version(signal);
  }

  typeDefs(signal: AbortSignal): Promise<TypeDefs> {
    return this.#reader.typeDefs(signal);
  }

  async count(type: string, signal: AbortSignal): Promise<number> {
    return this.#owners.holders().has(type) ? this.#reader.count(type, signal) : this.#spool.countLive([type]);
  }

  async *pages(query: SearchQuery, ahead: number, signal: AbortSignal): AsyncGenerator<Page> {
    const holders = query.types.filter((type) => this.#owners.holders().has(type));
    if (holders.length > 0) yield* this.#reader.pages({ ...query, types: holders }, ahead, signal);
    const types = query.types.filter((type) => !this.#owners.holders().has(type));
    const total = this.#spool.countLive(types);
    let rows: AtlasEntity[] = [];
    for (const entity of this.#spool.live(types)) {
      rows.push(searchRow(entity, query.attributes));
      if (rows.length < rowsPerPage) continue;
      signal.throwIfAborted();
      yield { entities: rows, total };
      rows = [];
    }
    if (rows.length > 0 || holders.length === 0) yield { entities: rows, total };
  }

  async bulk(guids: readonly string[], signal: AbortSignal): Promise<BulkAnswer> {
    const here = guids.map((guid) => this.#spool.get(guid)).filter((entity) => entity !== undefined);
    const found = new Set(here.map(({ guid }) => guid));
    const rest = guids.filter((guid) => !found.has(guid));
    const answer = rest.length > 0 ? await this.#reader.bulk(rest, signal) : {};
    const referredEntities: Record<string, AtlasEntity> = { ...answer.referredEntities };
    for (const entity of here) {
      for (const guid of namedBy(entity)) {
        const part = this.#spool.get(guid);
        if (part) referredEntities[guid] = part;
      }
    }
    return { entities: [...here, ...(answer.entities ?? [])], referredEntities };
  }

  /** Of a few entities most have nothing to do with glossaries: terms then stand where they did in the run before. */
  async *glossaries(signal: AbortSignal): AsyncGenerator<GlossaryReading> {
    if (!this.#allGlossaries && this.#spool.countLive(glossaryTypes) === 0) return;
    yield* this.#reader.glossaries(signal);
  }

  /** The spool is its maker's to close, the server the source's. */
  async close(): Promise<void> {}
}

/** Guids of all that an entity refers to. */
function namedBy(entity: AtlasEntity): ReadonlySet<string> {
  const guids = new Set<string>();
  for (const values of [entity.attributes, entity.relationshipAttributes ?? {}]) {
    for (const value of Object.values(values)) {
      const one = objectId(value);
      if (one) guids.add(one.guid);
      for (const { guid } of objectIds(value)) guids.add(guid);
    }
  }
  return guids;
}
