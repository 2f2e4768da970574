import type { Writable } from 'node:stream';
import { plainValue } from './plain-value.ts';

export const logLevels = ['debug', 'info', 'warning', 'error', 'critical'] as const;
/** The words that Airflow shows; of others it shows nothing, or fails the task. */
export type LogLevel = (typeof logLevels)[number];
export type LogFields = Readonly<Record<string, unknown>>;

export interface TaskLogOptions {
  /** `AIRFLOW__LOGGING__LOGGING_LEVEL` and `AIRFLOW__LOGGING__NAMESPACE_LEVELS`: Airflow itself leaves nothing out. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Masks secrets. */
  readonly redact: (text: string) => string;
}

/** Characters of a text; a log is to be read. */
const longest = 50_000;
/** Names that Airflow's own code gives to what it logs with: one of them as a field would end the log, and the task. */
const taken = new Set(
  'timestamp level event logger target msg self log args kwargs exc_info exception stack stack_info positional_args'.split(
    ' ',
  ),
);

/**
 * The log that Airflow shows of a task: JSON lines on the connection that it gave us (`--logs`). A line without a proper level or
 * time fails the task at once and shows no reason, so that every line is made here and nowhere else.
 */
export class TaskLog {
  readonly #stream: Writable;
  readonly #options: TaskLogOptions;
  readonly #levels: (logger: string) => number;
  #open = true;

  constructor(stream: Writable, options: TaskLogOptions) {
    this.#stream = stream;
    this.#options = options;
    this.#levels = levelsOf(options.env);
    const close = (): void => {
      this.#open = false;
    };
    stream.on('error', close).on('close', close);
  }

  /** Says a line, unless the configured level leaves it out. Never throws. @param fields shown beside the text */
  write(level: LogLevel, event: string, fields: LogFields = {}, logger = 'meridian'): void {
    const rank = logLevels.indexOf(level);
    // A level that does not exist comes from a caller's mistake; its text is still worth to be read.
    if (rank >= 0 && rank < this.#levels(logger)) return;
    if (!this.#open) return;
    const line = { ...this.#fields(fields), timestamp: new Date().toISOString(), level: rank < 0 ? 'info' : level };
    this.#stream.write(`${JSON.stringify({ ...line, event: this.#text(event), logger: this.#text(logger) })}\n`);
  }

  /** Resolves once everything said has gone out. */
  async close(): Promise<void> {
    if (!this.#open) return;
    this.#open = false;
    await new Promise<void>((resolve) => this.#stream.end(() => resolve()));
  }

  #fields(fields: LogFields): Record<string, unknown> {
    const safe: Record<string, unknown> = {};
    for (const [key, value] of Object.entries(fields)) {
      if (value === undefined) continue;
      const name =
        /^[A-Za-z]\w{0,60}$/.test(key) && !taken.has(key) ? key : `field_${key.replace(/\W/g, '_').slice(0, 60)}`;
      safe[name] = this.#value(value);
    }
    return safe;
  }

  #value(value: unknown): unknown {
    if (typeof value === 'string') return this.#text(value);
    if (value === null || typeof value !== 'object') return plainValue(value);
    try {
      const plain: unknown = JSON.parse(this.#options.redact(JSON.stringify(plainValue(value))));
      return JSON.stringify(plain).length > longest ? '… too long to be shown' : plain;
    } catch {
      return '… cannot be shown';
    }
  }

  #text(text: string): string {
    const safe = plainValue(this.#options.redact(String(text))) as string;
    return safe.length > longest ? `${safe.slice(0, longest).toWellFormed()}…` : safe;
  }
}

/** The lowest rank that is shown of a logger: of the longest name in `namespace_levels` that it begins with. */
function levelsOf(env: TaskLogOptions['env']): (logger: string) => number {
  const lowest = rankOf(env['AIRFLOW__LOGGING__LOGGING_LEVEL']) ?? 1;
  const spaces = (env['AIRFLOW__LOGGING__NAMESPACE_LEVELS'] ?? '')
    .split(/[\s,]+/)
    .map((pair) => pair.split('='))
    .flatMap(([name, level]) => {
      const rank = rankOf(level);
      return name && rank !== undefined ? [{ name, rank }] : [];
    })
    .sort((a, b) => b.name.length - a.name.length);
  return (logger) => spaces.find(({ name }) => logger === name || logger.startsWith(`${name}.`))?.rank ?? lowest;
}

const ranks: Readonly<Record<string, number>> = {
  notset: 0,
  trace: 0,
  debug: 0,
  info: 1,
  warning: 2,
  warn: 2,
  error: 3,
  exception: 3,
  critical: 4,
  fatal: 4,
};

function rankOf(level: string | undefined): number | undefined {
  return ranks[level?.trim().toLowerCase() ?? ''];
}
