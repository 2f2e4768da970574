import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { RunReport } from '../../workflow/report.ts';
import { countsOf } from '../run-counts.ts';
import type { RunCounts } from '../run-history.ts';

/** What the process of a run leaves as its last act; missing when it was killed. */
export interface RunOutcome {
  readonly exitCode: number;
  /** Why it failed, secrets masked. */
  readonly reason?: string;
  /** It ended because the server had gone. */
  readonly orphaned: boolean;
}

/** The folder of one run. */
export class RunFiles {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  get reportFile(): string {
    return join(this.folder, 'report.json');
  }

  get deadLettersFile(): string {
    return join(this.folder, 'dead-letters.jsonl');
  }

  get changesFile(): string {
    return join(this.folder, 'changes.jsonl');
  }

  get outcomeFile(): string {
    return join(this.folder, 'outcome.json');
  }

  report(): RunReport | undefined {
    return readJson(this.reportFile) as RunReport | undefined;
  }

  outcome(): RunOutcome | undefined {
    return readJson(this.outcomeFile) as RunOutcome | undefined;
  }

  /** Sums over the report; undefined without one. */
  counts(): RunCounts | undefined {
    const report = this.report();
    if (!report) return undefined;
    return countsOf(report, countLines(this.deadLettersFile));
  }

  /** Whole lines; nothing where there is no such file. A line that is still being written is left out. */
  async *lines(file: string): AsyncIterable<string> {
    if (!existsSync(file)) return;
    for await (const line of createInterface({ input: createReadStream(file, 'utf8'), crlfDelay: 0 })) {
      if (line !== '') yield line;
    }
  }
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    // Not there, or its process was killed while it wrote.
    return undefined;
  }
}

function countLines(file: string): number {
  if (!existsSync(file)) return 0;
  let lines = 0;
  for (const byte of readFileSync(file)) if (byte === 10) lines += 1;
  return lines;
}
