import { randomUUID } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { ConfigurationError, GuardError } from '../errors.ts';

/** Who holds a pipeline's lock; stored as text. */
export interface LockHolder {
  readonly host: string;
  readonly pid: number;
  /** ISO 8601. */
  readonly since: string;
  /** Tells machines and containers with the same host name apart, where the system has a word for it. */
  readonly machine: string;
}

export interface HeldLock {
  readonly token: string;
  readonly holder: LockHolder;
  /** Grows with every sign of life. */
  readonly beats: number;
  /** Milliseconds since the last sign of life, by the store's clock. */
  readonly silentMs: number;
}

/** The lock of one pipeline, as a state store keeps it. */
export interface LockTable {
  read(): Promise<HeldLock | undefined>;
  /** Takes the lock if it still is as it was read (`undefined`: nobody’s). False when somebody was quicker. */
  take(token: string, holder: LockHolder, from: HeldLock | undefined): Promise<boolean>;
  /** A sign of life. False when the lock is somebody else’s by now. */
  renew(token: string): Promise<boolean>;
  release(token: string): Promise<void>;
}

/** A holder that shows no sign of life for so long has died. */
export const staleAfterMs = 5 * 60_000;
const beatEveryMs = 30_000;
/** How often it is asked whether a sign of life is due: by the clock on the wall, which goes on while a machine sleeps. */
const tickMs = 1000;

/** Locks that this process holds: the same process id may have been another process’s. */
const held = new Map<string, RunLock>();

/**
 * Keeps two runs of one pipeline apart. Held from {@link RunLock.take} to `release`, with a sign of life every half minute;
 * a holder that has died on this machine is taken over at once, any other after five minutes of silence.
 */
export class RunLock {
  readonly #table: LockTable;
  readonly #token: string;
  readonly #timer: NodeJS.Timeout;
  readonly #lost = new AbortController();
  readonly #everyMs: number;
  #seenAt = Date.now();
  #beating = false;

  private constructor(table: LockTable, token: string, everyMs: number) {
    this.#table = table;
    this.#token = token;
    this.#everyMs = everyMs;
    this.#timer = setInterval(() => void this.#tick(), Math.min(everyMs, tickMs));
    this.#timer.unref();
    held.set(token, this);
  }

  /**
   * @param warn is told when a dead holder’s lock is taken over
   * @throws ConfigurationError `state.locked`, naming the holder
   */
  static async take(table: LockTable, warn: (message: string) => void, everyMs = beatEveryMs): Promise<RunLock> {
    while (true) {
      const before = await table.read();
      if (before && !isDead(before)) throw locked(before);
      const token = randomUUID();
      if (!(await table.take(token, thisProcess(), before))) continue;
      if (before) warn(`Took over the lock of a run that did not end properly: ${describeHolder(before.holder)}.`);
      return new RunLock(table, token, everyMs);
    }
  }

  /** Aborted when the lock was taken over by somebody else (this machine had slept, or lost the store for minutes). */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /** Lets others in. What fails here is no harm: the lock goes stale. */
  async release(): Promise<void> {
    clearInterval(this.#timer);
    if (!held.delete(this.#token)) return;
    await this.#table.release(this.#token).catch(() => undefined);
  }

  async #tick(): Promise<void> {
    if (this.#beating || Date.now() - this.#seenAt < this.#everyMs) return;
    this.#beating = true;
    await this.#beat();
    this.#beating = false;
  }

  async #beat(): Promise<void> {
    const before = Date.now();
    try {
      if (!(await this.#table.renew(this.#token))) return this.#lose();
      this.#seenAt = before;
    } catch {
      // The store may come back before anybody takes the lock for stale.
      if (Date.now() - this.#seenAt > staleAfterMs) this.#lose();
    }
  }

  #lose(): void {
    clearInterval(this.#timer);
    if (!held.delete(this.#token)) return;
    this.#lost.abort(
      new GuardError('state.lock-lost', 'Another run has taken over the lock of this one, so this one ends.', {
        help: 'This machine, or its way to the state store, was away for more than 5 minutes. The other run goes on.',
      }),
    );
  }
}

/** For the end of a process that cannot wait for its runs. */
export async function releaseHeldLocks(): Promise<void> {
  await Promise.all([...held.values()].map((lock) => lock.release()));
}

function locked({ holder }: HeldLock): ConfigurationError {
  return new ConfigurationError(
    'state.locked',
    `Another run of this pipeline is under way: ${describeHolder(holder)}.`,
    {
      help: 'Wait for it to end, or stop it. If it has died, its lock can be taken 5 minutes after its last sign of life.',
    },
  );
}

/** For people: `on HOST, process PID, since TIME`. */
export function describeHolder({ host, pid, since }: LockHolder): string {
  return `on ${host}, process ${pid}, since ${since}`;
}

function isDead({ token, holder, silentMs }: HeldLock): boolean {
  if (silentMs > staleAfterMs) return true;
  const me = thisProcess();
  if (holder.host !== me.host || holder.machine !== me.machine) return false;
  return holder.pid === me.pid ? !held.has(token) : !isAlive(holder.pid);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

function thisProcess(): LockHolder {
  return { host: hostname(), pid: process.pid, since: new Date().toISOString(), machine: machine() };
}

/** On Linux the boot and the space of process ids: containers may share a host name, never these. */
function machine(): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return '';
  }
}
