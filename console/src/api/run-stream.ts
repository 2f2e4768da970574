import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { RunEvent, RunRecord } from '../../../src/server/console-api/console-types.ts';
import { ProgressRate } from '../../../src/workflow/progress-rate.ts';
import { LogBuffer } from './log-buffer.ts';
import { eventsAddress, isEnded } from './runs.ts';

export type RunProgress = Extract<RunEvent, { type: 'progress' }>['progress'];

export interface RunStream {
  /** The newest state that was told. */
  readonly run: RunRecord | undefined;
  readonly progress: RunProgress | undefined;
  /** Entities a second of the kind that is worked on; undefined until there is enough to tell. */
  readonly rate: number | undefined;
  readonly log: LogBuffer;
  /** True while the connection is broken; the browser takes it up again. */
  readonly lost: boolean;
}

/** Follows a run by server-sent events, from its beginning; of an ended one they are its whole log. */
export function useRunStream(runId: string): RunStream {
  const queryClient = useQueryClient();
  const [log, setLog] = useState(() => new LogBuffer());
  const [run, setRun] = useState<RunRecord>();
  const [progress, setProgress] = useState<RunProgress>();
  const [rate, setRate] = useState<number>();
  const [lost, setLost] = useState(false);
  useEffect(() => {
    const buffer = new LogBuffer();
    const rates = new ProgressRate();
    setLog(buffer);
    setRun(undefined);
    setProgress(undefined);
    const events = new EventSource(eventsAddress(runId));
    const on = <T extends RunEvent['type']>(type: T, take: (event: Extract<RunEvent, { type: T }>) => void): void =>
      events.addEventListener(type, ({ data }: MessageEvent<string>) => take(JSON.parse(data)));
    events.addEventListener('open', () => setLost(false));
    events.addEventListener('error', () => setLost(events.readyState !== EventSource.CLOSED));
    events.addEventListener('end', () => events.close());
    on('log', ({ text }) => buffer.add(text));
    on('progress', (event) => {
      rates.add(event.progress, event.progress.elapsedSeconds * 1000);
      setProgress(event.progress);
      setRate(rates.of(event.progress));
    });
    on('state', (event) => {
      setRun(event.run);
      // The report and what was refused are there with the end, and lists show the state.
      if (isEnded(event.run)) {
        void queryClient.invalidateQueries({ queryKey: ['runs', runId] });
        void queryClient.invalidateQueries({ queryKey: ['pipelines'] });
      }
    });
    return () => events.close();
  }, [runId, queryClient]);
  return { run, progress, rate, log, lost };
}
