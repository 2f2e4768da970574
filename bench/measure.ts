import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '..');

/** Linux counts processor time in these parts of a second. */
const clockTicks = 100;

export interface Measured {
  readonly exitCode: number;
  /** Seconds of the whole process. */
  readonly seconds: number;
  /** Seconds of processor time of all its threads; what others do on the same cores hardly changes it. */
  readonly processorSeconds: number;
  /** Highest resident memory of the process, in MB; 0 where the system does not tell. */
  readonly peakMb: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command and measures the whole process from outside. What it says on its error output is shown, too. */
export async function measure(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  input = '',
): Promise<Measured> {
  const started = performance.now();
  const child = spawn(process.execPath, args, { cwd: root, env: { ...process.env, ...env } });
  child.stdin.end(input);
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
    process.stderr.write(chunk);
  });
  let peakMb = 0;
  let processor = 0;
  const look = (): void => {
    // Both only ever grow: the last look tells the most.
    peakMb = Math.max(peakMb, highestMark(child.pid));
    processor = Math.max(processor, processorSeconds(child.pid));
  };
  const timer = setInterval(look, 20);
  const end = endsWithUs(child);
  const exitCode = await new Promise<number>((resolve) => child.on('close', (code) => resolve(code ?? -1)));
  clearInterval(timer);
  process.off('exit', end);
  const seconds = (performance.now() - started) / 1000;
  return { exitCode, seconds, processorSeconds: processor, peakMb, stdout, stderr };
}

/** Highest resident memory of a process so far, in MB. */
function highestMark(pid: number | undefined): number {
  return Number(/VmHWM:\s+(\d+)/.exec(ofProcess(pid, 'status'))?.[1] ?? 0) / 1024;
}

/** Processor time of a process so far, in seconds. */
export function processorSeconds(pid: number | undefined): number {
  // The fields after the name, which may hold blanks itself: user and system time are the 14th and 15th of all.
  const fields = ofProcess(pid, 'stat').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / clockTicks;
}

/** @returns empty when the process has ended, or the system has no /proc */
function ofProcess(pid: number | undefined, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

export interface StandIns {
  readonly atlas: string;
  readonly openmetadata: string;
  readonly token: string;
  /** Processor time of both so far, in seconds. */
  processorSeconds(): number;
  stop(): Promise<void>;
}

/** Starts both stand-ins in a process of their own. */
export async function startStandIns(args: readonly string[]): Promise<StandIns> {
  const child = spawn(process.execPath, [join(root, 'bin/meridian.mjs'), 'sandbox', ...args], { cwd: root });
  const end = endsWithUs(child);
  const line = await new Promise<string>((resolve, reject) => {
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes('\n')) resolve(text.slice(0, text.indexOf('\n')));
    });
    child.stderr.pipe(process.stderr);
    child.on('close', (code) => reject(new Error(`the stand-ins ended with ${code}`)));
  });
  const { atlas, openmetadata, token } = JSON.parse(line) as { atlas: string; openmetadata: string; token: string };
  return {
    atlas,
    openmetadata,
    token,
    processorSeconds: () => processorSeconds(child.pid),
    stop: () =>
      new Promise((resolve) => {
        child.on('close', () => resolve());
        process.off('exit', end);
        end();
      }),
  };
}

/** A series that is stopped leaves nothing running. @returns what ends the child */
function endsWithUs(child: ChildProcess): () => void {
  const end = (): void => {
    child.kill('SIGTERM');
  };
  process.once('exit', end);
  return end;
}

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
