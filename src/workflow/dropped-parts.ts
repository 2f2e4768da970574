import type { AssetRecord } from '../model/records.ts';
import { sharePercent } from '../reconcile/deletion-guards.ts';
import type { AssetWork } from './asset-work.ts';
import type { RunContext } from './run-context.ts';

/** Meta key of how many parts (columns, fields …) the last full run read. */
const countKey = 'count.parts';

/**
 * Assets that would lose columns or other parts wait here until their kind was read: then the source is asked for each by
 * its id, and all the losses together must stay under the share that may go, as deletions must.
 */
export class DroppedParts {
  readonly #context: RunContext;
  readonly #maxSharePercent: number;
  readonly #reread: (record: AssetRecord) => Promise<AssetRecord | undefined>;
  #read = 0;
  #dropped = 0;

  /**
   * @param reread the source's own last look at one asset, processed as its records are; undefined where it cannot tell
   */
  constructor(
    context: RunContext,
    maxSharePercent: number,
    reread: (record: AssetRecord) => Promise<AssetRecord | undefined>,
  ) {
    this.#context = context;
    this.#maxSharePercent = maxSharePercent;
    this.#reread = reread;
  }

  /** Counts what the source shows. */
  count(record: AssetRecord): void {
    if (record.kind === 'table' || record.kind === 'container') this.#read += record.columns?.length ?? 0;
    if (record.kind === 'topic') this.#read += record.schemaFields?.length ?? 0;
  }

  hold(work: AssetWork, parts: readonly string[]): void {
    this.#dropped += parts.length;
    this.#context.scratch.defer(work.record);
  }

  /** Hands every waiting record over again, with what was decided about its parts. */
  async settle(
    handle: (record: AssetRecord, settled: { readonly keepParts: boolean }) => Promise<void>,
  ): Promise<void> {
    if (this.#dropped === 0) return;
    const { state, scratch, signal, report } = this.#context;
    const known = Number((await state.getMeta(countKey)) ?? 0);
    const previous = Math.max(known, this.#read + this.#dropped);
    const keepParts = sharePercent({ count: this.#dropped, previous }) > this.#maxSharePercent;
    if (keepParts) {
      report.guards.push({
        guard: 'share',
        entityType: 'table',
        count: this.#dropped,
        message: `${this.#dropped} of ${previous} columns would go, at most ${this.#maxSharePercent} % may: they stay`,
      });
    }
    this.#dropped = 0;
    for (const record of scratch.takeDeferred()) {
      signal.throwIfAborted();
      const fresh = keepParts ? undefined : await this.#reread(record);
      await handle(fresh ?? record, { keepParts });
    }
  }

  /** Remembers how many parts there are, for the share of the next run. */
  async remember(): Promise<void> {
    if (!this.#context.lazy) await this.#context.state.setMeta(countKey, String(this.#read));
  }
}
