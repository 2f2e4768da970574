import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';

/**
 * When a process began, in the system's own words: the same id with another beginning is another process. Undefined when
 * there is no such process, or the system does not tell.
 */
export async function processStart(processId: number): Promise<string | undefined> {
  if (process.platform === 'linux') return startOnLinux(processId);
  if (process.platform === 'win32') return undefined;
  try {
    const { stdout } = await promisify(execFile)('ps', ['-o', 'lstart=', '-p', String(processId)]);
    return stdout.trim() || undefined;
  } catch {
    return undefined;
  }
}

/** Clock ticks since the machine started: the 22nd field, counted from behind the name, which may hold anything. */
function startOnLinux(processId: number): string | undefined {
  try {
    const text = readFileSync(`/proc/${processId}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    // A zombie has ended.
    return fields[0] === 'Z' ? undefined : `${bootId()} ${fields[19]}`;
  } catch {
    return undefined;
  }
}

let boot: string | undefined;
function bootId(): string {
  boot ??= readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  return boot;
}
