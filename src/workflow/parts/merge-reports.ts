import { emptyStage, type RunReport, type StageCounts } from '../report.ts';

const shownFailures = 100;
const shownNames = 10;

/** Adds what one process of a run has done to the report of the whole. */
export function addReport(whole: RunReport, part: RunReport): void {
  for (const [kind, counts] of Object.entries(part.stages)) {
    whole.stages[kind as 'table'] = added(whole.stages[kind as 'table'] ?? emptyStage(), counts);
  }
  whole.failures.push(...part.failures.slice(0, Math.max(0, shownFailures - whole.failures.length)));
  whole.failureCount += part.failureCount;
  for (const { reason, message, count, samples } of part.skipped) {
    let group = whole.skipped.find((other) => other.reason === reason);
    if (!group) {
      group = { reason, message, count: 0, samples: [] };
      whole.skipped.push(group);
    }
    group.count += count;
    group.samples.push(...samples.slice(0, Math.max(0, shownNames - group.samples.length)));
  }
  for (const kind of part.partial) if (!whole.partial.includes(kind)) whole.partial.push(kind);
  whole.guards.push(...part.guards);
  for (const warning of part.warnings) if (!whole.warnings.includes(warning)) whole.warnings.push(warning);
  whole.source.requests += part.source.requests;
  whole.target.requests += part.target.requests;
  whole.target.version ??= part.target.version!;
  if (part.deadLetters !== undefined) whole.deadLetters ??= part.deadLetters;
}

/** Counts add up; processes that worked at once took the time of the longest. */
function added(a: StageCounts, b: StageCounts): StageCounts {
  const sums = Object.keys(a).map((key) => [key, a[key as 'read'] + b[key as 'read']] as const);
  return { ...(Object.fromEntries(sums) as unknown as StageCounts), seconds: Math.max(a.seconds, b.seconds) };
}
