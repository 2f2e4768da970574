import type { GoneRecord, SourceRecord } from '../../../model/records.ts';
import { isAsset } from '../../../model/records.ts';
import type { ReadScope } from '../../source.ts';
import type { AtlasReader } from '../atlas-reader.ts';
import type { AtlasEntity } from '../atlas-types.ts';
import { objectId } from '../map-entity.ts';
import type { TypeRegistry } from '../type-registry.ts';
import { AffectedSpool } from './affected-spool.ts';
import { ChangedReader } from './changed-reader.ts';
import { CollectAffected } from './collect-affected.ts';
import { OwnerAttributes } from './owner-attributes.ts';

/** Above so many changes it is asked how many entities there are at all. */
const fewChanges = 2_000;
/** Share of the entities, in percent, above which reading all of them is less work. */
const wholeAbovePercent = 20;

/** The changes of a scope: found first, then read, then told apart from what only surrounds them. */
export class ReadChanges {
  readonly #reader: AtlasReader;
  readonly #owners: OwnerAttributes;
  readonly #registry: TypeRegistry;
  readonly #spool = new AffectedSpool();
  #allGlossaries = true;

  constructor(reader: AtlasReader, registry: TypeRegistry) {
    this.#reader = reader;
    this.#registry = registry;
    this.#owners = new OwnerAttributes(registry);
  }

  /**
   * Finds what has changed, without reading it yet.
   *
   * @param types entity types that matter to the recipe
   * @returns why everything should be read instead, if it should
   */
  async find(scope: ReadScope, types: readonly string[], signal: AbortSignal): Promise<string | undefined> {
    if (scope.kind === 'entities') {
      this.#allGlossaries = false;
      this.#spool.batch(() => {
        for (const guid of scope.guids) this.#spool.want('changed', guid);
      });
      return undefined;
    }
    // A column's row can name its table, so that it need not be read by itself.
    const named = this.#columnTypes().filter((type) => types.includes(type));
    for (const group of [named, types.filter((type) => !named.includes(type))]) {
      const query = { types: group, attributes: group === named ? ['table'] : [], changedSince: scope.since };
      for await (const page of this.#reader.pages(query, 1, signal)) {
        // Rows that were counted and not given are hidden from this user, or not in the index yet: the margin is for those.
        if (page.problem?.outcome === 'failed') return `what has changed could not be read: ${page.problem.message}`;
        this.#spool.batch(() => {
          for (const row of page.entities) this.#note(row);
        });
        const why = await this.#tooMany(Math.max(page.total ?? 0, this.#spool.wantedCount('found')), types, signal);
        if (why !== undefined) return why;
      }
    }
    return undefined;
  }

  /** Adds entities that have changed in a way that their own time does not show. */
  add(guids: Iterable<string>): void {
    this.#spool.batch(() => {
      for (const guid of guids) this.#spool.want('changed', guid);
    });
  }

  /** Reads everything that must be told; from then on the mapping may read from the result. */
  async read(signal: AbortSignal): Promise<AtlasReader> {
    await new CollectAffected(this.#reader, this.#owners, this.#spool, signal).run();
    return new ChangedReader(this.#reader, this.#owners, this.#spool, this.#allGlossaries);
  }

  /** Whether a record is about something that has changed, or that stands in no entity of its own. */
  concerns(record: SourceRecord): boolean {
    if (!isAsset(record) || record.kind === 'glossary' || record.kind === 'glossaryTerm') return true;
    const { id } = record.provenance;
    return this.#spool.wants('changed', id) || isMadeUp(id);
  }

  *gone(): Generator<GoneRecord> {
    for (const { guid, type, name } of this.#spool.gone()) {
      yield { kind: 'gone', of: undefined, provenance: { id: guid, typeName: type, qualifiedName: name } };
    }
  }

  close(): void {
    this.#spool.close();
  }

  /** Types of columns whose rows name their table. */
  #columnTypes(): string[] {
    const found = this.#registry
      .names()
      .map((name) => this.#registry.tableShape(name))
      .filter((shape) => shape?.column.table === 'table')
      .map((shape) => shape!.columnType);
    return [...new Set(found)].filter((type) => this.#owners.of(type).includes('table'));
  }

  #note(row: AtlasEntity): void {
    this.#spool.want('found', row.guid, row.typeName);
    const owner = objectId(row.attributes['table']);
    // Partition columns name no table in a row: they are read in full to find it.
    if (owner) this.#spool.want('changed', owner.guid, owner.typeName ?? '');
    else this.#spool.want('changed', row.guid, row.typeName);
  }

  async #tooMany(changed: number, types: readonly string[], signal: AbortSignal): Promise<string | undefined> {
    if (changed <= fewChanges) return undefined;
    let all = 0;
    for (const type of new Set([...this.#spool.wantedTypes('found').keys()].filter((name) => types.includes(name)))) {
      all += await this.#reader.count(type, signal);
    }
    const share = (100 * changed) / Math.max(1, all);
    return share > wholeAbovePercent ? `${changed} of ${all} entities have changed` : undefined;
  }
}

/** Ids that stand for no entity, such as a cluster's. */
function isMadeUp(id: string): boolean {
  return id.includes(':');
}
