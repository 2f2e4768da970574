import type { LoadedRecipe } from '../config/load-recipe.ts';
import { createSource } from '../connectors/create-source.ts';
import { RecordCounter, type RecordsLine, recordsFormat, recordsVersion } from '../connectors/file/records-file.ts';
import type { Source, SourceIssue } from '../connectors/source.ts';
import { isAsset, type RecordKind, type SourceRecord } from '../model/records.ts';
import { openState } from '../state/open-state.ts';
import { statePlaceOf } from './identity.ts';
import { LateTarget } from './late-target.ts';
import { createProcessors } from './processors/create-processors.ts';
import { Filtered, type Processor } from './processors/processor.ts';
import { SourceNotes } from './source-notes.ts';

export interface ExportOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  /** Takes one line, its newline included. */
  readonly write: (line: string) => Promise<void>;
  readonly onProgress?: (progress: ExportProgress) => void;
}

export interface ExportProgress {
  readonly kind: RecordKind;
  /** Records of the kind so far. */
  readonly done: number;
  readonly total?: number;
}

export interface ExportSummary {
  /** How many records of each kind were written. */
  readonly records: Readonly<Record<string, number>>;
  readonly assets: number;
  /** Kept out by the recipe's filters, or dropped by its module. */
  readonly filtered: number;
  /** How often the source or a processor failed at something; what was written is then partial. */
  readonly failed: number;
  readonly partial: readonly string[];
}

/** Secrets as short as words are no more than words in a record; longer ones never stand there by chance. */
const longerThanWords = 8;

/**
 * Runs a recipe's source and processors, and writes what comes of them as lines (docs/records-file.md). The target is
 * asked only where the recipe enriches: the names then follow from what it holds. Nothing is remembered.
 *
 * @throws AuthenticationError, ConnectionError, ConfigurationError; what was written until then has no last line
 */
export async function exportRecords(recipe: LoadedRecipe, options: ExportOptions): Promise<ExportSummary> {
  const { settings } = recipe;
  const { redactor } = recipe;
  const redact = (text: string): string => redactor.redact(text);
  const learn = (secret: string): void => redactor.learn(secret);
  const opened: (() => unknown)[] = [];
  try {
    const processors = await createProcessors(settings);
    const target = new LateTarget(recipe, options.signal);
    opened.push(() => target.close());
    const { store } = await openState(statePlaceOf(recipe, options.env), 'rehearse');
    opened.push(() => store.close());
    const memory = await SourceNotes.read(store);
    const source = await createSource(settings, { redact, learn, targetNames: target });
    opened.push(() => source.close());
    return await new Export(recipe, source, processors, options).run(memory);
  } finally {
    for (const release of opened.reverse()) await release();
  }
}

/** One export from beginning to end. */
class Export {
  readonly #recipe: LoadedRecipe;
  readonly #source: Source;
  readonly #processors: readonly Processor[];
  readonly #options: ExportOptions;
  readonly #counter = new RecordCounter();
  readonly #partial = new Set<string>();
  readonly #totals = new Map<RecordKind, number>();
  readonly #done = new Map<RecordKind, number>();
  /** Told while a record is on its way: written before it. */
  readonly #issues: SourceIssue[] = [];
  #assets = 0;
  #filtered = 0;
  #failed = 0;
  #begun = false;

  constructor(recipe: LoadedRecipe, source: Source, processors: readonly Processor[], options: ExportOptions) {
    this.#recipe = recipe;
    this.#source = source;
    this.#processors = processors;
    this.#options = options;
  }

  async run(memory: SourceNotes): Promise<ExportSummary> {
    const { signal, onProgress } = this.#options;
    const records = this.#source.records({
      signal,
      memory,
      report: (issue) => this.#issues.push(issue),
      progress: (kind, _read, total) => {
        if (total !== undefined) this.#totals.set(kind, total);
      },
    });
    for await (const record of records) {
      signal.throwIfAborted();
      await this.#begin();
      const processed = await this.#process(record);
      await this.#writeIssues();
      if (processed) await this.#record(processed);
      const total = this.#totals.get(record.kind);
      const done = (this.#done.get(record.kind) ?? 0) + 1;
      this.#done.set(record.kind, done);
      onProgress?.({ kind: record.kind, done, ...(total !== undefined && { total }) });
    }
    signal.throwIfAborted();
    await this.#begin();
    await this.#writeIssues();
    const counts = this.#counter.counts();
    await this.#line({ end: counts });
    return {
      records: counts.records,
      assets: this.#assets,
      filtered: this.#filtered,
      failed: this.#failed,
      partial: [...this.#partial],
    };
  }

  /** The header waits for the first record: the source knows its own version then. */
  async #begin(): Promise<void> {
    if (this.#begun) return;
    this.#begun = true;
    const { sourceType, sourceHost } = this.#recipe.settings;
    const { version } = this.#source;
    await this.#line({
      format: recordsFormat,
      version: recordsVersion,
      exportedAt: new Date().toISOString(),
      source: { type: sourceType, host: sourceHost, ...(version !== undefined && { version }) },
    });
  }

  async #process(record: SourceRecord): Promise<SourceRecord | undefined> {
    let current = record;
    for (const processor of this.#processors) {
      try {
        const next = await processor.process(current);
        if (next === undefined || next instanceof Filtered) {
          this.#filtered += 1;
          return undefined;
        }
        current = next;
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        const { kind } = record;
        this.#issues.push({ outcome: 'failed', kind, reason: 'processor-failed', name: nameOf(record), message });
        return undefined;
      }
    }
    return current;
  }

  async #writeIssues(): Promise<void> {
    for (const issue of this.#issues.splice(0)) {
      if (issue.outcome === 'failed') {
        this.#failed += 1;
        this.#partial.add(issue.kind);
      }
      this.#counter.issue();
      await this.#line({ issue });
    }
  }

  async #record(record: SourceRecord): Promise<void> {
    if (isAsset(record)) this.#assets += 1;
    this.#counter.record(record.kind);
    await this.#line(record);
  }

  #line(line: RecordsLine): Promise<void> {
    return this.#options.write(`${JSON.stringify(this.#recipe.redactor.redactValue(line, longerThanWords))}\n`);
  }
}

function nameOf(record: SourceRecord): string {
  return 'provenance' in record ? record.provenance.qualifiedName : record.path.join('.');
}
