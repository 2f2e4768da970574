import { createHash } from 'node:crypto';
import type { NamePath, SourceRecord } from '../../../model/records.ts';
import type { ReadingPart } from '../../reading-part.ts';
import type {
  GoneCandidate,
  Presence,
  ReadScope,
  ScopeOutcome,
  Source,
  SourceCheck,
  SourceContext,
  SourceMemory,
} from '../../source.ts';
import type { AtlasReader } from '../atlas-reader.ts';
import type { TypeDefs } from '../atlas-types.ts';
import { TypeRegistry } from '../type-registry.ts';
import { AssignmentNotes } from './assignment-notes.ts';
import { NotedReader } from './noted-reader.ts';
import { ReadChanges } from './read-changes.ts';

export interface NarrowingOptions {
  /** The mapping over a reader. With `remembered` it does not read glossaries, since nothing of them has changed. */
  readonly map: (reader: AtlasReader, glossaries?: 'remembered') => Source;
  /** Whether terms are carried. */
  readonly glossaries: boolean;
}

/** Types that the last run without a failure knew. */
const typesKey = 'types';
/** Types that the last run knew that read everything to its end. */
const typesReadKey = 'types.read';

/**
 * Puts the reading of changes before the mapping, which does not know of it: it is given a small Atlas that holds what
 * has changed, and what surrounds it. See ReadChanges.
 */
export class NarrowingSource implements Source {
  readonly #reader: NotedReader;
  readonly #options: NarrowingOptions;
  /** The mapping of the whole, also for questions about single entities. */
  readonly #whole: Source;
  #reading: Source;
  #changes: ReadChanges | undefined;
  #part: ReadingPart | undefined;

  constructor(reader: AtlasReader, options: NarrowingOptions) {
    this.#reader = new NotedReader(reader);
    this.#options = options;
    this.#whole = options.map(this.#reader);
    this.#reading = this.#whole;
  }

  get emits(): Source['emits'] {
    return this.#whole.emits;
  }

  get version(): string | undefined {
    return this.#reading.version;
  }

  get clock(): number | undefined {
    return this.#reader.clock;
  }

  test(signal: AbortSignal): AsyncIterable<SourceCheck> {
    return this.#whole.test(signal);
  }

  async narrow(scope: ReadScope, memory: SourceMemory, signal: AbortSignal): Promise<ScopeOutcome> {
    await this.#reader.version(signal);
    const defs = await this.#reader.typeDefs(signal);
    const key = scope.kind === 'entities' ? typesReadKey : typesKey;
    if (memory.get(key) !== fingerprint(defs)) {
      return { kept: false, reason: 'the type definitions of the source have changed' };
    }
    const registry = new TypeRegistry(defs);
    const changes = new ReadChanges(this.#reader, registry);
    try {
      const types = registry.names().filter((name) => this.#matters(name));
      const why = await changes.find(scope, types, signal);
      if (why !== undefined) {
        changes.close();
        return { kept: false, reason: why };
      }
      if (this.#options.glossaries && scope.kind === 'changedSince') {
        this.#reader.notes = new AssignmentNotes(memory);
        await this.#reader.keepGlossaries(signal);
        changes.add(this.#reader.notes.changed());
      }
    } catch (error) {
      changes.close();
      throw error;
    }
    this.#changes = changes;
    return { kept: true };
  }

  async countTables(signal: AbortSignal): Promise<number> {
    return (await this.#whole.countTables?.(signal)) ?? 0;
  }

  readOnly(part: ReadingPart): void {
    this.#part = part;
    this.#whole.readOnly?.(part);
  }

  async *records(context: SourceContext): AsyncGenerator<SourceRecord> {
    const changes = this.#changes;
    if (changes) {
      const reader = await changes.read(context.signal);
      // Atlas' feed never tells of a glossary: of certain entities, a batch of it, no glossary need be read.
      this.#reading = this.#options.map(reader, this.#reader.notes ? undefined : 'remembered');
      for await (const record of this.#reading.records(context)) if (changes.concerns(record)) yield record;
      yield* changes.gone();
      return;
    }
    this.#reader.notes ??= new AssignmentNotes(context.memory);
    yield* this.#whole.records(context);
    // The part that reads the vocabularies leaves what the next run rests on.
    if (this.#part && this.#part.kind !== 'around') return;
    const types = fingerprint(await this.#reader.typeDefs(context.signal));
    context.memory.set(typesReadKey, types);
    context.memory.setAfterSuccess(typesKey, types);
  }

  covers(typeName: string, path: NamePath): boolean {
    // The recipe is that of the last full run, and what is told as deleted is told by its id.
    return this.#changes !== undefined || (this.#whole.covers?.(typeName, path) ?? true);
  }

  async confirmGone(candidates: readonly GoneCandidate[], signal: AbortSignal): Promise<readonly Presence[]> {
    return this.#whole.confirmGone?.(candidates, signal) ?? candidates.map(() => 'unknown');
  }

  async liveParts(ids: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, readonly string[]>> {
    return this.#whole.liveParts?.(ids, signal) ?? new Map();
  }

  requestCount(): number {
    return this.#reader.requestCount;
  }

  async close(): Promise<void> {
    this.#changes?.close();
    await this.#whole.close();
  }

  /** Types whose changes can show in a record. */
  #matters(type: string): boolean {
    if (type.startsWith('__') || type === 'AtlasServer') return false;
    return this.#options.glossaries || !type.startsWith('AtlasGlossary');
  }
}

/** Changes whenever a type does: each definition has a version and a time. */
function fingerprint(defs: TypeDefs): string {
  const parts = Object.values(defs as Readonly<Record<string, unknown>>)
    .flatMap((list) => (Array.isArray(list) ? (list as readonly Readonly<Record<string, unknown>>[]) : []))
    .map(({ name, version, updateTime }) => `${String(name)} ${String(version)} ${String(updateTime)}`);
  return createHash('sha256').update(parts.sort().join('\n')).digest('hex');
}
