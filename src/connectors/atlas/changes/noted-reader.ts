import type { AtlasReader, GlossaryReading } from '../atlas-reader.ts';
import type { AtlasTerm, BulkAnswer, TypeDefs } from '../atlas-types.ts';
import type { Page, SearchQuery } from '../search-pages.ts';
import type { AssignmentNotes } from './assignment-notes.ts';

/** Asks the server once for what the finding of changes and the mapping both need, and takes note of assignments. */
export class NotedReader implements AtlasReader {
  readonly #reader: AtlasReader;
  #version: Promise<string> | undefined;
  #typeDefs: Promise<TypeDefs> | undefined;
  #glossaries: Promise<readonly GlossaryReading[]> | undefined;
  /** Set before glossaries are read. */
  notes: AssignmentNotes | undefined;

  constructor(reader: AtlasReader) {
    this.#reader = reader;
  }

  get holdsAll(): boolean {
    return this.#reader.holdsAll;
  }

  get firstStep(): string {
    return this.#reader.firstStep;
  }

  get requestCount(): number {
    return this.#reader.requestCount;
  }

  get clock(): number | undefined {
    return this.#reader.clock;
  }

  version(signal: AbortSignal): Promise<string> {
    this.#version ??= this.#reader.version(signal);
    return this.#version;
  }

  typeDefs(signal: AbortSignal): Promise<TypeDefs> {
    this.#typeDefs ??= this.#reader.typeDefs(signal);
    return this.#typeDefs;
  }

  count(type: string, signal: AbortSignal): Promise<number> {
    return this.#reader.count(type, signal);
  }

  pages(query: SearchQuery, ahead: number, signal: AbortSignal): AsyncGenerator<Page> {
    return this.#reader.pages(query, ahead, signal);
  }

  bulk(guids: readonly string[], signal: AbortSignal): Promise<BulkAnswer> {
    return this.#reader.bulk(guids, signal);
  }

  /** Reads the glossaries now and keeps them, so that they need not be asked for again. */
  async keepGlossaries(signal: AbortSignal): Promise<void> {
    this.#glossaries ??= collected(this.#noted(signal));
    await this.#glossaries;
  }

  async *glossaries(signal: AbortSignal): AsyncGenerator<GlossaryReading> {
    if (!this.#glossaries) {
      yield* this.#noted(signal);
      return;
    }
    yield* await this.#glossaries;
  }

  close(): Promise<void> {
    return this.#reader.close();
  }

  #noted(signal: AbortSignal): AsyncGenerator<GlossaryReading> {
    const readings = this.#reader.glossaries(signal);
    return this.notes ? this.notes.passing(readings) : readings;
  }
}

async function collected(readings: AsyncIterable<GlossaryReading>): Promise<readonly GlossaryReading[]> {
  const kept: GlossaryReading[] = [];
  for await (const { glossary, categories, terms } of readings) {
    const all: AtlasTerm[] = [];
    for await (const term of terms) all.push(term);
    kept.push({ glossary, categories, terms: iterated(all) });
  }
  return kept;
}

function iterated<T>(items: readonly T[]): AsyncIterable<T> {
  return {
    async *[Symbol.asyncIterator]() {
      yield* items;
    },
  };
}
