import { appendFileSync, renameSync, writeFileSync } from 'node:fs';
import { exitCodeOf } from '../../cli/render-error.ts';
import { noteError, runCli } from '../../cli/run-cli.ts';
import { Terminal } from '../../cli/terminal.ts';
import { MeridianError } from '../../errors.ts';
import type { Progress } from '../../workflow/progress.ts';
import type { RunOutcome } from './run-files.ts';
import { RunLogWriter } from './run-log-writer.ts';

/** What the server tells the process of a run, beside the recipe on standard input. */
export interface RunJob {
  /** The first line of the log. */
  readonly title: string;
  /** A command line of `meridian`, without secrets. */
  readonly argv: readonly string[];
  readonly folder: string;
  readonly logBytes: number;
  readonly outcomeFile: string;
  /** Where standard output goes; into the log unless set. */
  readonly dataFile?: string;
}

/** What the process tells the server. */
export type RunMessage = { readonly type: 'up' } | { readonly type: 'progress'; readonly progress: Progress };

const progressEveryMs = 250;
/** How long a run may take to close what it has open once the server has gone. */
const orphanGraceMs = 10_000;

/** Runs one command as the process of a run: its words go to the log, its last act is its outcome. */
export async function runJob({ title, argv, folder, logBytes, outcomeFile, dataFile }: RunJob): Promise<void> {
  const log = new RunLogWriter(folder, logBytes);
  log.write(`${title}\n`);
  let reason: string | undefined;
  let orphaned = false;
  let done = false;
  let toldAt = 0;
  const terminal: Terminal = new Terminal({
    stdout: streamTo(dataFile === undefined ? (text) => log.write(text) : (text) => appendFileSync(dataFile, text)),
    stderr: streamTo((text) => log.write(text)),
    env: process.env,
    observer: {
      progress: (progress) => {
        if (Date.now() - toldAt < progressEveryMs) return;
        toldAt = Date.now();
        tell({ type: 'progress', progress });
      },
      error: (error) => {
        reason = terminal.redact(textOf(error));
      },
    },
  });
  process.on('exit', (exitCode) => {
    log.end();
    const alone = orphaned || (!done && !process.connected);
    const outcome: RunOutcome = { exitCode, orphaned: alone, ...(reason !== undefined && { reason }) };
    writeFileSync(`${outcomeFile}.new`, JSON.stringify(outcome), { mode: 0o600 });
    renameSync(`${outcomeFile}.new`, outcomeFile);
  });
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error: unknown) => {
      noteError(error, terminal);
      process.exit(exitCodeOf(error));
    });
  }
  if (process.report) process.report.excludeEnv = true;
  process.once('disconnect', () => {
    if (done) return;
    orphaned = true;
    log.write('The server has gone; this run ends.\n');
    // As if somebody had asked it to stop: what is under way is closed.
    if (!process.emit('SIGTERM', 'SIGTERM')) process.exit(143);
    setTimeout(() => process.exit(143), orphanGraceMs).unref();
  });
  // The server is to be heard, not waited for.
  process.channel?.unref();
  process.exitCode = await runCli(argv, terminal);
  done = true;
  if (process.connected) process.disconnect();
}

function tell(message: RunMessage): void {
  // What cannot be told since the server has just died is no failure of the run: “disconnect” follows.
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
}

function streamTo(write: (text: string) => void) {
  return {
    write: (text: string, done?: (error?: Error | null) => void): boolean => {
      write(text);
      done?.();
      return true;
    },
  };
}

function textOf(error: unknown): string {
  if (error instanceof MeridianError) return error.message;
  return `Something unexpected happened: ${error instanceof Error ? error.message : String(error)}`;
}
