import type { FaultKind, FaultRule } from '../../sandbox/faults.ts';
import type { Draws } from './draws.ts';

/** What a run may meet and live through, mostly. */
const passing: readonly FaultKind[] = ['latency', '429', '500', '503', 'drop', 'drop-after', 'half'];
/** What ends a run, or makes it incomplete. */
const grave: readonly FaultKind[] = ['html', 'expired-token', 'login-page', '409'];

/** Some faults of one server for one run: a few requests hit here and there, sometimes one kind of request always. */
export function randomFaults(draws: Draws): FaultRule[] {
  return Array.from({ length: draws.between(1, 3) }, () => randomRule(draws));
}

function randomRule(draws: Draws): FaultRule {
  const kind = draws.chance(0.15) ? draws.pick(grave) : draws.pick(passing);
  const match = draws.pick([undefined, '^GET', '^(PUT|PATCH|POST)', '^PUT .*/tables', 'search', 'lineage', 'v1/t']);
  return {
    kind,
    ...(match !== undefined && { match }),
    ...(kind === 'latency' && { ms: draws.between(1, 30) }),
    ...(kind === '429' && { retryAfter: draws.between(0, 1) }),
    after: draws.chance(0.5) ? 0 : draws.between(1, 40),
    // Either now and then, or a burst that no retry outlasts.
    ...(draws.chance(0.8) ? { probability: draws.pick([0.05, 0.15, 0.4]) } : { times: draws.between(1, 30) }),
    seed: draws.between(1, 1_000_000),
  };
}
