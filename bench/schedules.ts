import { fork, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunRecord } from '../src/engine/run-history.ts';
import { median } from './measure.ts';
import { row } from './results.ts';
import type { EngineWord } from './schedules-engine.ts';

const minuteMs = 60_000;
/** How long the runs of the last minute may take to end. */
const patienceMs = 2 * minuteMs;

/**
 * Many pipelines, each due every minute, on the embedded engine: how late they are queued, and how long it takes until
 * the process of each is there, against as many bare `node -e 0` on the same machine.
 */
export async function measureSchedules({ pipelines, minutes }: { pipelines: number; minutes: number }): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), 'meridian-bench-schedules-'));
  const bare = [await bareStarts(pipelines), await bareStarts(pipelines)];
  const child = fork(join(import.meta.dirname, 'schedules-engine.ts'), [home, String(pipelines)]);
  const closed = new Promise((resolve) => child.once('exit', resolve));
  const runs = new Map<string, RunRecord>();
  try {
    await new Promise<void>((resolve) => {
      child.on('message', (word: EngineWord) => {
        if (word.type === 'run') runs.set(word.run.runId, word.run);
        else {
          row(
            'engine, idle: memory in MB, processor in %',
            `${word.megabytes.toFixed(0)}, ${word.processorPercent.toFixed(1)}`,
          );
          resolve();
        }
      });
    });
    // Enabled in the midst of a minute, so that the first one is a whole one.
    await sleep(minuteMs - (Date.now() % minuteMs) + minuteMs / 2);
    child.send('go');
    await sleep(minutes * minuteMs);
    child.send('pause');
    const giveUpAt = Date.now() + patienceMs;
    while (Date.now() < giveUpAt && [...runs.values()].some(({ endedAt }) => !endedAt)) await sleep(500);
    child.send('close');
    await closed;
    bare.push(await bareStarts(pipelines), await bareStarts(pipelines));
    // What had not ended by then was stopped with the engine, and stands in its queue once more.
    report(
      [...runs.values()].filter(({ trigger }) => trigger !== 'retry'),
      bare,
      pipelines,
    );
  } finally {
    child.kill('SIGKILL');
    rmSync(home, { recursive: true, force: true });
  }
}

function report(runs: readonly RunRecord[], bare: readonly number[], pipelines: number): void {
  const lateness = runs
    .map(({ queuedAt, logicalDate }) => Date.parse(queuedAt) - Date.parse(logicalDate!))
    .sort((a, b) => a - b);
  row('runs queued', String(runs.length));
  row(
    'queued within 1 s of their time, %',
    ((100 * lateness.filter((ms) => ms <= 1000).length) / runs.length).toFixed(1),
  );
  row('lateness at 50, 95, 100 %, in ms', [0.5, 0.95, 1].map((share) => at(lateness, share)).join(', '));
  row(`${pipelines} × node -e 0: seconds`, bare.map((seconds) => seconds.toFixed(1)).join(', '));
  const allStarted: number[] = [];
  for (const [minute, each] of Map.groupBy(runs, ({ logicalDate }) => logicalDate!)) {
    const since = Date.parse(minute);
    const last = (key: 'startedAt' | 'endedAt'): number =>
      Math.max(...each.map((run) => Date.parse(run[key] ?? '') || Number.POSITIVE_INFINITY)) / 1000 - since / 1000;
    allStarted.push(last('startedAt'));
    row(
      `${minute.slice(11, 16)}: runs, all started, all ended after s`,
      `${each.length}, ${last('startedAt').toFixed(1)}, ${last('endedAt').toFixed(1)}`,
    );
  }
  row('all started ÷ bare (median of minutes, best of bare)', (median(allStarted) / Math.min(...bare)).toFixed(2));
  row('all started ÷ bare (medians)', (median(allStarted) / median([...bare])).toFixed(2));
}

function at(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}

/** Seconds until so many bare processes have been started, eight at a time, and have ended. */
async function bareStarts(count: number): Promise<number> {
  const started = performance.now();
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) {
      next += 1;
      await new Promise((resolve) => spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' }).once('exit', resolve));
    }
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  return (performance.now() - started) / 1000;
}
