const numbers = { SIGINT: 2, SIGTERM: 15 } as const;
type StopSignal = keyof typeof numbers;

export interface StopSignals {
  /** Exit code of the signal that came: 130 or 143. */
  readonly exitCode: number | undefined;
  /** Stops listening. */
  release(): void;
}

/**
 * Ends a run cleanly on Ctrl-C or SIGTERM. A second signal ends the process at once.
 *
 * @param stop called once, with the first signal
 */
export function onStopSignals(stop: (signal: StopSignal) => void): StopSignals {
  let exitCode: number | undefined;
  const listener = (signal: StopSignal): void => {
    if (exitCode !== undefined) process.exit(exitCode);
    exitCode = 128 + numbers[signal];
    stop(signal);
  };
  process.on('SIGINT', listener).on('SIGTERM', listener);
  return {
    get exitCode() {
      return exitCode;
    },
    release: () => {
      process.off('SIGINT', listener).off('SIGTERM', listener);
    },
  };
}
