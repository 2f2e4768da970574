import { setTimeout as sleep } from 'node:timers/promises';
import { releaseHeldLocks } from '../state/run-lock.ts';

const numbers = { SIGINT: 2, SIGTERM: 15 } as const;
type StopSignal = keyof typeof numbers;
const patienceMs = 2000;

export interface StopSignals {
  /** Exit code of the signal that came: 130 or 143. */
  readonly exitCode: number | undefined;
  /** Stops listening. */
  release(): void;
}

/**
 * Ends a run cleanly on Ctrl-C or SIGTERM. A second signal ends the process at once, but for
 * letting go of the pipeline's lock; a third does not wait for that either.
 *
 * @param stop called once, with the first signal
 */
export function onStopSignals(stop: (signal: StopSignal) => void): StopSignals {
  let exitCode: number | undefined;
  let signals = 0;
  const listener = (signal: StopSignal): void => {
    signals += 1;
    if (signals === 1) {
      exitCode = 128 + numbers[signal];
      stop(signal);
    } else if (signals === 2) {
      void Promise.race([releaseHeldLocks(), sleep(patienceMs)]).finally(() => process.exit(exitCode));
    } else process.exit(exitCode);
  };
  process.on('SIGINT', listener).on('SIGTERM', listener);
  return {
    get exitCode() {
      return exitCode;
    },
    release: () => {
      // Once a signal came, the process is about to end: another one must not change its exit code.
      if (exitCode === undefined) process.off('SIGINT', listener).off('SIGTERM', listener);
    },
  };
}
