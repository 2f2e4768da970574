import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { SourceRecord } from '../../model/records.ts';
import { recordKinds } from '../../schema/record-schema.ts';
import { read, start } from '../atlas/read-source.testing.ts';
import type { SourceIssue } from '../source.ts';
import { FileSource } from './file-source.ts';
import { RecordCounter, type RecordsLine } from './records-file.ts';

const recorded = join(import.meta.dirname, '..', '..', '..', '..', 'shared', 'atlas', 'recorded');
const folder = mkdtempSync(join(tmpdir(), 'meridian-file-'));
afterAll(() => rmSync(folder, { recursive: true }));

const header = {
  format: 'meridian-records',
  version: 1,
  exportedAt: '2026-11-25T18:00:00.000Z',
  source: { type: 'Atlas', host: 'atlas.example:21000', version: '2.5.0' },
} as const;
const provenance = { id: 'g1', typeName: 'hive_table', qualifiedName: 'sales.orders@prod' };
const table: SourceRecord = {
  kind: 'table',
  path: ['hive', 'default', 'sales', 'orders'],
  provenance,
  tags: [],
  tableType: 'Regular',
  columns: [{ name: 'ünï "q"\n', dataType: 'STRING', dataTypeDisplay: 'string', tags: [] }],
};
const failure: SourceIssue = {
  outcome: 'failed',
  kind: 'table',
  reason: 'partial-answer',
  name: 'hive_table',
  message: 'gone',
};

/** A whole file of these lines. */
function fileOf(lines: readonly (SourceRecord | { issue: SourceIssue })[]): RecordsLine[] {
  const counter = new RecordCounter();
  for (const line of lines) 'issue' in line ? counter.issue() : counter.record(line.kind);
  return [header, ...lines, { end: counter.counts() }];
}

function write(content: readonly unknown[] | Buffer | string): string {
  const path = join(folder, 'records.jsonl');
  const lines = Array.isArray(content) ? content.map((line) => `${JSON.stringify(line)}\n`).join('') : content;
  writeFileSync(path, lines as string);
  return path;
}

async function readFile(path: string) {
  const source = new FileSource(path);
  const records: SourceRecord[] = [];
  const issues: SourceIssue[] = [];
  const progress: string[] = [];
  const context = {
    signal: new AbortController().signal,
    report: (issue: SourceIssue) => void issues.push(issue),
    progress: (kind: string, done: number, total?: number) => void progress.push(`${kind} ${done} of ${total}`),
    memory: { get: () => undefined, set: () => {}, setAfterSuccess: () => {} },
  };
  for await (const record of source.records(context)) records.push(record);
  return { records, issues, progress, version: source.version };
}

describe('a file of records', () => {
  it('gives its records and issues as they were, and how many there will be', async () => {
    const path = write(fileOf([table, { issue: failure }, { ...table, path: ['hive', 'default', 'sales', 'b'] }]));
    const found = await readFile(path);
    expect(found.records[0]).toEqual(table);
    expect(found.records).toHaveLength(2);
    expect(found.issues).toEqual([failure]);
    expect(found.progress).toEqual(['table 1 of 2', 'table 2 of 2']);
    expect(found.version).toBe('2.5.0');
  });

  it('may come from a machine that ends its lines in another way', async () => {
    const text = fileOf([table]).map((line) => `${JSON.stringify(line)}\r\n`);
    expect((await readFile(write(text.join('')))).records).toEqual([table]);
  });

  it('is tested without handing anything on', async () => {
    const checks = [];
    const { signal } = new AbortController();
    for await (const check of new FileSource(write(fileOf([table]))).test(signal)) checks.push(check);
    expect(checks).toMatchObject([{ ok: true, message: expect.stringMatching(/1 records of Atlas at atlas.example/) }]);
    const broken: unknown[] = [];
    for await (const check of new FileSource(write('hello')).test(signal)) broken.push(check);
    expect(broken).toMatchObject([{ ok: false, message: expect.stringMatching(/no file of records/) }]);
  });
});

describe('what is refused, before a record is handed on', () => {
  const whole = fileOf([table, table]);
  const text = whole.map((line) => `${JSON.stringify(line)}\n`).join('');
  const changed = (change: object) => fileOf([table, { ...table, ...change } as SourceRecord]);

  async function refusal(content: Parameters<typeof write>[0]) {
    const records: SourceRecord[] = [];
    const path = write(content);
    const source = new FileSource(path);
    const context = {
      signal: new AbortController().signal,
      report: () => {},
      progress: () => {},
      memory: { get: () => undefined, set: () => {}, setAfterSuccess: () => {} },
    };
    try {
      for await (const record of source.records(context)) records.push(record);
    } catch (error) {
      expect(records).toEqual([]);
      return error;
    }
    throw new Error('It was not refused.');
  }

  it.each([
    ['nothing', '', 'no-records'],
    ['text', 'hello\n', 'no-records'],
    ['another kind of JSON', [{ entities: [] }], 'no-records'],
    ['a header without a source', [{ ...header, source: {} }, ...whole.slice(1)], 'no-records'],
    ['records without a header', whole.slice(1), 'no-records'],
    ['a later version', [{ ...header, version: 2 }, ...whole.slice(1)], 'other-version'],
    ['a version that is none', [{ ...header, version: '1' }, ...whole.slice(1)], 'other-version'],
    ['no last line', whole.slice(0, -1), 'cut-off'],
    ['only a header', [header], 'cut-off'],
    ['half a record', text.slice(0, text.length * 0.6), 'cut-off'],
    ['half a last line', text.slice(0, -5), 'cut-off'],
    ['a line less', whole.toSpliced(1, 1), 'other-count'],
    ['a line more', whole.toSpliced(1, 0, table), 'other-count'],
    ['an issue less', [...fileOf([{ issue: failure }, table]).toSpliced(1, 1)], 'other-count'],
    ['a line that is no JSON', text.replace('"hive"', 'hive'), 'broken-line'],
    ['a line that is a list', [header, [], ...whole.slice(1)], 'broken-line'],
    ['an empty line', text.replace('\n', '\n\n'), 'broken-line'],
    ['something behind the end', [...whole, table], 'broken-line'],
    ['bytes that are no text', Buffer.from(text.replace('orders', 'ord\u00e9rs'), 'latin1'), 'broken-line'],
    ['a line without a kind', [header, { path: ['a'] }, ...whole.slice(1)], 'wrong-record'],
    ['an issue that is none', [header, { issue: { outcome: 'odd' } }, ...whole.slice(1)], 'wrong-record'],
    ['an unknown kind', changed({ kind: 'dashboard' }), 'wrong-record'],
    ['a kind of the language itself', changed({ kind: 'constructor' }), 'wrong-record'],
    ['a record without a path', changed({ path: undefined }), 'wrong-record'],
    ['a table outside of a schema', changed({ path: ['hive', 'orders'] }), 'wrong-record'],
    ['an empty name', changed({ path: ['hive', 'default', '', 'orders'] }), 'wrong-record'],
    ['a number for a description', changed({ description: 7 }), 'wrong-record'],
    ['an unknown type of table', changed({ tableType: 'Odd' }), 'wrong-record'],
    ['a column without a type', changed({ columns: [{ name: 'a', tags: [] }] }), 'wrong-record'],
    ['columns that are no list', changed({ columns: { name: 'a' } }), 'wrong-record'],
  ] as const)('%s', async (_, content, code) => {
    expect(await refusal(content as Parameters<typeof write>[0])).toMatchObject({
      code: `records-file.${code}`,
      exitCode: 2,
    });
  });

  it('and where: the line, and the place in it', async () => {
    const error = await refusal(changed({ columns: [{ name: 'a', tags: [] }] }));
    expect(String(error)).toMatch(/Line 3 .*columns\.0 must have required property 'dataType'/);
  });

  it.each([[join(folder, 'missing.jsonl')], [folder]])('a path that is no file: %s', async (path) => {
    await expect(readFile(path)).rejects.toMatchObject({ code: 'records-file.unreadable', exitCode: 2 });
  });
});

describe.each([
  ['the sample warehouse', undefined],
  ['a real server', recorded],
])('everything that %s says', (_, dataDir) => {
  it.skipIf(dataDir !== undefined && !existsSync(dataDir))('goes through a file unchanged', async () => {
    const atlas = await start(dataDir === undefined ? {} : { dataDir });
    const { records, issues } = await read(atlas.url, {
      entityTypes: ['DataSet', 'Process'],
      pipelines: true,
      glossaries: true,
      clusters: {},
    });
    const path = write(fileOf([...records, ...issues.map((issue) => ({ issue }))]));
    const again = await readFile(path);
    expect(again.records).toEqual(JSON.parse(JSON.stringify(records)));
    expect(again.issues).toEqual(issues);
    const kinds = new Set(records.map(({ kind }) => kind));
    expect(kinds.size).toBeGreaterThan(6);
    expect(recordKinds).toEqual(expect.arrayContaining([...kinds]));
  });
});
