import { bulkSize } from './atlas-client.ts';
import type { AtlasReader, GlossaryReading } from './atlas-reader.ts';
import type { AtlasEntity, BulkAnswer, TypeDefs } from './atlas-types.ts';
import { searchRow } from './changes/search-row.ts';
import type { Page, SearchQuery } from './search-pages.ts';

/** Bulk requests under way at once, as when tables are read after a search. */
const bulksAhead = 2;

/**
 * An Atlas in which a search for tables finds those of a list. Each is read in full once, a hundred a request, and what came
 * with it is at hand when the mapping asks for it in full.
 */
export class GivenTables implements AtlasReader {
  readonly holdsAll: boolean;
  readonly #reader: AtlasReader;
  readonly #tables: (type: string) => AsyncIterable<readonly string[]>;
  /** The last answers, by the guids of their tables. */
  readonly #answers = new Map<string, BulkAnswer>();

  /** @param tables guids of the tables of a type, some at a time */
  constructor(reader: AtlasReader, tables: (type: string) => AsyncIterable<readonly string[]>) {
    this.#reader = reader;
    this.#tables = tables;
    this.holdsAll = reader.holdsAll;
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

  /** Of columns, which nobody can search for by their tables: too many, so that they are taken from the tables. */
  async count(): Promise<number> {
    return Number.MAX_SAFE_INTEGER;
  }

  async *pages(query: SearchQuery, _ahead: number, signal: AbortSignal): AsyncGenerator<Page> {
    const queue: { guids: readonly string[]; answer: Promise<BulkAnswer> }[] = [];
    let failedBefore = true;
    const page = async (): Promise<Page> => {
      const { guids, answer } = queue.shift()!;
      try {
        const read = await answer;
        failedBefore = false;
        const rows = (read.entities ?? []).map((entity) => searchRow(entity, query.attributes));
        for (const { guid } of rows) this.#answers.set(guid, read);
        return { entities: inOrder(rows, guids), total: undefined };
      } catch (error) {
        signal.throwIfAborted();
        // The first one, or two in a row: that is no partial answer but a failure.
        if (failedBefore) throw error;
        failedBefore = true;
        const reason = error instanceof Error ? error.message : String(error);
        const message = `${guids.length} tables could not be read: ${reason}`;
        return { entities: [], total: undefined, problem: { outcome: 'failed', reason: 'partial-answer', message } };
      }
    };
    for (const type of query.types) {
      for await (const guids of batches(this.#tables(type))) {
        const answer = this.#reader.bulk(guids, signal);
        answer.catch(() => undefined);
        queue.push({ guids, answer });
        if (queue.length >= bulksAhead) yield await this.#only(page());
      }
    }
    while (queue.length > 0) yield await this.#only(page());
  }

  async bulk(guids: readonly string[], signal: AbortSignal): Promise<BulkAnswer> {
    const here = new Set(guids.map((guid) => this.#answers.get(guid)).filter((answer) => answer !== undefined));
    const missing = guids.filter((guid) => !this.#answers.has(guid));
    const answers = [...here, ...(missing.length > 0 ? [await this.#reader.bulk(missing, signal)] : [])];
    const asked = new Set(guids);
    return {
      entities: answers.flatMap(({ entities = [] }) => entities.filter(({ guid }) => asked.has(guid))),
      referredEntities: Object.assign({}, ...answers.map(({ referredEntities = {} }) => referredEntities)),
    };
  }

  glossaries(signal: AbortSignal): AsyncGenerator<GlossaryReading> {
    return this.#reader.glossaries(signal);
  }

  /** The server is its maker's to close. */
  async close(): Promise<void> {}

  /** Keeps what belongs to one page only: the one before was used when the next is asked for. */
  #only(page: Promise<Page>): Promise<Page> {
    this.#answers.clear();
    return page;
  }
}

async function* batches(lists: AsyncIterable<readonly string[]>): AsyncGenerator<readonly string[]> {
  for await (const list of lists) {
    for (let i = 0; i < list.length; i += bulkSize) yield list.slice(i, i + bulkSize);
  }
}

/** In the order of the list: of two of one name the first one keeps it, whoever answers. */
function inOrder(rows: readonly AtlasEntity[], guids: readonly string[]): AtlasEntity[] {
  const byGuid = new Map(rows.map((row) => [row.guid, row]));
  return guids.map((guid) => byGuid.get(guid)).filter((row) => row !== undefined);
}
