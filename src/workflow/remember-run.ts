import type { ResolvedSettings } from '../config/resolve-settings.ts';
import type { Source } from '../connectors/source.ts';
import { leaveBase, leaveMark, type Reading, type ReadingWish } from './choose-reading.ts';
import type { RunReport } from './report.ts';
import type { RunContext } from './run-context.ts';

export interface RunEnd {
  readonly report: RunReport;
  readonly settings: ResolvedSettings;
  readonly context: RunContext;
  readonly reading: Reading;
  readonly wish: ReadingWish | undefined;
  /** Its clock tells when the run began to read. */
  readonly source: Pick<Source, 'clock'>;
  /** Saves what the source wants remembered of a run without any failure. */
  readonly saveNotes: () => Promise<void>;
}

/** What the next incremental run rests on: only a run that has done all of its work may leave it. */
export async function rememberRun({
  report,
  settings,
  context,
  reading,
  wish,
  source,
  saveNotes,
}: RunEnd): Promise<void> {
  const { state, failureCount, partial, guards } = report;
  if (context.baseLost || state === 'failed' || partial.length > 0) return;
  const { target, state: store } = context;
  if (reading.kind === 'full') await leaveBase({ settings, targetVersion: target.version, state: store });
  if (state !== 'success' || failureCount > 0 || guards.length > 0) return;
  await saveNotes();
  const now = Date.now();
  await leaveMark({ wish, settings, targetVersion: target.version, source, state: store, now }, reading);
}
