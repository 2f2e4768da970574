import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { ConfigurationError } from '../../errors.ts';
import type { SourceRecord } from '../../model/records.ts';
import { recordKinds, recordSchema } from '../../schema/record-schema.ts';
import type { SourceIssue } from '../source.ts';
import { type FileLine, fileLines } from './file-lines.ts';
import { RecordCounter, type RecordCounts, type RecordsHeader, recordsFormat, recordsVersion } from './records-file.ts';

export type Reading =
  | { readonly header: RecordsHeader }
  | { readonly record: SourceRecord }
  | { readonly issue: SourceIssue }
  | { readonly end: RecordCounts };

type Json = Readonly<Record<string, unknown>>;

/**
 * Reads a file of records as a stream: its header, its records and issues in their order, its end.
 *
 * @param check false for a file whose every record was checked just before
 * @throws ConfigurationError `records-file.…` with the line, as soon as one is met
 */
export async function* readRecords(path: string, signal: AbortSignal, check: boolean): AsyncGenerator<Reading> {
  const counter = new RecordCounter();
  let ended = false;
  let lines = 0;
  for await (const line of fileLines(path, signal)) {
    lines = line.number;
    const value = parsed(line);
    if (ended) throw brokenLine(line, 'stands behind the end');
    if (line.number === 1) {
      yield { header: headerOf(value) };
    } else if (typeof value['kind'] === 'string') {
      if (check) checkRecord(value, value['kind'], line);
      counter.record(value['kind']);
      yield { record: value as unknown as SourceRecord };
    } else if (isIssue(value['issue'])) {
      counter.issue();
      yield { issue: value['issue'] };
    } else if (isMap(value['end'])) {
      ended = true;
      const end = value['end'] as unknown as RecordCounts;
      if (!isMap(end.records) || !counter.equals(end)) throw otherCount();
      yield { end };
    } else {
      throw wrongRecord(line, 'it has no kind');
    }
  }
  if (lines === 0) throw noRecords('it is empty');
  if (!ended) throw cutOff();
}

function isMap(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isIssue(value: unknown): value is SourceIssue {
  if (!isMap(value)) return false;
  const { outcome, kind, reason, name, message } = value;
  const texts = [reason, name, message].every((text) => typeof text === 'string');
  return texts && (outcome === 'failed' || outcome === 'skipped') && recordKinds.some((each) => each === kind);
}

function parsed(line: FileLine): Json {
  let value: unknown;
  try {
    value = JSON.parse(line.text ?? '');
  } catch {
    value = undefined;
  }
  if (isMap(value)) return value;
  if (line.number === 1) throw noRecords('its first line is no header');
  if (!line.ended) throw cutOff();
  throw brokenLine(line, line.text === undefined ? 'is no text in UTF-8' : 'is no JSON object');
}

function headerOf(value: Json): RecordsHeader {
  const { format, version, source } = value;
  if (format !== recordsFormat) throw noRecords('its first line is no header');
  if (version !== recordsVersion) {
    const shown = JSON.stringify(version)?.slice(0, 20);
    throw new ConfigurationError(
      'records-file.other-version',
      `The file at path has version ${shown} of its format; this release reads version ${recordsVersion}.`,
      { help: 'Export it again with this release, or read it with the one that wrote it.' },
    );
  }
  if (!isMap(source) || typeof source['type'] !== 'string' || typeof source['host'] !== 'string') {
    throw noRecords('its header names no source');
  }
  return value as unknown as RecordsHeader;
}

const ajv = new Ajv({ strict: false }).addSchema(recordSchema, 'record');
const checks = new Map<string, ValidateFunction>();

function checkRecord(record: Json, kind: string, line: FileLine): void {
  if (!recordKinds.some((each) => each === kind)) throw wrongRecord(line, `there is no kind “${kind.slice(0, 40)}”`);
  const valid = checks.get(kind) ?? ajv.compile({ $ref: `record#/definitions/${kind}` });
  checks.set(kind, valid);
  if (!valid(record)) throw wrongRecord(line, mistakeOf(valid.errors?.[0]));
}

function mistakeOf(error: ErrorObject | null | undefined): string {
  const place = error?.instancePath.split('/').slice(1).join('.') ?? '';
  const words =
    error?.keyword === 'enum' || error?.keyword === 'const' ? 'has a word that is not known' : error?.message;
  return `${place === '' ? 'it' : place} ${words ?? 'is wrong'}`;
}

function noRecords(why: string): ConfigurationError {
  return new ConfigurationError('records-file.no-records', `The file at path is no file of records: ${why}.`, {
    help: 'Give a file that “meridian export” wrote.',
  });
}

function cutOff(): ConfigurationError {
  return new ConfigurationError('records-file.cut-off', 'The file at path ends too early: its last line is missing.', {
    help: 'The export was stopped or the copy was interrupted: export or copy it again.',
  });
}

function otherCount(): ConfigurationError {
  return new ConfigurationError(
    'records-file.other-count',
    'The file at path has other records than its last line says.',
    {
      help: 'Lines are missing, or were added: export or copy it again.',
    },
  );
}

function brokenLine({ number }: FileLine, why: string): ConfigurationError {
  return new ConfigurationError('records-file.broken-line', `Line ${number} of the file at path ${why}.`, {
    help: 'Somebody or something changed the file: export or copy it again.',
  });
}

function wrongRecord({ number }: FileLine, why: string): ConfigurationError {
  return new ConfigurationError(
    'records-file.wrong-record',
    `Line ${number} of the file at path is no record: ${why}.`,
    {
      help: '“meridian schema record” tells what records are like.',
    },
  );
}
