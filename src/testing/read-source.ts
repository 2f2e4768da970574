import type { Source, SourceContext, SourceIssue } from '../connectors/source.ts';
import type { SourceRecord } from '../model/records.ts';

/** What one reading brought. */
export interface SourceReading {
  readonly records: readonly SourceRecord[];
  readonly issues: readonly SourceIssue[];
  /** What it ended with, when not by itself. */
  readonly error?: unknown;
}

/** A context of `records` with a memory of its own. */
export function contextOf(signal: AbortSignal, issues: SourceIssue[]): SourceContext {
  const memory = new Map<string, string>();
  return {
    signal,
    report: (issue) => issues.push(issue),
    progress: () => {},
    memory: {
      get: (key) => memory.get(key),
      set: (key, value) => void memory.set(key, value),
      setAfterSuccess: () => {},
    },
  };
}

/** Reads a source to its end, or to its error, and closes it. */
export async function readSource(source: Source): Promise<SourceReading> {
  const issues: SourceIssue[] = [];
  const records: SourceRecord[] = [];
  try {
    for await (const record of source.records(contextOf(new AbortController().signal, issues))) records.push(record);
    return { records, issues };
  } catch (error) {
    return { records, issues, error };
  } finally {
    await source.close();
  }
}
