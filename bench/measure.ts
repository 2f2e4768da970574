import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '..');

export interface Measured {
  readonly exitCode: number;
  /** Seconds of the whole process. */
  readonly seconds: number;
  /** Highest resident memory of the process, in MB; 0 where the system does not tell. */
  readonly peakMb: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command and measures the whole process from outside. */
export async function measure(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Measured> {
  const started = performance.now();
  const child = spawn(process.execPath, args, { cwd: root, env: { ...process.env, ...env } });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  let peakMb = 0;
  const look = (): void => {
    try {
      // VmHWM is the highest mark so far: the last look tells the peak.
      const kb = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1];
      if (kb !== undefined) peakMb = Math.max(peakMb, Number(kb) / 1024);
    } catch {
      // The process has ended, or the system has no /proc.
    }
  };
  const timer = setInterval(look, 20);
  const exitCode = await new Promise<number>((resolve) => child.on('close', (code) => resolve(code ?? -1)));
  clearInterval(timer);
  return { exitCode, seconds: (performance.now() - started) / 1000, peakMb, stdout, stderr };
}

export interface StandIns {
  readonly atlas: string;
  readonly openmetadata: string;
  readonly token: string;
  stop(): Promise<void>;
}

/** Starts both stand-ins in a process of their own. */
export async function startStandIns(args: readonly string[]): Promise<StandIns> {
  const child = spawn(process.execPath, [join(root, 'bin/meridian.mjs'), 'sandbox', ...args], { cwd: root });
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
    stop: () =>
      new Promise((resolve) => {
        child.on('close', () => resolve());
        child.kill('SIGTERM');
      }),
  };
}

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
