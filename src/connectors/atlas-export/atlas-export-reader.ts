import type { AtlasReader, GlossaryReading } from '../atlas/atlas-reader.ts';
import type { AtlasEntity, BulkAnswer, TypeDefs } from '../atlas/atlas-types.ts';
import type { Page, PageProblem, SearchQuery } from '../atlas/search-pages.ts';
import { EntityIndex } from './entity-index.ts';
import { exportedGlossaries } from './export-glossaries.ts';
import { toHeader } from './export-header.ts';
import { type ExportInfo, readExport } from './read-export.ts';
import type { ZipLimits } from './zip-entries.ts';

/** Each is read in full for its header: a table of many columns has some hundred thousand bytes. */
const rowsPerPage = 250;

const notWhole: PageProblem = {
  outcome: 'failed',
  reason: 'partial-answer',
  message: 'Apache Atlas could not export everything that was asked of it, as the export itself says',
};

/** A ZIP of Atlas' export API, read as a server is: opened with the first question, closed with the run. */
export class AtlasExportReader implements AtlasReader {
  readonly holdsAll = false;
  readonly firstStep = 'open the export';
  readonly requestCount = 0;
  readonly #path: string;
  readonly #limits: ZipLimits | undefined;
  #opened: Promise<{ readonly index: EntityIndex; readonly info: ExportInfo }> | undefined;

  constructor(path: string, limits?: ZipLimits) {
    this.#path = path;
    this.#limits = limits;
  }

  #open(signal: AbortSignal): Promise<{ readonly index: EntityIndex; readonly info: ExportInfo }> {
    this.#opened ??= openExport(this.#path, signal, this.#limits);
    return this.#opened;
  }

  /** An export does not tell its server's version: its day stands for it. */
  async version(signal: AbortSignal): Promise<string> {
    const { exportedAt } = (await this.#open(signal)).info;
    return exportedAt === undefined ? 'export' : `export of ${new Date(exportedAt).toISOString().slice(0, 10)}`;
  }

  async typeDefs(signal: AbortSignal): Promise<TypeDefs> {
    return (await this.#open(signal)).info.typeDefs;
  }

  async count(type: string, signal: AbortSignal): Promise<number> {
    return (await this.#open(signal)).index.count(type);
  }

  async *pages(query: SearchQuery, _ahead: number, signal: AbortSignal): AsyncGenerator<Page> {
    const { index, info } = await this.#open(signal);
    const total = query.types.reduce((sum, type) => sum + index.count(type), 0);
    const size = Math.min(query.pageSize ?? rowsPerPage, rowsPerPage);
    for (const type of query.types) {
      for (const entities of index.pages(type, size)) {
        signal.throwIfAborted();
        yield { entities: entities.map((entity) => toHeader(entity, query.attributes)), total };
      }
    }
    if (!info.whole && query.types.length > 0) yield { entities: [], total, problem: notWhole };
  }

  async bulk(guids: readonly string[], signal: AbortSignal): Promise<BulkAnswer> {
    const { index } = await this.#open(signal);
    const entities = guids.map((guid) => index.get(guid)).filter((entity) => entity !== undefined);
    const referredEntities: Record<string, AtlasEntity> = {};
    for (const guid of entities.flatMap((entity) => index.referredBy(entity.guid))) {
      const entity = index.get(guid);
      if (entity) referredEntities[guid] = entity;
    }
    return { entities, referredEntities };
  }

  async *glossaries(signal: AbortSignal): AsyncGenerator<GlossaryReading> {
    yield* exportedGlossaries((await this.#open(signal)).index);
  }

  async close(): Promise<void> {
    const opened = await this.#opened?.catch(() => undefined);
    opened?.index.close();
  }
}

async function openExport(path: string, signal: AbortSignal, limits: ZipLimits | undefined) {
  const index = new EntityIndex();
  try {
    return { index, info: await readExport(path, index, signal, limits) };
  } catch (error) {
    index.close();
    throw error;
  }
}
