import { existsSync, statSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenedState, openState, type StatePlace } from './open-state.ts';
import { type PostgresServer, startPostgres } from './postgres/postgres-server.testing.ts';
import { describeRunLock } from './run-lock-contract.testing.ts';
import { checkLines, exportLines, importLines } from './state-lines.ts';
import { describeStateStore, type StoreUnderTest, wholeAsset } from './state-store-contract.testing.ts';

let folder: string;
let server: PostgresServer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'meridian-state-'));
  server = await startPostgres();
});
afterAll(async () => {
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

const identity = (serviceName: string) => ({ targetHost: 'host:1', sourceType: 'Atlas', serviceName });
const sqlitePath = (pipeline: string): string => join(folder, 'deep', `${pipeline}.db`);
const sqlitePlace = (pipeline: string): StatePlace => ({
  settings: { stateType: 'sqlite', stateConnection: undefined, statePath: sqlitePath(pipeline) },
  identity: identity(pipeline),
  env: {},
});
const postgresPlace = (pipeline: string): StatePlace => ({
  settings: { stateType: 'postgres', stateConnection: server.address('postgres'), statePath: undefined },
  identity: identity(pipeline),
  env: {},
});
const sqlite: StoreUnderTest = { open: (pipeline, use = 'keep') => openState(sqlitePlace(pipeline), use) };
const postgres: StoreUnderTest = { open: (pipeline, use = 'keep') => openState(postgresPlace(pipeline), use) };

describeStateStore('SQLite', () => sqlite);
describeStateStore('PostgreSQL', () => postgres);

describeRunLock(
  'SQLite',
  () => sqlite,
  async (pipeline, ms) => {
    const database = new DatabaseSync(sqlitePath(pipeline), { timeout: 5000 });
    database.prepare('UPDATE lock SET beat_at = ?').run(Date.now() - ms);
    database.close();
  },
);
describeRunLock(
  'PostgreSQL',
  () => postgres,
  async (pipeline, ms) => {
    const client = new pg.Client(server.address('postgres'));
    await client.connect();
    await client.query(
      `UPDATE meridian.locks SET beat_at = now() - $2 * interval '1 ms'
       WHERE pipeline = (SELECT id FROM meridian.pipelines WHERE name = $1)`,
      [`host:1/atlas/${pipeline}`, ms],
    );
    await client.end();
  },
);

describe('a state file of SQLite', () => {
  it('is readable by its owner only', async () => {
    const { store } = await sqlite.open('rights');
    await store.close();
    expect(statSync(sqlitePath('rights')).mode & 0o777).toBe(0o600);
  });

  it('is refused when another release wrote it, or when it is no state at all', async () => {
    const database = new DatabaseSync(sqlitePath('later'));
    database.exec('CREATE TABLE meta (key, value); PRAGMA user_version = 99');
    database.close();
    await expect(sqlite.open('later')).rejects.toMatchObject({ code: 'state.other-version', exitCode: 2 });
    await writeFile(sqlitePath('text'), 'this is no database, '.repeat(100));
    await expect(sqlite.open('text')).rejects.toMatchObject({ code: 'state.unusable', exitCode: 2 });
  });

  it('is not made by looking', async () => {
    await (await sqlite.open('unmade', 'rehearse')).store.close();
    expect(existsSync(sqlitePath('unmade'))).toBe(false);
  });
});

describe('an export of a state', () => {
  const exported = async ({ store }: OpenedState): Promise<string[]> => {
    const lines = [];
    for await (const line of exportLines(store, 'p')) lines.push(line);
    return lines;
  };
  async function* fed(lines: readonly string[]): AsyncIterable<string> {
    yield* lines;
  }

  async function filled(): Promise<OpenedState> {
    const state = await sqlite.open(`export ${Math.random()}`);
    const { store } = state;
    await store.putAsset(wholeAsset);
    for (let i = 0; i < 700; i += 1) await store.putAsset({ entityType: 'tag', fqn: `Atlas.T${i}`, sourceId: `${i}` });
    const [from, to] = [
      { entityType: 'topic', fqn: 'k.t' },
      { entityType: 'table', fqn: 's.d.c.t' },
    ] as const;
    await store.putEdge({ from, to, pairs: ['a'], created: true, sourceHash: 'h' });
    for (const [runId, day] of [
      ['run-1', '01'],
      ['run-2', '02'],
    ] as const) {
      await store.startJournal(runId, `2026-01-${day}T00:00:00Z`, 10);
      await store.putJournal({
        runId,
        sequence: 1,
        action: 'create',
        entityType: 'tag',
        fqn: 'Atlas.T1',
        before: null,
      });
    }
    await store.markUndone('run-1', '2026-01-03T00:00:00Z');
    await store.setMeta('watermark', '5');
    return state;
  }

  it('carries everything from one kind of store to another', async () => {
    const from = await filled();
    const lines = await exported(from);
    expect(await checkLines(fed(lines))).toBe(lines.length - 2);
    const to = await postgres.open('imported');
    await importLines(to.store, fed(lines));
    expect(await exported(to)).toEqual(lines);
    await from.store.close();
    await to.store.close();
  });

  it('is refused, with its line, when it is cut off or holds what no store would', async () => {
    const from = await filled();
    const lines = await exported(from);
    await from.store.close();
    const replaced = (number: number, line: string): string[] => lines.with(number - 1, line);
    const cases: readonly (readonly [string[], RegExp])[] = [
      [lines.slice(0, -1), /Line \d+ .*ends too early/],
      [lines.toSpliced(5, 1), /lines should stand before it/],
      [[...lines, lines[1]!], /after the last line/],
      [replaced(1, '{"kind":"asset"}'), /Line 1 .*row is no object/],
      [lines.slice(1), /Line 1 .*no export/],
      [replaced(3, lines[0]!), /Line 3 .*second export/],
      [replaced(2, '{"kind": '), /Line 2 .*no JSON/],
      [replaced(2, '7'), /Line 2 .*no object/],
      [replaced(2, '{"kind":"new"}'), /Line 2 .*kind is unknown/],
      [replaced(1, '{"kind":"state","version":2,"pipeline":"p"}'), /another version/],
      [replaced(2, '{"kind":"asset","row":{"entityType":"table","fqn":"a"}}'), /sourceId is missing/],
      [replaced(2, '{"kind":"asset","row":{"entityType":"server","fqn":"a","sourceId":"b"}}'), /entityType/],
      [
        replaced(2, '{"kind":"asset","row":{"entityType":"tag","fqn":"a","sourceId":"b","applied":{"texts":1}}}'),
        /applied/,
      ],
      [
        replaced(2, '{"kind":"asset","row":{"entityType":"tag","fqn":"a","sourceId":"b","more":1}}'),
        /key more is unknown/,
      ],
      [replaced(2, '{"kind":"edge","row":{"from":{"entityType":"tag","fqn":"a"},"to":{},"pairs":[]}}'), /from/],
      [
        replaced(2, '{"kind":"journal","row":{"runId":"r","sequence":1.5,"action":"a","entityType":"t","fqn":"f"}}'),
        /sequence/,
      ],
      [replaced(2, '{"kind":"meta","key":"k"}'), /value is no text/],
    ];
    for (const [bad, message] of cases) {
      const check = checkLines(fed(bad));
      await expect(check, String(message)).rejects.toMatchObject({ code: 'state.bad-import', exitCode: 2 });
      await expect(check).rejects.toThrow(message);
    }
  });
});
