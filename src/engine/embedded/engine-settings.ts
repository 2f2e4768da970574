import { availableParallelism, totalmem } from 'node:os';

/** What an embedded engine may be told; `engineSettings` fills in the rest. */
export interface EngineSettings {
  /** Runs at once, of all pipelines. By default what half of the memory has room for, and four for each core, from 2 to 32. */
  readonly maxRuns: number;
  /** Megabytes of heap that a run may have (`--max-old-space-size`). */
  readonly memoryMegabytes: number;
  /** Seconds from asking a run to stop (SIGTERM) until it is ended (SIGKILL). */
  readonly stopGraceSeconds: number;
  /** Ended runs that are kept of each pipeline, with their logs. */
  readonly keepRuns: number;
  /** Days that ended runs are kept. */
  readonly keepDays: number;
  /** Bytes of log that are kept of a run, about: of a longer one its beginning and its end. */
  readonly logBytes: number;
  /** How often a run is tried again whose process was lost with the server, beside its own retries. */
  readonly maxLosses: number;
  /** Processes that may be starting at once. */
  readonly startsAtOnce: number;
  /** Processes that may be loading Meridian's code at once, once they are there. */
  readonly loadsAtOnce: number;
}

/** What a run takes, heap and all. */
const megabytesOfARun = 256;
const megabyte = 1024 * 1024;

export function engineSettings(given: Partial<EngineSettings> = {}): EngineSettings {
  const cores = availableParallelism();
  return {
    maxRuns: Math.max(2, Math.min(32, 4 * cores, Math.floor(memory() / 2 / megabytesOfARun / megabyte))),
    memoryMegabytes: 1024,
    stopGraceSeconds: 10,
    keepRuns: 200,
    keepDays: 90,
    logBytes: 64 * megabyte,
    maxLosses: 3,
    startsAtOnce: 4 * cores,
    loadsAtOnce: 2 * cores,
    ...given,
  };
}

/** Bytes that a container may have, or the machine has. */
function memory(): number {
  const limit = process.constrainedMemory();
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
}
