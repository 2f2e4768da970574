import { type Environment, Terminal } from './terminal.ts';

export interface RecordingTerminal {
  readonly terminal: Terminal;
  /** What went to standard output so far. */
  data(): string;
  /** What went to standard error so far. */
  notes(): string;
}

/** A terminal that keeps what it is told; a pipe unless `columns` says how wide it is. */
export function recordingTerminal(options: { columns?: number; env?: Environment } = {}): RecordingTerminal {
  const written = { data: '', notes: '' };
  const isTTY = options.columns !== undefined;
  const stream = (key: keyof typeof written) => ({
    isTTY,
    columns: options.columns,
    write: (text: string, done?: (error?: Error | null) => void) => {
      written[key] += text;
      done?.();
    },
  });
  const terminal = new Terminal({ stdout: stream('data'), stderr: stream('notes'), env: options.env ?? {} });
  return { terminal, data: () => written.data, notes: () => written.notes };
}
