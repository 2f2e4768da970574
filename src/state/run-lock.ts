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
  /**
   * Id of a run that several processes do together, once it is theirs: each of them gives signs of life, and none of
   * them has to live for the lock to be held.
   */
  readonly run?: string;
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
/** The same for a run of several processes: between two of them a scheduler may wait before it tries again. */
export const runStaleAfterMs = 30 * 60_000;
const beatEveryMs = 30_000;
/** How often it is asked whether a sign of life is due: by the clock on the wall, which goes on while a machine sleeps. */
const tickMs = 1000;

/** Locks that this process holds: the same process id may have been another process’s. */
const held = new Set<RunLock>();

/**
 * Keeps two runs of one pipeline apart. Held from {@link RunLock.take} to `release`, with a sign of life every half minute;
 * a holder that has died on this machine is taken over at once, any other after five minutes of silence.
 *
 * A run of several processes takes it, hands it over to all of them ({@link RunLock.handOver}), and each joins it
 * ({@link RunLock.join}) while it works; the last one ends it. Such a run is taken over after half an hour of silence.
 */
export class RunLock {
  readonly #table: LockTable;
  #token: string;
  /** Id of the run whose processes hold it together. */
  readonly #run: string | undefined;
  /** False where another process of the run has taken it. */
  #taken: boolean;
  readonly #timer: NodeJS.Timeout;
  readonly #lost = new AbortController();
  readonly #everyMs: number;
  #seenAt = Date.now();
  #beating = false;

  private constructor(table: LockTable, token: string, everyMs: number, run?: string, taken = true) {
    this.#table = table;
    this.#token = token;
    this.#run = run;
    this.#taken = taken;
    this.#everyMs = everyMs;
    this.#timer = setInterval(() => void this.#tick(), Math.min(everyMs, tickMs));
    this.#timer.unref();
    held.add(this);
  }

  /**
   * @param warn is told when a dead holder’s lock is taken over
   * @param run id of a run of several processes that begins anew: what it held before is its own
   * @param supersedes whether a run of several processes, silent for so many milliseconds, is known to be over
   * @throws ConfigurationError `state.locked`, naming the holder
   */
  static async take(
    table: LockTable,
    warn: (message: string) => void,
    everyMs = beatEveryMs,
    run?: string,
    supersedes: (run: string, silentMs: number) => boolean = () => false,
  ): Promise<RunLock> {
    while (true) {
      const before = await table.read();
      const other = before?.holder.run;
      const isOwn = run !== undefined && other === run;
      const isOver = before !== undefined && other !== undefined && supersedes(other, before.silentMs);
      if (before && !isOwn && !isOver && !isDead(before)) throw locked(before);
      const token = randomUUID();
      if (!(await table.take(token, thisProcess(), before))) continue;
      if (before && !isOwn) warn(tookOver(before));
      return new RunLock(table, token, everyMs);
    }
  }

  /**
   * Joins the lock of a run that several processes do together. Where nobody holds it any more (the run has ended, and a
   * piece of it is done again) it is taken for the time of this piece.
   *
   * @throws ConfigurationError `state.locked` when another run has it
   */
  static async join(
    table: LockTable,
    run: string,
    warn: (message: string) => void,
    everyMs = beatEveryMs,
  ): Promise<RunLock> {
    const { token, taken } = await joined(table, run, warn);
    return new RunLock(table, token, everyMs, run, taken);
  }

  /** Leaves the lock to the processes of a run. @throws GuardError `state.lock-lost` when it is somebody else’s by now */
  async handOver(run: string): Promise<void> {
    while (true) {
      const now = await this.#table.read();
      if (now?.token !== this.#token) throw lockLost();
      if (await this.#table.take(this.#token, { ...now.holder, run }, now)) break;
    }
    clearInterval(this.#timer);
    held.delete(this);
  }

  /** Aborted when the lock was taken over by somebody else (this machine had slept, or lost the store for minutes). */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /**
   * Lets others in; a process of several only stops giving signs of life. What fails here is no harm: the lock goes stale.
   */
  async release(): Promise<void> {
    if (!this.#taken) {
      clearInterval(this.#timer);
      held.delete(this);
    } else await this.end();
  }

  /** Lets others in, also where others of the same run hold it: the run is over. */
  async end(): Promise<void> {
    clearInterval(this.#timer);
    if (!held.delete(this)) return;
    await this.#table.release(this.#token).catch(() => undefined);
  }

  holds(token: string): boolean {
    return this.#token === token;
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
      if (!(await this.#table.renew(this.#token)) && !(await this.#rejoin())) return this.#lose();
      this.#seenAt = before;
    } catch {
      // The store may come back before anybody takes the lock for stale.
      if (Date.now() - this.#seenAt > staleAfterMs) this.#lose();
    }
  }

  /** Whoever had taken it for the run has done its piece: it is taken anew for the others. False when another run has it. */
  async #rejoin(): Promise<boolean> {
    if (this.#run === undefined) return false;
    try {
      const { token, taken } = await joined(this.#table, this.#run, () => undefined);
      this.#token = token;
      this.#taken = taken;
      return true;
    } catch (error) {
      if (error instanceof ConfigurationError && error.code === 'state.locked') return false;
      throw error;
    }
  }

  #lose(): void {
    clearInterval(this.#timer);
    if (!held.delete(this)) return;
    this.#lost.abort(lockLost());
  }
}

/** Finds a run's lock, or takes it for the run. */
async function joined(
  table: LockTable,
  run: string,
  warn: (message: string) => void,
): Promise<{ readonly token: string; readonly taken: boolean }> {
  while (true) {
    const before = await table.read();
    if (before?.holder.run === run) {
      if (await table.renew(before.token)) return { token: before.token, taken: false };
      continue;
    }
    if (before && !isDead(before)) throw locked(before);
    const token = randomUUID();
    if (!(await table.take(token, { ...thisProcess(), run }, before))) continue;
    if (before) warn(tookOver(before));
    return { token, taken: true };
  }
}

function lockLost(): GuardError {
  return new GuardError('state.lock-lost', 'Another run has taken over the lock of this one, so this one ends.', {
    help: 'This machine, or its way to the state store, was away for more than 5 minutes. The other run goes on.',
  });
}

function tookOver({ holder }: HeldLock): string {
  return `Took over the lock of a run that did not end properly: ${describeHolder(holder)}.`;
}

/** For the end of a process that cannot wait for its runs. */
export async function releaseHeldLocks(): Promise<void> {
  await Promise.all([...held].map((lock) => lock.release()));
}

function locked({ holder }: HeldLock): ConfigurationError {
  const minutes = (holder.run === undefined ? staleAfterMs : runStaleAfterMs) / 60_000;
  return new ConfigurationError(
    'state.locked',
    `Another run of this pipeline is under way: ${describeHolder(holder)}.`,
    {
      help: `Wait for it to end, or stop it. If it has died, its lock can be taken ${minutes} minutes after its last sign of life.`,
    },
  );
}

/** For people: `on HOST, process PID, since TIME`. */
export function describeHolder({ host, pid, since, run }: LockHolder): string {
  return run === undefined
    ? `on ${host}, process ${pid}, since ${since}`
    : `${run}, in several processes since ${since}`;
}

function isDead({ token, holder, silentMs }: HeldLock): boolean {
  if (holder.run !== undefined) return silentMs > runStaleAfterMs;
  if (silentMs > staleAfterMs) return true;
  const me = thisProcess();
  if (holder.host !== me.host || holder.machine !== me.machine) return false;
  return holder.pid === me.pid ? ![...held].some((lock) => lock.holds(token)) : !isAlive(holder.pid);
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
