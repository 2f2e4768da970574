import { type ChildProcess, spawn } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Sandbox, startSandbox } from '../sandbox/start-sandbox.ts';
import { type PostgresServer, startPostgres } from '../src/state/postgres/postgres-server.testing.ts';
import type { RunReport } from '../src/workflow/report.ts';
import { Workflow } from '../src/workflow/workflow.ts';
import { recipeFor } from './recorded-atlas.ts';

const program = join(import.meta.dirname, '..', 'bin', 'meridian.mjs');
const folder = mkdtempSync(join(tmpdir(), 'meridian-state-'));
let postgres: PostgresServer;
let sandbox: Sandbox;

beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(async () => {
  await postgres?.stop();
  rmSync(folder, { recursive: true, force: true });
});

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function start(
  args: readonly string[],
  input = '',
): { readonly process: ChildProcess; readonly ended: Promise<Ended> } {
  const child = spawn(process.execPath, [program, ...args], {
    cwd: folder,
    env: {
      ...process.env,
      NO_COLOR: '1',
      MERIDIAN_HOME: join(folder, 'home'),
      STATE_DATABASE: postgres.address('postgres'),
    },
  });
  const texts = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].on('data', (chunk) => {
      texts[stream] += chunk;
    });
  }
  child.stdin.end(input);
  const ended = new Promise<Ended>((resolve) => child.once('close', (code) => resolve({ code, ...texts })));
  return { process: child, ended };
}

const meridian = (...args: string[]): Promise<Ended> => start(args).ended;

type Kind = 'sqlite' | 'postgres';

const serviceOf = (name: string): string => `${name}_hive`;

/** A recipe file; its pipeline is named after it. */
function recipeFile(name: string, kind: Kind): string {
  const state = kind === 'sqlite' ? {} : { state: { type: kind, connectionString: '${env:STATE_DATABASE}' } };
  const recipe = recipeFor(
    sandbox.atlas,
    { url: sandbox.openmetadata.url, botToken: sandbox.token },
    { services: [serviceOf(name)], meridian: { concurrency: 1, ...state } },
  );
  const path = join(folder, `${name}-${kind}.json`);
  writeFileSync(path, JSON.stringify({ ...recipe, source: { ...recipe.source, serviceName: name } }), { mode: 0o600 });
  return path;
}

/** Slows writes down, so that a run can be caught at work. */
const slowly = (ms: number): void =>
  sandbox.openmetadata.faults.set(ms === 0 ? [] : [{ kind: 'latency', ms, match: '^(PUT|PATCH|POST)' }]);

/** Waits until a run has begun to write. */
async function untilUnderWay(name: string, running: ChildProcess): Promise<void> {
  const headers = { Authorization: `Bearer ${sandbox.token}` };
  const service = `${sandbox.openmetadata.url}/v1/services/databaseServices/name/${serviceOf(name)}`;
  while (running.exitCode === null && !(await fetch(service, { headers })).ok) await sleep(5);
}

describe.each(['sqlite', 'postgres'] as const)('two runs of one pipeline, with their memory in %s', (kind) => {
  beforeAll(async () => {
    sandbox = await startSandbox();
  });
  afterAll(() => sandbox?.close());

  it('do not meet: the second is told who is at work, and a plan disturbs nobody', async () => {
    const recipe = recipeFile('twice', kind);
    slowly(50);
    const first = start(['ingest', '-c', recipe]);
    await untilUnderWay('twice', first.process);
    first.process.kill('SIGSTOP');
    const second = await meridian('ingest', '-c', recipe);
    expect(second.code, second.stderr).toBe(2);
    expect(second.stdout).toBe('');
    expect(second.stderr).toContain(`process ${first.process.pid}, since 20`);
    expect(second.stderr).toContain('(state.locked)');
    expect((await meridian('state', 'clear', '-c', recipe, '--yes')).code).toBe(2);
    const tested = await meridian('test', '-c', recipe);
    expect([tested.code, tested.stdout]).toEqual([0, expect.stringContaining(`process ${first.process.pid}, since`)]);
    first.process.kill('SIGCONT');
    expect((await meridian('plan', '-c', recipe)).code).toBe(0);
    slowly(0);
    const { code, stderr } = await first.ended;
    expect(code, stderr).toBe(0);
    const next = await meridian('ingest', '-c', recipe);
    expect([next.code, next.stdout]).toEqual([0, expect.not.stringContaining('Took over')]);
  });
});

describe.each(['sqlite', 'postgres'] as const)('a run that is taken back, with its memory in %s', (kind) => {
  beforeAll(async () => {
    sandbox = await startSandbox();
  });
  afterAll(() => sandbox?.close());

  it('is noted, undone, stays undone, and is made again when that is forgotten', async () => {
    const recipe = recipeFile('undone', kind);
    expect((await meridian('undo', '-c', recipe)).stderr).toContain('Nothing to undo');
    expect((await meridian('ingest', '-c', recipe)).code).toBe(0);
    const listed = await meridian('undo', '-c', recipe, '--list');
    const [runId] = listed.stdout.match(/^[0-9a-f-]{36}/)!;
    const plan = await meridian('undo', '-c', recipe, '--dry-run', '-o', 'jsonl');
    const undone = await meridian('undo', '-c', recipe, '-o', 'jsonl');
    expect([plan.code, undone.code]).toEqual([0, 0]);
    const sorted = (text: string): string[] => text.split('\n').sort();
    expect(sorted(undone.stdout)).toEqual(sorted(plan.stdout));
    const next = await meridian('ingest', '-c', recipe, '-o', 'json');
    expect(JSON.parse(next.stdout)).toMatchObject({ state: 'success', target: { writes: 0 } });
    expect((await meridian('undo', '-c', recipe, runId, '--forget')).code).toBe(0);
    const again = await meridian('ingest', '-c', recipe, '-o', 'json');
    // The service brings back what it held.
    expect(JSON.parse(again.stdout)).toMatchObject({ state: 'success', stages: { databaseService: { restored: 1 } } });
  });
});

describe.each(['sqlite', 'postgres'] as const)('a run that does not end by itself, with its memory in %s', (kind) => {
  beforeAll(async () => {
    sandbox = await startSandbox();
  });
  afterAll(() => sandbox?.close());

  const endedBy = async (name: string, end: (process: ChildProcess) => Promise<void>): Promise<Ended> => {
    slowly(50);
    const running = start(['ingest', '-c', recipeFile(name, kind)]);
    await untilUnderWay(name, running.process);
    await end(running.process);
    const ended = await running.ended;
    slowly(0);
    return ended;
  };
  const next = async (name: string): Promise<{ ended: Ended; report: RunReport }> => {
    const report = join(folder, 'report.json');
    const ended = await meridian('ingest', '-c', recipeFile(name, kind), '--report', report);
    expect(ended.code, ended.stderr).toBe(0);
    return { ended, report: JSON.parse(readFileSync(report, 'utf8')) as RunReport };
  };

  it('leaves no lock behind when it is stopped, even in a hurry', async () => {
    const hurried = await endedBy('hurried', async (process) => {
      // Two of a kind at once would be one.
      process.kill('SIGINT');
      process.kill('SIGTERM');
    });
    expect([130, 143]).toContain(hurried.code);
    expect((await next('hurried')).report.warnings).toEqual([]);
  });

  it('is replaced at once when it was killed, with a warning', async () => {
    await endedBy('killed', async (process) => void process.kill('SIGKILL'));
    const { report } = await next('killed');
    expect(report.warnings).toEqual([expect.stringContaining('Took over the lock of a run that did not end properly')]);
  });

  it('leaves no lock behind when it fails', async () => {
    const failing = recipeFile('failing', kind);
    writeFileSync(failing, readFileSync(failing, 'utf8').replace('"password":"admin"', '"password":"wrong"'));
    expect((await meridian('ingest', '-c', failing)).code).toBe(3);
    expect((await next('failing')).report.warnings).toEqual([]);
  });
});

describe.each(['sqlite', 'postgres'] as const)('a run that can no longer remember, in %s', (kind) => {
  beforeAll(async () => {
    sandbox = await startSandbox();
  });
  afterAll(() => sandbox?.close());

  it('ends, instead of writing what the next run would not know for its own', async () => {
    const home = join(folder, 'forgetful');
    const file = recipeFile('forgetful', kind);
    const env = { MERIDIAN_HOME: home, STATE_DATABASE: postgres.address('postgres') };
    const breakStore = async (): Promise<void> => {
      const [database] = globSync(join(home, 'pipelines', '*.db'));
      if (kind === 'sqlite') {
        const other = new DatabaseSync(database!, { timeout: 5000 });
        other.exec('DROP TABLE assets');
        other.close();
      } else {
        const other = new pg.Client(postgres.address('postgres'));
        await other.connect();
        await other.query('DROP SCHEMA meridian CASCADE');
        await other.end();
      }
    };
    slowly(20);
    let broken: Promise<void> | undefined;
    const workflow = await Workflow.create(file, {
      env,
      onChange: ({ entityType }) => {
        if (entityType === 'table') broken ??= breakStore();
      },
    });
    await expect(workflow.execute()).rejects.toMatchObject({ code: 'state.refused', exitCode: 1 });
    await broken;
    slowly(0);
    expect(workflow.report.state).toBe('failed');
    const { created = 0, read = 0 } = workflow.report.stages.table ?? {};
    expect(created).toBeLessThan(read);
  });
});

describe('a run whose lock was taken over, as after a long sleep of its machine', () => {
  beforeAll(async () => {
    sandbox = await startSandbox();
  });
  afterAll(() => sandbox?.close());

  it('ends as failed, and leaves the rest to the other run', async () => {
    slowly(50);
    const now = Date.now;
    const home = join(folder, 'lost');
    const recipe = JSON.parse(readFileSync(recipeFile('lost', 'sqlite'), 'utf8')) as { meridian: object };
    const path = join(home, 'lost.db');
    let taken = false;
    const workflow = await Workflow.create(
      { ...recipe, meridian: { ...recipe.meridian, state: { path } } },
      {
        env: { MERIDIAN_HOME: home },
        onChange: ({ entityType }) => {
          if (taken || entityType !== 'table') return;
          taken = true;
          const database = new DatabaseSync(path, { timeout: 5000 });
          database.exec(`UPDATE lock SET token = 'of the other run'`);
          database.close();
          vi.spyOn(Date, 'now').mockImplementation(() => now() + 60_000);
        },
      },
    );
    try {
      await expect(workflow.execute()).rejects.toMatchObject({ code: 'state.lock-lost', exitCode: 4 });
    } finally {
      vi.restoreAllMocks();
      slowly(0);
    }
    expect(workflow.report.state).toBe('failed');
    const { created = 0, read = 0 } = workflow.report.stages.table ?? {};
    expect(created).toBeGreaterThan(0);
    expect(created).toBeLessThan(read);
    const database = new DatabaseSync(path);
    expect(database.prepare('SELECT token FROM lock').get()).toEqual({ token: 'of the other run' });
    database.close();
  });
});

describe('what is remembered', () => {
  let file: string;
  let database: string;
  beforeAll(async () => {
    sandbox = await startSandbox();
    [file, database] = [recipeFile('moved', 'sqlite'), recipeFile('moved', 'postgres')];
  });
  afterAll(() => sandbox?.close());

  it('moves from SQLite to PostgreSQL, where the next run sends nothing', async () => {
    expect((await meridian('ingest', '-c', file)).code).toBe(0);
    const exported = join(folder, 'moved.jsonl');
    expect((await meridian('state', 'export', exported, '-c', file)).code).toBe(0);
    expect((await meridian('state', 'export', '-c', file)).stdout).toBe(readFileSync(exported, 'utf8'));

    expect((await meridian('state', 'show', '-c', database)).stderr).toContain('(state.none)');
    const imported = await meridian('state', 'import', exported, '-c', database);
    expect(imported.code, imported.stderr).toBe(0);
    expect(imported.stderr).toMatch(/^Imported \d+ rows into postgres:\/\/owner@127\.0\.0\.1:\d+\/postgres/);
    for (const what of [['list'], ['list', '--meta'], ['export']]) {
      const [before, after] = await Promise.all([file, database].map((r) => meridian('state', ...what, '-c', r)));
      expect(after!.stdout).toBe(before!.stdout);
    }

    const report = join(folder, 'moved-report.json');
    expect((await meridian('ingest', '-c', database, '--report', report)).code).toBe(0);
    expect(JSON.parse(readFileSync(report, 'utf8'))).toMatchObject({ target: { writes: 0 }, failureCount: 0 });
  });

  it('is replaced by an import only when that is confirmed and whole', async () => {
    const exported = join(folder, 'moved.jsonl');
    const before = (await meridian('state', 'export', '-c', database)).stdout;
    expect((await meridian('state', 'import', exported, '-c', database)).stderr).toContain('(state.not-confirmed)');
    const cut = join(folder, 'cut.jsonl');
    writeFileSync(cut, readFileSync(exported, 'utf8').slice(0, -40));
    const refused = await meridian('state', 'import', cut, '--yes', '-c', database);
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('(state.bad-import)')]);
    expect((await meridian('state', 'import', join(folder, 'none'), '--yes', '-c', file)).stderr).toContain(
      '(state.file)',
    );
    expect((await meridian('state', 'export', join(folder, 'none', 'x'), '-c', file)).stderr).toContain('(state.file)');
    expect((await meridian('state', 'export', '-c', database)).stdout).toBe(before);
    const lines = readFileSync(exported, 'utf8');
    expect((await start(['state', 'import', '-', '--yes', '-c', database], lines).ended).code).toBe(0);
    expect((await meridian('state', 'export', '-c', database)).stdout).toBe(lines);
  });

  it('can be looked at and set by hand, row by row and key by key', async () => {
    const fqn = 'moved_hive.prod.shop.orders';
    const row = JSON.parse((await meridian('state', 'get', fqn, '-c', database)).stdout);
    expect(row).toMatchObject({ entityType: 'table', fqn, sourceType: 'hive_table' });
    const { sourceHash: _, ...changed } = row;
    expect((await meridian('state', 'set', JSON.stringify(changed), '-c', database)).code).toBe(0);
    expect(JSON.parse((await meridian('state', 'get', fqn, '-c', database)).stdout)).toEqual(changed);
    expect((await start(['state', 'set', '-', '-c', database], JSON.stringify(row)).ended).code).toBe(0);
    expect(JSON.parse((await meridian('state', 'get', fqn, '-c', database)).stdout)).toEqual(row);

    expect((await meridian('state', 'set', '--meta', 'note=a=b', '-c', database)).code).toBe(0);
    expect((await meridian('state', 'get', '--meta', 'note', '-c', database)).stdout).toBe('a=b\n');
    expect((await meridian('state', 'set', '--meta', 'note=', '-c', database)).code).toBe(0);
    expect((await meridian('state', 'get', '--meta', 'note', '-c', database)).stderr).toContain('(state.unknown-name)');
    for (const bad of [
      ['{'],
      ['{"fqn":"a"}'],
      [JSON.stringify({ ...row, entityType: 'server' })],
      ['--meta', 'note'],
    ]) {
      const refused = await meridian('state', 'set', ...bad, '-c', database);
      expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('(state.bad-row)')]);
    }
  });

  it('is tested with source and target', async () => {
    const broken = recipeFile('elsewhere', 'postgres');
    writeFileSync(
      broken,
      readFileSync(broken, 'utf8').replace('${env:STATE_DATABASE}', 'postgres://u:pw@127.0.0.1:1/d'),
    );
    const { code, stdout } = await meridian('test', '-c', broken);
    expect(code).toBe(3);
    expect(stdout).toMatch(
      /^FAIL +open the memory between runs: The state store postgres:\/\/u@127.0.0.1:1\/d cannot/m,
    );
  });

  it('is forgotten on request, and shows no password on the way', async () => {
    const tested = await meridian('test', '-c', database);
    expect(tested.stdout).toMatch(/^ok +open the memory between runs: \d+ entities in postgres:\/\/owner@/m);
    const path = await meridian('state', 'path', '-c', database);
    expect(path.stdout).toMatch(/^postgres:\/\/owner@127\.0\.0\.1:\d+\/postgres \(.+\/atlas\/moved\)\n$/);
    const cleared = await meridian('state', 'clear', '--yes', '-c', database);
    expect(cleared.code, cleared.stderr).toBe(0);
    expect((await meridian('state', 'list', '-c', database)).stdout).toBe('');
    expect(`${path.stdout}${cleared.stderr}`).not.toContain('owner-secret');
    expect((await meridian('state', 'list', '-c', file)).stdout).not.toBe('');
  });
});
