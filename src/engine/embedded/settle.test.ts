import { expect, it } from 'vitest';
import { type RunRemains, settle } from './settle.ts';

const finished = (exitCode: number, reason?: string): RunRemains['outcome'] => ({
  exitCode,
  orphaned: false,
  ...(reason !== undefined && { reason }),
});

function remains(what: Partial<RunRemains>): RunRemains {
  return { outcome: undefined, report: undefined, timeoutSeconds: 60, memoryMegabytes: 512, ...what };
}

const exit = (code: number | null, signal: NodeJS.Signals | null = null) => ({ code, signal });

it.each<[string, Partial<RunRemains>, string, RegExp | undefined, string]>([
  ['all went well', { exit: exit(0), outcome: finished(0), report: { state: 'success' } }, 'success', undefined, 'no'],
  [
    'some failed',
    { exit: exit(0), outcome: finished(0), report: { state: 'partialSuccess' } },
    'partialSuccess',
    undefined,
    'no',
  ],
  [
    'too much failed',
    { exit: exit(1), outcome: finished(1, 'Too much.'), report: { state: 'failed' } },
    'failed',
    /^Too much\.$/,
    'no',
  ],
  ['the recipe is wrong', { exit: exit(2), outcome: finished(2, 'No.') }, 'failed', /^No\.$/, 'no'],
  [
    'a guard objected',
    { exit: exit(4), outcome: finished(4, 'A guard.'), report: { state: 'success' } },
    'partialSuccess',
    /guard/,
    'no',
  ],
  [
    'it was stopped',
    { exit: exit(143), outcome: finished(143), report: { state: 'stopped' }, endedBy: 'request' },
    'stopped',
    /request/,
    'no',
  ],
  [
    'it was stopped before it had begun',
    { exit: exit(null, 'SIGTERM'), endedBy: 'request' },
    'stopped',
    /request/,
    'no',
  ],
  [
    'who stopped it came too late',
    { exit: exit(0), outcome: finished(0), report: { state: 'success' }, endedBy: 'request' },
    'success',
    undefined,
    'no',
  ],
  ['it took too long', { exit: exit(null, 'SIGKILL'), endedBy: 'timeout' }, 'failed', /60 s/, 'no'],
  [
    'the server was shut down',
    { exit: exit(143), outcome: finished(143), report: { state: 'stopped' }, endedBy: 'shutdown' },
    'failed',
    /shut down/,
    'shutdown',
  ],
  ['the server died, and nothing is left', {}, 'failed', /died/, 'crash'],
  [
    'the server died, and the run noticed',
    { outcome: { exitCode: 143, orphaned: true }, report: { state: 'stopped' } },
    'failed',
    /died/,
    'crash',
  ],
  [
    'the server died right after the run had ended',
    { outcome: finished(0), report: { state: 'success' } },
    'success',
    undefined,
    'no',
  ],
  ['it was killed', { exit: exit(null, 'SIGKILL') }, 'failed', /SIGKILL/, 'no'],
  ['its heap was full', { exit: exit(null, 'SIGABRT') }, 'failed', /512 MB/, 'no'],
  ['there was no process', { exit: exit(null), spawnError: 'spawn EAGAIN' }, 'failed', /EAGAIN/, 'no'],
])('%s', (_, what, state, reason, lost) => {
  const settled = settle(remains(what));
  expect(settled).toMatchObject({ state, lost });
  if (reason) expect(settled.reason).toMatch(reason);
  else expect(settled.reason).toBeUndefined();
});
