import type { Source } from '../connectors/source.ts';
import type { AssetRecord } from '../model/records.ts';
import { sharePercent } from '../reconcile/deletion-guards.ts';
import { columnKey } from '../reconcile/merge-columns.ts';
import type { AssetWork } from './asset-work.ts';
import type { RunContext } from './run-context.ts';

/** Meta key of how many parts (columns, fields …) the last full run read. */
const countKey = 'count.parts';
/** Assets asked for at once. */
const chunk = 100;

/** An asset that would lose parts, and their names at the target. */
export interface Waiting {
  readonly record: AssetRecord;
  readonly dropped: readonly string[];
}

type Handle = (record: AssetRecord, settled: { readonly keepParts: boolean }) => Promise<void>;

/**
 * Assets that would lose columns or other parts wait here until their kind was read: then the source is asked for each by
 * its id, and all the losses together must stay under the share that may go, as deletions must.
 */
export class DroppedParts {
  readonly #context: RunContext;
  readonly #maxSharePercent: number;
  readonly #source: Source;
  #read = 0;
  #dropped = 0;

  constructor(context: RunContext, maxSharePercent: number, source: Source) {
    this.#context = context;
    this.#maxSharePercent = maxSharePercent;
    this.#source = source;
  }

  /** Counts what the source shows. */
  count(record: AssetRecord): void {
    if (record.kind === 'table' || record.kind === 'container') this.#read += record.columns?.length ?? 0;
    if (record.kind === 'topic') this.#read += record.schemaFields?.length ?? 0;
  }

  hold(work: AssetWork, dropped: readonly string[]): void {
    this.#dropped += dropped.length;
    this.#context.scratch.defer({ record: work.record, dropped } satisfies Waiting);
  }

  /** How many parts were read. */
  get read(): number {
    return this.#read;
  }

  /** What waits, for the process that decides about all of a run's; it waits here no more. */
  held(): Iterable<Waiting> {
    this.#dropped = 0;
    return this.#context.scratch.takeDeferred<Waiting>();
  }

  /** Takes what waits in another process of the run. */
  adopt(waiting: Waiting): void {
    this.#dropped += waiting.dropped.length;
    this.#context.scratch.defer(waiting);
  }

  /** Counts what another process of the run has read. */
  addRead(parts: number): void {
    this.#read += parts;
  }

  /** Hands every waiting record over again, with what was decided about its parts. */
  async settle(handle: Handle): Promise<void> {
    if (this.#dropped === 0) return;
    const { state, scratch } = this.#context;
    const known = Number((await state.getMeta(countKey)) ?? 0);
    const previous = Math.max(known, this.#read + this.#dropped);
    const tooMany = sharePercent({ count: this.#dropped, previous }) > this.#maxSharePercent;
    if (tooMany) {
      const share = sharePercent({ count: this.#dropped, previous });
      const message = `${this.#dropped} of ${previous} columns would go, at most ${this.#maxSharePercent} % may: they stay`;
      this.#context.report.guards.push({ guard: 'share', entityType: 'table', count: this.#dropped, message, share });
    }
    this.#dropped = 0;
    let batch: Waiting[] = [];
    for (const waiting of scratch.takeDeferred<Waiting>()) {
      batch.push(waiting);
      if (batch.length < chunk) continue;
      await this.#settleBatch(batch, tooMany, handle);
      batch = [];
    }
    await this.#settleBatch(batch, tooMany, handle);
  }

  /** Remembers how many parts there are, for the share of the next run. */
  async remember(): Promise<void> {
    if (!this.#context.lazy) await this.#context.state.setMeta(countKey, String(this.#read));
  }

  async #settleBatch(batch: readonly Waiting[], tooMany: boolean, handle: Handle): Promise<void> {
    const { signal, report } = this.#context;
    signal.throwIfAborted();
    const ids = batch.map(({ record }) => record.provenance.id);
    const live = tooMany || ids.length === 0 ? undefined : await this.#source.liveParts?.(ids, signal);
    for (const { record, dropped } of batch) {
      const confirmed = !live || this.#areGone(dropped, live.get(record.provenance.id));
      if (!confirmed) {
        const message = `${record.provenance.qualifiedName}: asked for by its id, the source did not confirm that they are gone`;
        report.guards.push({ guard: 'unconfirmed', entityType: 'table', count: dropped.length, message });
      }
      await handle(record, { keepParts: tooMany || !confirmed });
    }
  }

  /** Names at the target against names at the source. */
  #areGone(dropped: readonly string[], live: readonly string[] | undefined): boolean {
    if (!live) return false;
    const { naming } = this.#context.desired;
    const names = new Set(live.map((name) => columnKey(naming.column(name).name)));
    return dropped.every((name) => !names.has(columnKey(name)));
  }
}
