/**
 * What stands between "the source no longer shows it" and a deletion. Listings fail in silence, users lose rights, filters
 * change: absence alone proves nothing. The guards are asked in this order, and the first that objects decides.
 */
export type Guard = 'first-run' | 'failures' | 'empty-output' | 'partial' | 'out-of-scope' | 'share' | 'unconfirmed';

/** What a run knows about itself when its source is read to the end. */
export interface RunFacts {
  /** Nothing was remembered of an earlier run: there is nothing that could be missed. */
  readonly firstRun: boolean;
  /** Failures in source, processors and sink. */
  readonly failures: number;
  /** Assets that the source showed. */
  readonly read: number;
  /** Kinds that were not read whole. */
  readonly partial: ReadonlySet<string>;
  /** Highest share of a kind that may go, in percent of what the last run knew. */
  readonly maxSharePercent: number;
}

/** The candidates of one kind, those out of scope already taken away. */
export interface Candidates {
  /** Such as `table` or `lineage`. */
  readonly kind: string;
  /** How many would go. */
  readonly count: number;
  /** How many the last run knew alive. */
  readonly previous: number;
}

/**
 * The guard that keeps a kind's candidates from being deleted; undefined when none of these objects. (Scope is asked before,
 * and the source itself after: both are asked for each candidate.)
 */
export function objectingGuard(facts: RunFacts, { kind, count, previous }: Candidates): Guard | undefined {
  if (facts.firstRun) return 'first-run';
  if (facts.failures > 0) return 'failures';
  if (facts.read === 0) return 'empty-output';
  if (facts.partial.has(kind)) return 'partial';
  // Edges are only known where both ends were read whole.
  if (kind === 'lineage' && facts.partial.has('table')) return 'partial';
  if (sharePercent({ count, previous }) > facts.maxSharePercent) return 'share';
  return undefined;
}

/** Share of what would go, in percent of what was there; everything counts as 100 where nothing was known. */
export function sharePercent({ count, previous }: Pick<Candidates, 'count' | 'previous'>): number {
  return previous === 0 ? (count > 0 ? 100 : 0) : (100 * count) / previous;
}

/** The share that would have to be allowed, where that is what a guard objects to. */
export function shareOf(guard: Guard, candidates: Pick<Candidates, 'count' | 'previous'>): { readonly share?: number } {
  return guard === 'share' ? { share: sharePercent(candidates) } : {};
}

/** True for guards that a user must hear of: the run ends with an exit code of its own. */
export function needsAttention(guard: Guard): boolean {
  return guard === 'share' || guard === 'unconfirmed';
}

/** Why nothing is deleted, for the plan and the report. */
export function guardReason(guard: Guard, facts: RunFacts, candidates: Candidates): string {
  switch (guard) {
    case 'first-run':
      return 'not deleted: this is a first run';
    case 'failures':
      return 'not deleted: something failed in this run';
    case 'empty-output':
      return 'not deleted: the source showed nothing at all';
    case 'partial':
      return 'not deleted: the source was not read whole';
    case 'out-of-scope':
      return 'not deleted: outside of what this recipe reads';
    case 'share': {
      const share = sharePercent(candidates);
      return `not deleted: ${share.toFixed(share < 10 ? 1 : 0)} % would go, at most ${facts.maxSharePercent} % may`;
    }
    case 'unconfirmed':
      return 'not deleted: asked for by its id, the source did not confirm that it is gone';
  }
}
