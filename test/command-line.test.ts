import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../sandbox/start-sandbox.ts';
import { type Change, isWrite } from '../src/reconcile/change.ts';
import { getSchema } from '../src/schema/schemas.ts';
import type { RunReport } from '../src/workflow/report.ts';

const program = fileURLToPath(new URL('../bin/meridian.mjs', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'meridian-command-line-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Running {
  readonly process: ChildProcess;
  readonly ended: Promise<Ended>;
}

function start(args: readonly string[], input = '', env: Record<string, string> = {}): Running {
  const home = join(folder, 'home');
  const child = spawn(process.execPath, [program, ...args], {
    cwd: folder,
    env: { ...process.env, MERIDIAN_HOME: home, NO_COLOR: '1', ...env },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  child.stdin.end(input);
  const ended = new Promise<Ended>((resolve) => child.once('close', (code) => resolve({ code, stdout, stderr })));
  return { process: child, ended };
}

const meridian = (...args: string[]): Promise<Ended> => start(args).ended;

interface RecipeChanges {
  readonly hostPort?: string;
  readonly password?: string;
  readonly token?: string;
  readonly service?: string;
  readonly meridian?: object;
}

function recipeFor(sandbox: Sandbox, changes: RecipeChanges = {}): object {
  const { service = 'cli_hive' } = changes;
  return {
    source: {
      type: 'Atlas',
      serviceName: `${service}_atlas`,
      serviceConnection: {
        config: {
          type: 'Atlas',
          hostPort: changes.hostPort ?? sandbox.atlas.url,
          username: 'admin',
          password: changes.password ?? 'admin',
          databaseServiceName: [service],
          entity_type: 'hive_table',
        },
      },
      sourceConfig: { config: { type: 'DatabaseMetadata' } },
    },
    sink: { type: 'metadata-rest', config: {} },
    workflowConfig: {
      openMetadataServerConfig: {
        hostPort: sandbox.openmetadata.url,
        authProvider: 'openmetadata',
        securityConfig: { jwtToken: changes.token ?? sandbox.token },
      },
    },
    meridian: { mode: 'create', ...changes.meridian },
  };
}

let recipes = 0;
function recipeFile(recipe: object): string {
  recipes += 1;
  const path = join(folder, `recipe-${recipes}.json`);
  writeFileSync(path, JSON.stringify(recipe), { mode: 0o600 });
  return path;
}

function validates(name: string, value: unknown): void {
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
  const validate = ajv.compile(getSchema(name)!);
  validate(value);
  expect(validate.errors ?? []).toEqual([]);
}

const readReport = (path: string): RunReport => JSON.parse(readFileSync(path, 'utf8')) as RunReport;

describe('runs against the stand-ins', () => {
  let sandbox: Sandbox;
  let recipe: string;
  beforeAll(async () => {
    sandbox = await startSandbox();
    recipe = recipeFile(recipeFor(sandbox));
  });
  afterAll(() => sandbox.close());

  it('plans, ingests exactly that, and then has nothing left to do', async () => {
    const asJson = await meridian('plan', '-c', recipe, '-o', 'json');
    expect(asJson).toMatchObject({ code: 0, stderr: '' });
    const plan = JSON.parse(asJson.stdout);
    validates('plan', plan);
    const written = plan.changes.filter((change: Change) => isWrite(change));
    expect(written.length).toBeGreaterThan(60);

    const report = join(folder, 'report.json');
    const ingest = await meridian('ingest', '-c', recipe, '--report', report);
    expect(ingest.code).toBe(0);
    expect(ingest.stdout).toMatch(/^tables +\d+ +0 +\d+/m);
    expect(ingest.stdout).toMatch(/Done: \d+ writes/);
    validates('report', readReport(report));
    expect(readReport(report).target.writes).toBe(written.length);

    const again = await meridian('plan', '-c', recipe);
    expect(again.stdout).toContain('OpenMetadata is in step.');
    expect(await meridian('ingest', '--dry-run', '-c', recipe)).toEqual(again);
  });

  it('prints for a program the summary that the command shows', async () => {
    const library = new URL('../src/index.ts', import.meta.url).href;
    const script = `import { Workflow } from ${JSON.stringify(library)};
      const workflow = await Workflow.create(${JSON.stringify(recipe)});
      await workflow.execute();
      workflow.printStatus();`;
    await meridian('ingest', '-c', recipe);
    const shown = (await meridian('ingest', '-c', recipe)).stdout;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      env: { ...process.env, MERIDIAN_HOME: join(folder, 'home') },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let printed = '';
    for await (const chunk of child.stdout) printed += chunk;
    const withoutTimes = (text: string): string => text.replace(/ +\d+\.\d$/gm, '').replace(/[\d.]+ s\.$/m, '');
    expect(withoutTimes(printed)).toBe(withoutTimes(shown));
    expect(printed).toContain('Done, everything was in step: 0 writes');
  });

  it('streams each change as a line, and takes the recipe from standard input', async () => {
    const other = recipeFor(sandbox, { service: 'stdin_hive' });
    const { code, stdout } = await start(['plan', '-c', '-', '-o', 'jsonl'], JSON.stringify(other)).ended;
    expect(code).toBe(0);
    const changes = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(changes.filter(({ entityType }) => entityType === 'table').length).toBeGreaterThan(50);
    validates('plan', { planVersion: 1, changes, report: readReport(join(folder, 'report.json')) });
  });

  it('says step by step that both servers work', async () => {
    const { code, stdout } = await meridian('test', '-c', recipe);
    expect(code).toBe(0);
    const line = (step: string): string => `ok +${step}: [^\\n]+ \\(\\d+ ms\\)\\n`;
    const target = [
      'reach OpenMetadata',
      'version of OpenMetadata',
      'sign in',
      'rights',
      'find database service cli_hive',
    ];
    const source = ['reach Apache Atlas', 'sign in at Apache Atlas', 'read hive_table'];
    expect(stdout).toMatch(new RegExp([...target, ...source, 'open the memory between runs'].map(line).join('')));
    const asJson = await meridian('test', '-c', recipe, '-o', 'json');
    const { ok, steps } = JSON.parse(asJson.stdout);
    expect(ok).toBe(true);
    expect(steps[2]).toMatchObject({ system: 'target', name: 'sign in', ok: true, message: expect.any(String) });
    expect(steps.every(({ ms }: { ms: unknown }) => Number.isInteger(ms))).toBe(true);
  });

  it('lists what it remembers, explains it, and forgets it when told twice', async () => {
    const { stdout } = await meridian('state', 'list', '-c', recipe);
    const fqn = stdout.match(/^(\S+\.orders)\ttable\t/m)![1]!;
    const explained = await meridian('explain', fqn, '-c', recipe, '-o', 'json');
    expect(JSON.parse(explained.stdout)).toMatchObject({ fqn, entityType: 'table' });
    expect(explained.stdout).toContain('written by Meridian');
    expect((await meridian('explain', 'cli_hive.no.such.table', '-c', recipe)).code).toBe(2);
    const path = (await meridian('state', 'path', '-c', recipe)).stdout.trim();
    expect((await meridian('state', 'clear', '-c', recipe)).code).toBe(2);
    expect(readFileSync(path).length).toBeGreaterThan(0);
    expect((await meridian('state', 'clear', '-c', recipe, '--yes')).code).toBe(0);
    expect(() => readFileSync(path)).toThrow();
  });
});

describe('what goes wrong', () => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await startSandbox();
  });
  afterAll(() => sandbox.close());

  it.each([
    ['no such host', { hostPort: 'http://127.0.0.1:9' }],
    ['a wrong password', { password: 'not-the-password-71' }],
    ['a wrong token', { token: 'eyJhbGciOiJIUzI1NiJ9.eyJub3QiOiJpdCJ9.c2VjcmV0LTcx' }],
  ])('%s: exit code 3, one clear paragraph, a report, and no secret anywhere', async (_, changes: RecipeChanges) => {
    const recipe = recipeFile(recipeFor(sandbox, changes));
    const report = join(folder, 'failed.json');
    const ended = await meridian('ingest', '-c', recipe, '--report', report, '--verbose');
    expect([ended.code, ended.stdout]).toEqual([3, '']);
    expect(ended.stderr).toMatch(/^error: .+\n {2}.+/);
    expect(readReport(report)).toMatchObject({ state: 'failed', target: { writes: 0 } });
    const everything = `${ended.stdout}${ended.stderr}${readFileSync(report, 'utf8')}`;
    for (const secret of [changes.password, changes.token, sandbox.token]) {
      if (secret) expect(everything).not.toContain(secret);
    }
    expect((await meridian('test', '-c', recipe)).code).toBe(3);
  });

  it('a mistake in the recipe: exit code 2, each with its place', async () => {
    const path = join(folder, 'mistakes.yaml');
    writeFileSync(path, 'source:\n  typ: Atlas\n  serviceName: a\nsink: {type: metadata-rest}\n');
    const checked = await meridian('validate', '-c', path);
    expect(checked.code).toBe(2);
    expect(checked.stdout).toMatch(/mistakes\.yaml:2:\d+: source\.typ/);
    const ran = await meridian('ingest', '-c', path);
    expect([ran.code, ran.stdout]).toEqual([2, '']);
  });

  it('a report that cannot be written: told before anything is contacted', async () => {
    const recipe = recipeFile(recipeFor(sandbox, { hostPort: 'http://127.0.0.1:9' }));
    const { code, stderr } = await meridian('ingest', '-c', recipe, '--report', join(folder, 'no', 'such', 'folder'));
    expect(code).toBe(2);
    expect(stderr).toContain('cli.report-file');
  });
});

describe('signals and refusals', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('ends cleanly on %s, with a report, and the next run goes on', async (signal, code) => {
    const sandbox = await startSandbox({ openmetadata: { writeLatencyMs: 40 } });
    try {
      const service = `stopped_${signal.toLowerCase()}`;
      const recipe = recipeFile(recipeFor(sandbox, { service, meridian: { concurrency: 1 } }));
      const report = join(folder, `${signal}.json`);
      const running = start(['ingest', '-c', recipe, '--report', report]);
      const requests = `${sandbox.openmetadata.url}/v1/tables?limit=1`;
      const headers = { Authorization: `Bearer ${sandbox.token}` };
      for (let total = 0; total === 0 && running.process.exitCode === null; ) {
        const answer = (await (await fetch(requests, { headers })).json()) as { paging: { total: number } };
        total = answer.paging.total;
      }
      running.process.kill(signal);
      const ended = await running.ended;
      expect(ended.code).toBe(code);
      expect(ended.stderr).toContain('Stopping');
      const stopped = readReport(report);
      expect(stopped.state).toBe('stopped');
      expect(stopped.stages.table!.requests).toBeGreaterThan(0);
      expect(stopped.stages.table!.seconds).toBeGreaterThan(0);
      const next = await meridian('ingest', '-c', recipe, '--report', report);
      expect(next.code).toBe(0);
      const done = readReport(report).stages.table!;
      expect(done.created).toBeLessThan(done.read);
      expect(done.failed).toBe(0);
    } finally {
      await sandbox.close();
    }
  });

  it('writes dead letters for what is refused, exits 1 above the threshold, and replays them', async () => {
    const sandbox = await startSandbox({
      // Every PUT of a table is refused for good.
      openmetadataFaults: [{ kind: '409', match: '^PUT /api/v1/tables(\\?|$)' }],
    });
    try {
      const recipe = recipeFile(recipeFor(sandbox, { service: 'refused_hive' }));
      const letters = join(folder, 'letters.jsonl');
      const ended = await meridian('ingest', '-c', recipe, '--dead-letters', letters);
      expect(ended.code).toBe(1);
      expect(ended.stdout).toContain(`meridian replay -c RECIPE ${letters}`);
      sandbox.openmetadata.faults.set([]);
      const replayed = await meridian('replay', '-c', recipe, letters);
      expect(replayed).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+ sent, 0 left/) });
      expect((await meridian('ingest', '-c', recipe)).code).toBe(0);
      expect((await meridian('plan', '-c', recipe)).stdout).toContain('OpenMetadata is in step.');
    } finally {
      await sandbox.close();
    }
  });
});
