import { setTimeout as sleep } from 'node:timers/promises';
import { processStart } from './process-identity.ts';

const lookEveryMs = 50;

/**
 * Makes sure that a process of an earlier server is gone: it ends by itself when its server does; one that does not is asked
 * to, and killed in the end.
 *
 * @param start as `processStart` told it; a process with another start is somebody else's and left alone
 */
export async function endOrphan(processId: number, start: string | undefined, graceMs: number): Promise<void> {
  const isThere = async (): Promise<boolean> => start !== undefined && (await processStart(processId)) === start;
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    if (!(await isThere())) return;
    try {
      process.kill(processId, signal);
    } catch {
      return;
    }
    const giveUpAt = performance.now() + graceMs;
    while (performance.now() < giveUpAt && (await isThere())) await sleep(lookEveryMs);
  }
}
