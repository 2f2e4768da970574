import type { NamePath, SourceRecord } from '../../model/records.ts';
import type { FoundSink, ReadingPart } from '../reading-part.ts';
import type { SourceContext } from '../source.ts';
import type { AtlasReader } from './atlas-reader.ts';
import type { AtlasReading, AtlasSourceOptions } from './atlas-source.ts';
import type { AtlasEntity } from './atlas-types.ts';
import { tablePath } from './families/assemble-table.ts';
import type { Family, Role } from './families/family.ts';
import { FamilyServices } from './families/family-services.ts';
import type { Holders } from './families/holders.ts';
import { type HoldersOptions, readHolders } from './families/read-holders.ts';
import { byFamily, fewTypes, isCovered, type Selection, selectionOf, selectTypes } from './families/selection.ts';
import { TypeHomes } from './families/type-homes.ts';
import { findTables } from './find-tables.ts';
import { GivenTables } from './given-tables.ts';
import { GlossaryPlaces } from './glossary-places.ts';
import { glossaryRecords } from './glossary-records.ts';
import { LineageSpool } from './lineage-spool.ts';
import { related } from './map-entity.ts';
import { NodeSpool } from './node-spool.ts';
import { NodePlacer } from './place-nodes.ts';
import { presentTypes } from './present-types.ts';
import { readGlossaries } from './read-glossaries.ts';
import { lineageRecords, spoolLineage } from './read-lineage.ts';
import { spoolNodes } from './read-nodes.ts';
import { readRuns } from './read-runs.ts';
import { readTables } from './read-tables.ts';
import { reportHomeless, reportUnknownRules, reportUnserved } from './report-left-out.ts';
import { reportProblem } from './search-pages.ts';
import { Spool } from './spool.ts';
import { takeTold, toldAssets } from './told-assets.ts';
import { TypeRegistry } from './type-registry.ts';

interface RunParts {
  readonly options: AtlasReading;
  readonly context: SourceContext;
  readonly registry: TypeRegistry;
  readonly homes: TypeHomes;
  readonly selection: Selection;
  readonly services: FamilyServices;
}

/** A table's names from the service on, and its row. */
export interface PlacedTable {
  readonly path: NamePath;
  readonly entity: AtlasEntity;
}

/** Rows a page: one with its parameters takes some kilobytes of the heap. */
const tablesPerPage = 2_000;

/** One reading of Atlas from beginning to end. */
export class AtlasRun {
  readonly #parts: RunParts;
  readonly #reader: AtlasReader;
  readonly #spool = new Spool();
  readonly #lineage = new LineageSpool(this.#spool);
  readonly #nodes = new NodeSpool(this.#spool);

  private constructor(parts: RunParts) {
    this.#parts = parts;
    this.#reader = parts.options.reader;
  }

  /** @throws ConfigurationError `atlas.entity-type` */
  static async open(options: AtlasReading, context: SourceContext): Promise<AtlasRun> {
    const { reader } = options;
    const registry = new TypeRegistry(await reader.typeDefs(context.signal));
    const homes = new TypeHomes(registry, options.types);
    const selection = await selectTypes(selectionOf(options), homes, registry, reader, context.signal);
    const services = new FamilyServices({ services: {}, ...options, main: selection.main });
    return new AtlasRun({ options, context, registry, homes, selection, services });
  }

  /** How many tables a reading would bring, as the index estimates it. */
  static async countTables(options: AtlasSourceOptions, signal: AbortSignal): Promise<number> {
    const { reader } = options;
    const registry = new TypeRegistry(await reader.typeDefs(signal));
    const homes = new TypeHomes(registry, options.types);
    const { assets } = await selectTypes(selectionOf(options), homes, registry, reader, signal);
    const types = [...assets.keys()].filter((type) => registry.tableShape(type));
    const present = types.length > fewTypes ? await presentTypes(types, reader, signal) : types;
    let count = 0;
    for (const type of present) count += await reader.count(type, signal);
    return count;
  }

  async *records(): AsyncIterable<SourceRecord> {
    const { registry, context, services, options } = this.#parts;
    const { part } = options;
    if (part?.kind === 'lineage') return yield* this.#lineageOf(part);
    const isAround = part?.kind !== 'assets';
    const readsOthers = part === undefined || (part.kind === 'assets' && part.others);
    const { assets, homeless } = await this.#present();
    const shaped = (type: string): boolean => registry.tableShape(type) !== undefined;
    const tables = byFamily(new Map([...assets].filter(([type]) => shaped(type))), 'table');
    const holders = await this.#holders(tables);
    const others = new Map([...assets].filter(([type, { kind }]) => kind !== 'table' || !shaped(type)));
    const { shared, early, lineage } = this.#shared();
    const partsWhole = await spoolNodes(readsOthers ? others : new Map(), shared);
    if (early && readsOthers) await spoolLineage(lineage);
    const { mode } = options;
    const placer = new NodePlacer({ ...shared, services, mode, holdsAll: this.#reader.holdsAll, partsWhole });
    // Services first: a missing or an ambiguous one ends the run before anything is written.
    for (const held of holders.values()) yield* held.serviceRecords();
    yield* placer.serviceRecords();
    yield* registry.business.records();
    if (isAround) {
      for (const { path, description } of registry.classifications()) yield { kind: 'tag', path, description };
    }
    yield* this.#vocabularies(isAround);
    if (isAround) {
      for (const held of holders.values()) yield* held.databaseRecords();
      for (const held of holders.values()) yield* held.schemaRecords();
    }
    yield* placer.records();
    if (part === undefined && !early) await spoolLineage(lineage);
    if (part?.kind === 'assets' && part.columnLineage) this.#lineage.keepEveryPlace();
    for (const [family, types] of tables) yield* this.#tables(types, holders.get(family)!);
    if (part === undefined) yield* lineageRecords(this.#lineage, this.#nodes, context);
    if (readsOthers) yield* readRuns(shared);
    if (part?.kind === 'around') await this.#findOthers(others.keys(), early, part.found);
    if (part?.kind === 'assets') await part.told(toldAssets(this.#spools()));
    if (!isAround) return;
    reportUnknownRules(options.types ?? {}, registry, context);
    await reportHomeless(homeless, this.#reader, context);
  }

  #spools() {
    return { spool: this.#spool, lineage: this.#lineage, nodes: this.#nodes };
  }

  /** What the readings of assets and of lineage are given. */
  #shared() {
    const { registry, homes, context, options } = this.#parts;
    const { pipelines = false } = options;
    const mapping = { registry };
    const shared = { reader: this.#reader, mapping, homes, spool: this.#spool, nodes: this.#nodes, context };
    // Processes are read late, unless some become pipelines: those have a service, too.
    const early = pipelines || Object.values(options.types ?? {}).some(({ as }) => as === 'pipeline');
    return { shared, early, lineage: { ...shared, lineage: this.#lineage, pipelines } };
  }

  /** The lineage between assets that other parts of the reading have told. */
  async *#lineageOf({ told }: Extract<ReadingPart, { kind: 'lineage' }>): AsyncIterable<SourceRecord> {
    yield* this.#parts.registry.business.records();
    await spoolLineage(this.#shared().lineage);
    await told((asset) => takeTold(asset, this.#spools()));
    yield* lineageRecords(this.#lineage, this.#nodes, this.#parts.context);
  }

  async #findOthers(types: Iterable<string>, early: boolean, found: FoundSink): Promise<void> {
    const { homes, context } = this.#parts;
    const ofRole = (role: Role): string[] => [...homes.all()].filter(([, home]) => home.role === role).map(([t]) => t);
    let count = 0;
    for (const type of types) count += await this.#reader.count(type, context.signal);
    if (early) {
      for (const type of await presentTypes(ofRole('process'), this.#reader, context.signal)) {
        count += await this.#reader.count(type, context.signal);
      }
    }
    found.others(count);
    const tied = await presentTypes(ofRole('columnLineage'), this.#reader, context.signal);
    found.columnLineage(tied.size > 0);
  }

  /** Tables with their places and some of their attributes, page by page; nothing around them is told. */
  async *placedTables(attributes: readonly string[]): AsyncGenerator<PlacedTable> {
    const { registry, context } = this.#parts;
    const { assets } = await this.#present();
    const shaped = new Map([...assets].filter(([type]) => registry.tableShape(type) !== undefined));
    const tables = byFamily(shaped, 'table');
    const holders = await this.#holders(tables);
    for (const [family, types] of tables) {
      const held = holders.get(family)!;
      for (const type of held.servesNone ? [] : types) {
        const shape = registry.tableShape(type)!;
        const wanted = registry.common([type], [shape.db, 'name_path', ...attributes]);
        const query = { types: [type], attributes: wanted, pageSize: tablesPerPage };
        for await (const page of this.#reader.pages(query, 1, context.signal)) {
          reportProblem(page, 'table', type, context);
          for (const entity of page.entities) {
            const [db] = related(entity, shape.db);
            const around = db && held.path(db.guid);
            if (entity.status === 'DELETED' || !around || around.length < 2) continue;
            yield { path: tablePath(entity, family, around), entity };
          }
        }
      }
    }
  }

  /** Whether entities of a type are among what is read. */
  covers(type: string): boolean {
    const { selection, homes, registry } = this.#parts;
    return !registry.has(type) || isCovered(type, selection, homes);
  }

  close(): void {
    this.#spool.close();
  }

  /** Glossaries, and from then on the places of their terms; where reading them fails, those of earlier runs. */
  async *#vocabularies(reads: boolean): AsyncIterable<SourceRecord> {
    const { options, registry, context } = this.#parts;
    if (!options.glossaries) return;
    const places = new GlossaryPlaces(context.memory);
    registry.termPath = (guid) => places.placeOf(guid)?.path;
    if (!reads || options.glossaries === 'remembered') return;
    const contents = await readGlossaries(this.#reader, context);
    if (!contents) return;
    places.settle(contents);
    yield* glossaryRecords(contents, places, registry);
  }

  /** What of the selection has entities: of a few types all are taken to have some. */
  async #present(): Promise<Pick<Selection, 'assets' | 'homeless'>> {
    const { selection, homes, context } = this.#parts;
    const { assets, homeless } = selection;
    if (assets.size + homeless.size <= fewTypes) return selection;
    const holders = [...homes.all()].filter(([, { role }]) => role === 'holder');
    const asked = [...assets.keys(), ...homeless.keys(), ...holders.map(([type]) => type)];
    const present = await presentTypes(asked, this.#reader, context.signal);
    const held = new Set(holders.filter(([type]) => present.has(type)).map(([, { family }]) => family));
    return {
      // What holds tables is told also where it holds none.
      assets: new Map(
        [...assets].filter(([type, { kind, family }]) => present.has(type) || (kind === 'table' && held.has(family))),
      ),
      homeless: new Map([...homeless].filter(([type]) => present.has(type))),
    };
  }

  async #holders(tables: ReadonlyMap<Family, string[]>): Promise<ReadonlyMap<Family, Holders>> {
    const { registry, context, services, options } = this.#parts;
    const { mode, targetNames } = options;
    const holding: HoldersOptions = {
      reader: this.#reader,
      mapping: { registry },
      context,
      services,
      mode,
      targetNames,
    };
    const found = new Map<Family, Holders>();
    for (const [family, types] of tables) {
      const shapes = types.map((type) => registry.tableShape(type)).filter((shape) => shape !== undefined);
      const innermost = [...new Set(shapes.map(({ dbType }) => dbType))];
      found.set(family, await readHolders(family, innermost, holding));
    }
    return found;
  }

  async *#tables(types: readonly string[], holders: Holders): AsyncIterable<SourceRecord> {
    const { registry, context, options } = this.#parts;
    const { part } = options;
    for (const type of types) {
      const shape = registry.tableShape(type);
      if (!shape) continue;
      if (holders.servesNone) {
        if (part?.kind !== 'assets') await reportUnserved(type, holders.family, this.#reader, context);
        continue;
      }
      if (part?.kind === 'around') {
        await findTables(shape, holders, { reader: this.#reader, mapping: { registry }, context }, part.found);
        continue;
      }
      const given = part?.kind === 'assets' ? new GivenTables(this.#reader, part.tables) : undefined;
      yield* readTables(shape, {
        reader: given ?? this.#reader,
        mapping: { registry },
        spool: this.#spool,
        lineage: this.#lineage,
        context,
        columnsBySearchLimit: options.columnsBySearchLimit ?? 100_000,
        holders,
      });
    }
  }
}
