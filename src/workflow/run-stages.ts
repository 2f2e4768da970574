import type { LoadedRecipe } from '../config/load-recipe.ts';
import type { Source, SourceIssue } from '../connectors/source.ts';
import { GuardError } from '../errors.ts';
import {
  type AssetKind,
  isAsset,
  isServiceKind,
  type RecordKind,
  type ServiceRecord,
  type SourceRecord,
} from '../model/records.ts';
import { assetFqn } from '../reconcile/target-naming.ts';
import type { StateStore } from '../state/state-store.ts';
import { AssetStage } from './asset-stage.ts';
import { DeletionStage } from './deletion-stage.ts';
import { DroppedParts } from './dropped-parts.ts';
import { edgeEnd, LineageStage } from './lineage-stage.ts';
import { PipelineRunStage } from './pipeline-run-stage.ts';
import { FilterProcessor } from './processors/filter-processor.ts';
import { Filtered, type Processor } from './processors/processor.ts';
import type { Progress } from './progress.ts';
import { PropertyStage } from './property-stage.ts';
import { countAssetsRead, emptyStage } from './report.ts';
import type { RunContext } from './run-context.ts';
import type { ServiceStage } from './service-stage.ts';
import type { SourceNotes } from './source-notes.ts';
import { TermRelationStage } from './term-relation-stage.ts';
import type { VocabularyStage } from './vocabulary-stage.ts';

export interface StagesInput {
  readonly recipe: LoadedRecipe;
  /** Percent that may go of a kind, for this run only. */
  readonly allowDeletes?: number;
  /** Told of everything that will be deleted before anything is; only with `allowDeletes`. */
  readonly onDeletion?: (kind: AssetKind | 'lineage', name: string) => void;
  readonly context: RunContext;
  readonly source: Source;
  readonly notes: SourceNotes;
  readonly processors: readonly Processor[];
  readonly services: ServiceStage;
  readonly vocabulary: VocabularyStage;
  readonly onProgress: (progress: Progress) => void;
}

const progressEveryMs = 100;
/** Meta key of when a run last came to its end. */
const finishedKey = 'run.finished';

/**
 * Runs the source's records through the processors and into the stages, in the source's order. Kinds are barriers:
 * what depends on an earlier kind starts when that is written.
 */
export class RunStages {
  readonly #input: StagesInput;
  readonly #properties: PropertyStage;
  readonly #assets: AssetStage;
  readonly #dropped: DroppedParts;
  readonly #lineage: LineageStage;
  readonly #relations: TermRelationStage;
  readonly #runs: PipelineRunStage;
  readonly #startedAt = Date.now();
  /** What earlier stages have used. */
  #booked = { requests: 0, at: Date.now() };
  #lastProgress = 0;
  #kind: RecordKind | undefined;
  readonly #totals = new Map<RecordKind, number>();

  constructor(input: StagesInput) {
    this.#input = input;
    const { context, recipe } = input;
    const maxShare = input.allowDeletes ?? recipe.settings.maxDeleteShare;
    this.#properties = new PropertyStage(context);
    this.#dropped = new DroppedParts(context, maxShare, input.source);
    this.#assets = new AssetStage(context, this.#properties, this.#dropped);
    this.#lineage = new LineageStage(context);
    this.#relations = new TermRelationStage(context);
    this.#runs = new PipelineRunStage(context);
  }

  /** Everything, from the first record to the last deletion. */
  async run(): Promise<void> {
    const firstRun = await isFirstRun(this.#input.context.state);
    await this.read();
    await this.conclude(firstRun);
  }

  /** Takes the source's records, all that it gives. */
  async read(): Promise<void> {
    try {
      await this.#read();
    } finally {
      // Also of a run that was stopped or has failed the report tells where its time went.
      this.#book();
    }
  }

  /** The end of a run: what is gone at the source, and what the next run needs to know. */
  async conclude(firstRun: boolean): Promise<void> {
    const { context } = this.#input;
    await this.#deletions(firstRun);
    await this.#dropped.remember();
    await context.state.setMeta(finishedKey, context.part?.startedAt ?? context.report.startedAt);
    this.#progress('finishing', true);
  }

  /** Assets that wait until all that would lose parts are known. */
  get dropped(): DroppedParts {
    return this.#dropped;
  }

  async #read(): Promise<void> {
    const { context, source, notes: memory } = this.#input;
    const records = source.records({
      signal: context.signal,
      memory,
      report: (issue) => this.#issue(issue),
      progress: (kind, read, total) => {
        if (total !== undefined) this.#totals.set(kind, total);
        if (read === 0) this.#reading(kind);
      },
    });
    let read = 0;
    for await (const record of records) {
      context.signal.throwIfAborted();
      await memory.save();
      read += 1;
      if (record.kind !== this.#kind && !isAside(record)) {
        await this.#endStage();
        this.#kind = record.kind;
      }
      await this.#handle(record);
      // The first record proves that the source let us in, and (it is a service) that the target has a place for it.
      if (read === 1) await this.#metadataService();
      this.#progress(record.kind === 'lineage' ? 'lineage' : 'writing');
    }
    await memory.save();
    await this.#endStage();
  }

  /** The source’s own service that the recipe names, as people see it in OpenMetadata; a file has no address to be shown. */
  async #metadataService(): Promise<void> {
    const { serviceName, connection, source } = this.#input.recipe.settings;
    const { part } = this.#input.context;
    const shown = source.connector.metadataService?.(connection);
    if (!shown || (part && part.work !== 'around')) return;
    await this.#input.services.ensureMetadataService(serviceName, source.spec.type, shown);
  }

  /** What the source no longer has, behind the guards. */
  async #deletions(firstRun: boolean): Promise<void> {
    const { context, source, recipe, allowDeletes, onDeletion } = this.#input;
    const { settings } = recipe;
    const filter = new FilterProcessor(settings);
    const stage = new DeletionStage(
      context,
      {
        source,
        firstRun,
        markDeleted: settings.markDeleted,
        maxSharePercent: allowDeletes ?? settings.maxDeleteShare,
        inScope: (kind, path) => filter.covers(kind, path) && this.#input.services.has(kind, path[0]!),
        announce: (kind, name) => onDeletion?.(kind, name),
      },
      // Of changes there may be none: then nothing that is read proves nothing.
      Math.max(countAssetsRead(context.report), context.lazy ? 1 : 0),
    );
    await stage.run();
  }

  /** Waits for the writes of the stage that ends. */
  async #endStage(): Promise<void> {
    await this.#assets.flush();
    // Of a part of the assets nobody can say whether too many parts would go in all.
    if (this.#input.context.part?.work !== 'assets') {
      await this.#dropped.settle((record, settled) => this.#assets.handle(record, settled));
      await this.#assets.flush();
    }
    await this.#lineage.flush();
    await this.#input.context.pool.drain();
    this.#book();
  }

  /** Books the requests and the time since the last stage on the one that ends. */
  #book(): void {
    const { context, source } = this.#input;
    const requests = source.requestCount() + context.target.requestCount();
    const now = Date.now();
    const stage = this.#kind && this.#kind !== 'gone' ? context.report.stages[this.#kind] : undefined;
    if (stage) {
      stage.requests += requests - this.#booked.requests;
      stage.seconds += (now - this.#booked.at) / 1000;
    }
    this.#booked = { requests, at: now };
  }

  async #handle(record: SourceRecord): Promise<void> {
    const { services, vocabulary, context } = this.#input;
    switch (record.kind) {
      case 'customProperty': {
        const definition = await this.#process(record);
        if (definition?.kind === 'customProperty') this.#properties.handle(definition);
        return;
      }
      case 'gone':
        return context.scratch.addGone(record.provenance.id);
      default: {
        if (!(isService(record) && services.isAdopted(record))) this.#count(record.kind);
        const processed = await this.#process(record);
        if (!processed) return;
        if (processed.kind === 'tag') return vocabulary.handle(processed);
        if (isService(processed)) return services.handle(processed);
        if (processed.kind === 'lineage') return this.#lineage.handle(processed);
        if (processed.kind === 'termRelation') return this.#relations.handle(processed);
        if (processed.kind === 'pipelineRun') return this.#runs.handle(processed);
        if (isAsset(processed)) {
          await services.ready(processed);
          this.#dropped.count(processed);
          return this.#assets.handle(processed);
        }
      }
    }
  }

  #count(kind: RecordKind): void {
    if (kind === 'gone') return;
    const { stages } = this.#input.context.report;
    const stage = stages[kind] ?? emptyStage();
    stages[kind] = stage;
    stage.read += 1;
  }

  async #process(record: SourceRecord): Promise<SourceRecord | undefined> {
    const { context, processors } = this.#input;
    let current = record;
    for (const processor of processors) {
      try {
        const next = await processor.process(current);
        if (next === undefined || next instanceof Filtered) {
          this.#filtered(current, next?.reason ?? `dropped by ${processor.name}`);
          return undefined;
        }
        current = next;
      } catch (error) {
        this.#markPartial(record.kind);
        this.#see(record, 'failed');
        context.failed('processor', nameOf(record), error);
        const stage = context.report.stages[record.kind as 'table'];
        if (stage) stage.failed += 1;
        return undefined;
      }
    }
    return current;
  }

  #filtered(record: SourceRecord, _reason: string): void {
    const stage = this.#input.context.report.stages[record.kind as 'table'];
    if (stage) stage.filtered += 1;
    this.#see(record, 'kept-out');
  }

  /** What the source has is not gone, whatever becomes of it in this run. */
  #see(record: SourceRecord, how: 'kept-out' | 'failed'): void {
    const { scratch, desired } = this.#input.context;
    const { naming } = desired;
    if (record.kind === 'lineage') scratch.seeEdge(edgeEnd(record.from, naming), edgeEnd(record.to, naming), how);
    else if (isAsset(record)) scratch.see(record.kind, assetFqn(record, naming), how);
  }

  #issue(issue: SourceIssue): void {
    const { context } = this.#input;
    if (issue.outcome === 'skipped') {
      context.skipped(issue.reason, issue.message, issue.name, issue.count ?? 1);
      return;
    }
    this.#markPartial(issue.kind);
    context.failed('source', issue.name, new GuardError(`source.${issue.reason}`, issue.message));
  }

  #markPartial(kind: RecordKind): void {
    const { partial } = this.#input.context.report;
    if (!partial.includes(kind)) partial.push(kind);
  }

  /** Much may have to be read before the first of a kind can be told. */
  #reading(kind: RecordKind): void {
    this.#progress('reading', false, kind);
  }

  #progress(stage: Progress['stage'], always = false, of = this.#kind): void {
    const now = Date.now();
    if (!always && now - this.#lastProgress < progressEveryMs) return;
    this.#lastProgress = now;
    const { report } = this.#input.context;
    const kind = of === 'gone' ? undefined : of;
    const counts = (kind && report.stages[kind]) ?? emptyStage();
    const total = kind && this.#totals.get(kind);
    const all = Object.values(report.stages);
    const sum = (key: 'created' | 'updated' | 'unchanged' | 'failed'): number =>
      all.reduce((n, other) => n + other[key], 0);
    this.#input.onProgress({
      stage,
      ...(kind && { entityType: kind }),
      done: counts.read,
      ...(total !== undefined && { total }),
      created: sum('created'),
      updated: sum('updated'),
      unchanged: sum('unchanged'),
      failed: report.failureCount,
      elapsedSeconds: (now - this.#startedAt) / 1000,
    });
  }
}

/** Whether no run has come to its end before. */
export async function isFirstRun(state: StateStore): Promise<boolean> {
  return (await state.getMeta(finishedKey)) === undefined;
}

/** Told between assets, before the first that needs it, and written at once: it ends no stage. */
function isAside(record: SourceRecord): boolean {
  return record.kind === 'customProperty' || (record.kind === 'tag' && record.vocabulary === 'label');
}

function isService(record: SourceRecord): record is ServiceRecord {
  return isServiceKind(record.kind);
}

function nameOf(record: SourceRecord): string {
  return 'provenance' in record ? record.provenance.qualifiedName : record.path.join('.');
}
