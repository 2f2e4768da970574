import { type ChildProcess, spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { commandWords } from './command-words.ts';
import { Redactor } from './redactor.ts';
import type { Found, Missing, ReferenceOptions } from './references.ts';

/** Milliseconds that a command has unless `MERIDIAN_EXEC_TIMEOUT` says otherwise. */
export const defaultExecTimeoutMs = 10_000;
/** Bytes. A command gives one value. */
const largestOutput = 1024 * 1024;
/** Bytes of standard error that are kept, and characters of it that are told. */
const keptComplaint = 64 * 1024;
const toldComplaint = 300;

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly complaint: string;
  /** Why the command was not left to end by itself, or could not begin. */
  readonly why?: string;
}

/**
 * Runs the command of `${exec:…}` and gives what it writes to standard output, without the blanks around it. There is no
 * shell: the words go to the program as they are. It runs in the recipe's folder and reads nothing from standard input.
 */
export async function runCommand(
  command: string,
  options: Pick<ReferenceOptions, 'env' | 'folder' | 'allowExec' | 'execTimeoutMs' | 'redact'>,
): Promise<Found> {
  if (!options.allowExec) {
    return {
      message: 'This recipe wants to run a command, which is not allowed here.',
      suggestion: 'If you trust the recipe, set MERIDIAN_ALLOW_EXEC=1; programs pass allowExec to loadRecipe.',
    };
  }
  const words = commandWords(command);
  if (!words) return { message: 'A quote of the command is not closed.' };
  const [program, ...args] = words;
  if (!program) return { message: 'There is no command.', expected: '${exec:COMMAND ARGUMENTS}' };
  const ended = await run(/[\\/]/.test(program) ? resolve(options.folder, program) : program, args, options);
  const value = ended.out.trim();
  if (ended.code !== 0 || ended.why !== undefined) return failure(program, ended, options);
  if (value === '') return { message: `The command ${program} has written nothing to standard output.` };
  return { value, secret: true };
}

function run(
  program: string,
  args: readonly string[],
  { env, folder, execTimeoutMs }: Pick<ReferenceOptions, 'env' | 'folder' | 'execTimeoutMs'>,
): Promise<Ended> {
  return new Promise((done) => {
    const out: Buffer[] = [];
    const complaint: Buffer[] = [];
    let outSize = 0;
    let complaintSize = 0;
    let timer: NodeJS.Timeout | undefined;
    let child: ChildProcess;
    const end = (code: number | null, signal: NodeJS.Signals | null, why?: string): void => {
      clearTimeout(timer);
      done({
        code,
        signal,
        out: Buffer.concat(out).toString('utf8'),
        complaint: Buffer.concat(complaint).toString('utf8'),
        ...(why !== undefined && { why }),
      });
    };
    const stop = (why: string): void => {
      child.kill('SIGKILL');
      // What the command has started may hold these open for ever.
      child.stdout?.destroy();
      child.stderr?.destroy();
      child.unref();
      end(null, null, why);
    };
    try {
      child = spawn(program, args, {
        cwd: folder,
        env: { ...env },
        shell: false,
        stdio: ['ignore', 'pipe', 'pipe'],
        windowsHide: true,
      });
    } catch (error) {
      // Such as a null byte in an argument; Node's own message quotes it.
      end(null, null, `it cannot be started (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`);
      return;
    }
    timer = setTimeout(() => stop(`it was not done within ${execTimeoutMs / 1000} s`), execTimeoutMs);
    child.stdout?.on('data', (chunk: Buffer) => {
      outSize += chunk.byteLength;
      if (outSize > largestOutput) stop(`it wrote more than ${largestOutput} bytes`);
      else out.push(chunk);
    });
    child.stderr?.on('data', (chunk: Buffer) => {
      if (complaintSize < keptComplaint) complaint.push(chunk);
      complaintSize += chunk.byteLength;
    });
    child.on('error', ({ code }: NodeJS.ErrnoException) => end(null, null, notStarted(code)));
    child.on('close', (code, signal) => end(code, signal));
  });
}

function notStarted(code: string | undefined): string {
  if (code === 'ENOENT') return 'there is no such program';
  if (code === 'EACCES' || code === 'EPERM') return 'it may not be run';
  return `it cannot be started (${code ?? 'unknown'})`;
}

/** With what the command said itself: it may quote the very secret that it was to give. */
function failure(
  program: string,
  { code, signal, out, complaint, why }: Ended,
  { redact }: Pick<ReferenceOptions, 'redact'>,
): Missing {
  const own = new Redactor(out.split(/\s+/).filter((word) => word.length > 3));
  const said = own.redact(redact(complaint)).replaceAll(/\s+/g, ' ').trim();
  const told = said.length > toldComplaint ? `${said.slice(0, toldComplaint)}…` : said;
  const ended = why ?? (signal ? `it was ended by ${signal}` : `it ended with ${code}`);
  return { message: `The command ${program} has failed: ${ended}${told === '' ? '' : ` and said: ${told}`}.` };
}
