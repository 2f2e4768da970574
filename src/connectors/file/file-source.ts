import { MeridianError } from '../../errors.ts';
import type { SourceRecord } from '../../model/records.ts';
import { recordKinds } from '../../schema/record-schema.ts';
import { originOf } from '../connector-spec.ts';
import { registry, sourceTypes } from '../registry.ts';
import type { Source, SourceCheck, SourceContext } from '../source.ts';
import { readRecords } from './read-records.ts';
import type { RecordCounts, RecordsHeader } from './records-file.ts';

interface CheckedFile {
  readonly header: RecordsHeader;
  readonly counts: RecordCounts;
}

/**
 * A file of `meridian export` as a source. It is read twice: whole, to find any mistake before the first record is
 * handed on, and then for its records.
 */
export class FileSource implements Source {
  readonly emits = recordKinds;
  readonly #path: string;
  /** The version and name of the source behind the file, once it is known. */
  version: string | undefined;
  origin: string | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  async *test(signal: AbortSignal): AsyncIterable<SourceCheck> {
    const name = 'read the file';
    try {
      const { header, counts } = await this.#check(signal);
      const total = Object.values(counts.records).reduce((sum, n) => sum + n, 0);
      const { type, host } = header.source;
      yield { name, ok: true, message: `${total} records of ${type} at ${host}, exported at ${header.exportedAt}` };
    } catch (error) {
      const help = error instanceof MeridianError ? error.help : undefined;
      const message = error instanceof Error ? error.message : String(error);
      yield { name, ok: false, message, ...(help !== undefined && { help }) };
    }
  }

  async *records({ signal, report, progress }: SourceContext): AsyncIterable<SourceRecord> {
    const { header, counts } = await this.#check(signal);
    this.version = header.source.version;
    this.origin = originOfType(header.source.type);
    const read = new Map<string, number>();
    for await (const reading of readRecords(this.#path, signal, false)) {
      if ('issue' in reading) report(reading.issue);
      if (!('record' in reading)) continue;
      signal.throwIfAborted();
      const { kind } = reading.record;
      const done = (read.get(kind) ?? 0) + 1;
      read.set(kind, done);
      progress(kind, done, counts.records[kind]);
      yield reading.record;
    }
  }

  async #check(signal: AbortSignal): Promise<CheckedFile> {
    let header: RecordsHeader | undefined;
    let counts: RecordCounts | undefined;
    for await (const reading of readRecords(this.#path, signal, true)) {
      if ('header' in reading) header = reading.header;
      else if ('end' in reading) counts = reading.end;
    }
    // Both are there: reading ends with an error where one is missing.
    return { header: header!, counts: counts! };
  }

  /** What the file does not hold may well be at the source. */
  covers(): boolean {
    return false;
  }

  requestCount(): number {
    return 0;
  }

  async close(): Promise<void> {}
}

/** A connector outside of Meridian is known by its type alone. */
function originOfType(type: string): string {
  const known = sourceTypes.find((each) => each === type);
  return known ? originOf(registry[known].spec) : type;
}
