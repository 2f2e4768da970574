import type { SourceRecord } from '../../model/records.ts';
import type { SourceIssue } from '../source.ts';

/** First key of a file's first line. */
export const recordsFormat = 'meridian-records';
/** Grows when readers of the version before would misunderstand a file. */
export const recordsVersion = 1;

/** The first line. */
export interface RecordsHeader {
  readonly format: typeof recordsFormat;
  readonly version: number;
  /** ISO 8601. */
  readonly exportedAt: string;
  readonly source: { readonly type: string; readonly host: string; readonly version?: string };
}

/** What is in a file, by kind: the last line has it, so that a file that was cut off is known as one. */
export interface RecordCounts {
  readonly records: Readonly<Record<string, number>>;
  /** How often the source said that something is missing. */
  readonly issues: number;
}

/** One line of a file of records (docs/records-file.md). A record stands as it is. */
export type RecordsLine =
  | RecordsHeader
  | SourceRecord
  | { readonly issue: SourceIssue }
  | { readonly end: RecordCounts };

/** Counts lines as they are written or read. */
export class RecordCounter {
  readonly #records = new Map<string, number>();
  #issues = 0;

  record(kind: string): void {
    this.#records.set(kind, (this.#records.get(kind) ?? 0) + 1);
  }

  issue(): void {
    this.#issues += 1;
  }

  counts(): RecordCounts {
    return { records: Object.fromEntries(this.#records), issues: this.#issues };
  }

  /** True when another count is the same, in whatever order. */
  equals(other: RecordCounts): boolean {
    const kinds = Object.keys(other.records);
    return (
      other.issues === this.#issues &&
      kinds.length === this.#records.size &&
      kinds.every((kind) => other.records[kind] === this.#records.get(kind))
    );
  }
}
