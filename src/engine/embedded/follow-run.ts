import { once } from 'node:events';
import type { Progress } from '../../workflow/progress.ts';
import type { RunEvent, RunRecord } from '../run-history.ts';
import type { RunEvents } from './run-events.ts';
import type { RunLog } from './run-log.ts';

/** How often a log that grows is looked at. */
const lookEveryMs = 200;

export interface FollowOptions {
  readonly runId: string;
  /** Position in the log. */
  readonly from: number;
  readonly log: RunLog;
  readonly events: RunEvents;
  readonly run: () => RunRecord | undefined;
  readonly progress: () => Progress | undefined;
  readonly signal: AbortSignal | undefined;
}

/** What a run does, from what has been to its end. Log lines come from the disk: what was shown once is there to stay. */
export async function* followRun(options: FollowOptions): AsyncGenerator<RunEvent, void, undefined> {
  const { runId, log, events, signal } = options;
  let position = options.from;
  let shownState = '';
  let shownProgress: Progress | undefined;
  const wake = new EventTarget();
  const off = events.onRun(runId, () => wake.dispatchEvent(new Event('news')));
  try {
    while (!signal?.aborted) {
      // Asked before the log is read: of a run that has ended, the log has ended too.
      const run = options.run();
      const ended = run === undefined || run.endedAt !== undefined;
      if (run && run.state !== shownState && !ended) {
        shownState = run.state;
        yield { type: 'state', run };
      }
      for (let piece = log.lines(position); piece.end > position; piece = log.lines(position)) {
        position = piece.end;
        if (piece.text !== '') yield { type: 'log', text: piece.text, after: String(position) };
        if (signal?.aborted) return;
      }
      const progress = options.progress();
      if (progress && progress !== shownProgress) {
        shownProgress = progress;
        yield { type: 'progress', progress };
      }
      if (ended) {
        if (run) yield { type: 'state', run };
        return;
      }
      await news(wake, signal);
    }
  } finally {
    off();
  }
}

/** Until something is told, the time comes to look at the log again, or nobody listens any more. */
async function news(wake: EventTarget, signal: AbortSignal | undefined): Promise<void> {
  const look = AbortSignal.timeout(lookEveryMs);
  const enough = signal ? AbortSignal.any([look, signal]) : look;
  await once(wake, 'news', { signal: enough }).catch(() => undefined);
}
