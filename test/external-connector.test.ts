import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AirflowTaskResult } from '../src/airflow/deployment.ts';
import { makeDeployment } from '../src/airflow/make-deployment.ts';
import { newConnector } from '../src/cli/new-connector.ts';
import { recordingTerminal } from '../src/cli/recording-terminal.testing.ts';
import { runCli } from '../src/cli/run-cli.ts';
import { loadRecipe } from '../src/config/load-recipe.ts';
import { EmbeddedEngine } from '../src/engine/embedded/embedded-engine.ts';
import type { PipelineDefinition } from '../src/engine/engine.ts';
import { needsExec } from '../src/server/recipe-rights.ts';
import { type Bench, openBench } from './recorded-atlas.ts';

const meridianBin = join(import.meta.dirname, '..', 'bin', 'meridian.mjs');
const token = 'token-of-the-sample';
let root: string;
let folder: string;
let bench: Bench;
let sample: string;
let env: Record<string, string>;
const closing: (() => unknown)[] = [];

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'meridian-connector-'));
  folder = join(root, 'bakery-shop');
  await newConnector('bakery-shop', folder);
  bench = await openBench('1.13.0');
  const server = spawn(process.execPath, [join(folder, 'sample-server.js'), '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(server, 'exit');
  closing.push(() => server.kill() && ended);
  const [line] = (await once(createInterface(server.stdout), 'line')) as [string];
  sample = (JSON.parse(line) as { url: string }).url;
  env = {
    MERIDIAN_HOME: bench.home,
    CI: '1',
    BAKERY_SHOP_URL: sample,
    BAKERY_SHOP_TOKEN: token,
    OPENMETADATA_URL: bench.openmetadata.url,
    OPENMETADATA_TOKEN: bench.openmetadata.botToken,
  };
});
afterAll(async () => {
  for (const close of closing) await close();
  await bench?.close();
  await rm(root, { recursive: true, force: true });
});

/** One command line, as a user types it in the connector's folder. */
async function meridian(...argv: string[]) {
  const recording = recordingTerminal({ env });
  const code = await runCli(argv, recording.terminal);
  return { code, data: recording.data(), notes: recording.notes() };
}

const recipeOf = (type: string, config: object = { hostPort: sample, token }) => ({
  source: {
    type,
    serviceName: 'bakery',
    serviceConnection: { config },
    sourceConfig: { config: { type: 'DatabaseMetadata' } },
  },
  sink: { type: 'metadata-rest', config: {} },
  workflowConfig: {
    openMetadataServerConfig: {
      hostPort: bench.openmetadata.url,
      authProvider: 'openmetadata',
      securityConfig: { jwtToken: bench.openmetadata.botToken },
    },
  },
});

async function tables(): Promise<number> {
  const answer = await fetch(`${bench.openmetadata.url}/v1/tables?limit=1`, {
    headers: { authorization: `Bearer ${bench.openmetadata.botToken}` },
  });
  return ((await answer.json()) as { paging: { total: number } }).paging.total;
}

describe('a connector that “connector new” wrote', () => {
  it('passes its own tests at once', () => {
    // A runner within a runner would report to the outer one.
    const { NODE_TEST_CONTEXT: _, ...own } = process.env;
    const { status, stdout } = spawnSync(process.execPath, ['--test'], { cwd: folder, env: own, encoding: 'utf8' });
    expect(status, stdout).toBe(0);
    expect(stdout).toMatch(/pass 11\b/);
    expect(stdout).toMatch(/fail 0\b/);
  });

  it('is not written over what is there, nor under a name that cannot be', async () => {
    expect(await meridian('connector', 'new', 'other', '--dir', folder)).toMatchObject({ code: 2 });
    expect(await meridian('connector', 'new', 'Bakery Shop')).toMatchObject({ code: 2 });
    const own = await meridian('connector', 'new', 'postgres', '--dir', join(root, 'postgres'));
    expect(own).toMatchObject({ code: 2, notes: expect.stringContaining('my-postgres') });
  });

  it('runs by its recipe like any other: checked, tried, planned, ingested, in step afterwards', async () => {
    const recipe = ['-c', join(folder, 'recipe.yaml')];
    expect(await meridian('validate', ...recipe)).toMatchObject({ code: 0 });
    const tried = await meridian('test', ...recipe);
    expect(tried, tried.notes).toMatchObject({ code: 0 });
    expect(tried.data + tried.notes).toContain('3 schemas');
    const planned = await meridian('plan', ...recipe);
    expect(planned, planned.notes).toMatchObject({ code: 0 });
    const ingested = await meridian('ingest', ...recipe);
    expect(ingested, ingested.notes).toMatchObject({ code: 0 });
    expect(await tables()).toBe(120);
    const again = await meridian('plan', ...recipe, '-o', 'json');
    const { changes } = JSON.parse(again.data) as { changes: readonly { readonly action: string }[] };
    expect(changes.filter(({ action }) => action !== 'unchanged')).toEqual([]);
    const file = join(root, 'records.jsonl');
    expect(await meridian('export', ...recipe, '-o', file)).toMatchObject({ code: 0 });
    const records = await readFile(file, 'utf8');
    expect(records).toContain('"type":"BakeryShop"');
    const shown = await meridian('config', 'show', ...recipe, '-o', 'json');
    const values = JSON.parse(shown.data) as readonly { readonly path: string; readonly value: unknown }[];
    expect(values).toContainEqual(
      expect.objectContaining({ path: 'source.serviceConnection.config.token', value: '***' }),
    );
    for (const { data, notes } of [tried, planned, ingested, again, shown]) expect(data + notes).not.toContain(token);
    expect(records).not.toContain(token);
  });

  it('runs behind the service, where an admin names its path', async () => {
    const home = await mkdtemp(join(root, 'engine-'));
    const engine = await EmbeddedEngine.open({ home });
    try {
      const pipeline: PipelineDefinition = {
        ...{ id: 'bakery', fqn: 'bakery.bakery', pipelineType: 'metadata', schedule: { catchup: false } },
        ...{ retries: 0, retryDelaySeconds: 0, timeoutSeconds: 600, maxActiveRuns: 1, enabled: true },
        recipe: { ...recipeOf(folder), ingestionPipelineFQN: 'bakery.bakery' },
        // As the console sets it for an admin.
        allowExec: needsExec(recipeOf(folder)),
      };
      const ended = new Set(['success', 'partialSuccess', 'failed', 'stopped']);
      const run = async (id: string, more: Partial<PipelineDefinition>): Promise<readonly [string, string]> => {
        await engine.deploy({ pipeline: { ...pipeline, ...more, id, fqn: `bakery.${id}` } });
        const { runId } = await engine.trigger({ pipelineId: id });
        for (;;) {
          const { state } = (await engine.status({ pipelineId: id })).find((each) => each.runId === runId) ?? {
            state: 'queued',
          };
          if (ended.has(state)) return [state, (await engine.logs({ pipelineId: id })).text];
          await new Promise((resolve) => setTimeout(resolve, 100));
        }
      };
      expect(await run('bakery', {})).toEqual(['success', expect.any(String)]);
      // However it got there: what nobody with that right has deployed loads no code.
      expect(await run('others', { allowExec: false })).toEqual([
        'failed',
        expect.stringContaining('not allowed here'),
      ]);
    } finally {
      await engine.close();
    }
  });

  it('runs as a DAG, where the folder is at hand; its token goes to Airflow’s connections', async () => {
    const file = join(root, 'dag.json');
    await writeFile(file, JSON.stringify(recipeOf('./bakery-shop')), { mode: 0o600 });
    const { deployment, secrets } = makeDeployment(await loadRecipe(file, { deferReferences: true }));
    expect(JSON.stringify(deployment)).not.toContain(token);
    expect(secrets.map(({ value }) => value)).toContain(token);
    const connections = Object.fromEntries(
      secrets.map(({ connectionId, value }) => [
        `AIRFLOW_CONN_${connectionId.toUpperCase()}`,
        JSON.stringify({ conn_type: 'generic', password: value }),
      ]),
    );
    const input = { runId: 'manual__1', tryNumber: 1, maxTries: 1, logicalDate: null, conf: {} };
    const [given, told, result] = ['deployment', 'input', 'result'].map((name) => join(root, `${name}.json`));
    const plan = async (): Promise<{ code: number; said: string; told: AirflowTaskResult }> => {
      await writeFile(given!, JSON.stringify(deployment));
      await writeFile(told!, JSON.stringify(input));
      const argv = ['airflow', 'task', 'plan', '--deployment', given!, '--input', told!, '--result', result!];
      const child = spawn(process.execPath, [meridianBin, ...argv], {
        env: { ...process.env, ...connections, MERIDIAN_HOME: await mkdtemp(join(root, 'home-')) },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
      return { code, said: stdout + stderr, told: JSON.parse(await readFile(result!, 'utf8')) as AirflowTaskResult };
    };
    const done = await plan();
    expect(done, done.said).toMatchObject({ code: 0, told: { value: [{ index: 0, of: 1 }] } });
    // A worker without the folder says which one is missing.
    Object.assign(deployment, { folder: join(root, 'elsewhere') });
    const missing = await plan();
    expect(missing).toMatchObject({ code: 1, told: { error: { code: 'recipe.invalid', retry: false } } });
    expect(missing.said).toContain(join(root, 'elsewhere', 'bakery-shop'));
  });
});

describe('a connector that cannot be used', () => {
  const spec = (more: string): string => `
    import { defineConnector } from 'meridian-metadata';
    export default { ...defineConnector({
      spec: {
        type: 'Shop', title: 'Shop', summary: 'A shop.', emits: ['table'], capabilities: [], defaultMode: 'create',
        connection: { type: 'object', additionalProperties: false, properties: { pin: { type: 'string', format: 'password' } } },
        ${more}
      },
      settings: () => ({ type: 'Shop', place: 'shop' }),
      create: () => ({}),
    })`;
  const modules: Readonly<Record<string, readonly [code: string | undefined, message: RegExp]>> = {
    missing: [undefined, /There is no connector at .*missing\.js/],
    bare: ['export const connector = 1;', /has no default export/],
    plain: ['export default { spec: {} };', /was not made by defineConnector/],
    newer: [`${spec('')}, meridianConnector: 99 };`, /made with version 99 of the kit; this Meridian knows version 1/],
    half: [`${spec('')}, create: undefined };`, /has no function create/],
    taken: [`${spec("type: 'Atlas',")} };`, /“Atlas” is a connector of Meridian’s own/],
    kinds: [`${spec("emits: ['tables'],")} };`, /no such kind: tables/],
    schema: [`${spec("connection: { type: 'object', properties: { a: { type: 'txt' } } },")} };`, /no JSON Schema/],
    wrong: [`${spec("connection: { type: 'object', properties: {}, required: 'a' },")} };`, /no JSON Schema/],
    crash: ["throw new Error('not today');", /cannot be loaded: not today/],
    lost: ["import 'not-there-at-all';", /cannot be loaded: Cannot find package/],
  };

  it.each(Object.entries(modules))('%s is told at source.type', async (name, [code, message]) => {
    const place = join(folder, `${name}.js`);
    if (code !== undefined) await writeFile(place, code);
    const recipe = `# a comment\nsource:\n  type: ./${name}.js\n`;
    const file = join(folder, `${name}.yaml`);
    const { source: _, ...more } = recipeOf('');
    const source = '  serviceName: s\n  serviceConnection: {config: {}}\n  sourceConfig: {config: {}}\n';
    const rest = Object.entries(more).map(([key, value]) => `${key}: ${JSON.stringify(value)}\n`);
    await writeFile(file, recipe + source + rest.join(''), { mode: 0o600 });
    await expect(loadRecipe(file, { env: {} })).rejects.toMatchObject({
      problems: [{ line: 3, column: 9, path: 'source.type', message: expect.stringMatching(message) }],
    });
  });

  it('of a package that is not installed says so, and so does a folder without a module', async () => {
    await mkdir(join(root, 'hollow'));
    const problem = async (type: string) =>
      loadRecipe(recipeOf(type, {}), { env: {}, cwd: root }).catch((error) => error.problems[0].message as string);
    expect(await problem('@acme/no-such-connector')).toMatch(/package @acme\/no-such-connector is not installed/);
    expect(await problem('./hollow')).toMatch(/holds no module/);
    expect(await problem('./hollow/none')).toMatch(/There is no connector at/);
  });

  it('is found as a package in the recipe’s folder', async () => {
    const place = join(root, 'node_modules', '@acme', 'bakery');
    await mkdir(place, { recursive: true });
    await writeFile(
      join(place, 'package.json'),
      JSON.stringify({ name: '@acme/bakery', type: 'module', main: 'main.js' }),
    );
    await writeFile(join(place, 'main.js'), `export { default } from ${JSON.stringify(join(folder, 'index.js'))};`);
    const { settings } = await loadRecipe(recipeOf('@acme/bakery'), { env: {}, cwd: root });
    expect(settings).toMatchObject({ sourceType: 'BakeryShop', mode: 'create' });
  });

  it('has its passwords masked, whatever their names', async () => {
    const place = join(folder, 'pin.js');
    await writeFile(place, `${spec('')} };`);
    const loaded = await loadRecipe(recipeOf(place, { pin: 'bakers-dozen-13' }), { env: {} });
    expect(loaded.secrets).toContain('bakers-dozen-13');
    const wrong = recipeOf(place, { pin: ['bakers-dozen-13'], pinn: 'bakers-dozen-13' });
    const { problems } = await loadRecipe(wrong, { env: {} }).catch((error) => error);
    expect(problems).toHaveLength(2);
    expect(JSON.stringify(problems)).not.toContain('bakers-dozen-13');
  });

  it('may have references within its schema, and the name of another one', async () => {
    const typed = (definition: string): string =>
      spec(`connection: {
        $schema: 'http://json-schema.org/draft-07/schema#', type: 'object', additionalProperties: false,
        definitions: { size: ${definition} }, properties: { size: { $ref: '#/definitions/size' } },
      },`);
    const [one, other] = [join(folder, 'one.js'), join(folder, 'other.js')];
    await writeFile(one, `${typed("{ type: 'integer' }")} };`);
    await writeFile(other, `${typed("{ type: 'string' }")} };`);
    const problems = (place: string, size: unknown) =>
      loadRecipe(recipeOf(place, { size }), { env: {} }).then(
        () => [],
        (error) => error.problems.map(({ path, message }: { path: string; message: string }) => `${path}: ${message}`),
      );
    expect(await problems(one, 3)).toEqual([]);
    expect(await problems(one, 'x')).toEqual(['source.serviceConnection.config.size: This is a text.']);
    expect(await problems(other, 'x')).toEqual([]);
    expect(await problems(other, 3)).toEqual(['source.serviceConnection.config.size: This is a number.']);
  });

  it('is not loaded where code may not run', async () => {
    const place = join(folder, 'tells.js');
    await writeFile(place, "globalThis.connectorWasLoaded = true; throw new Error('loaded');");
    for (const [env, options] of [
      [{ MERIDIAN_ALLOW_EXEC: '0' }, {}],
      [{}, { allowConnectors: false }],
    ] as const) {
      await expect(loadRecipe(recipeOf(place, {}), { env, ...options })).rejects.toMatchObject({
        problems: [{ path: 'source.type', message: expect.stringContaining('not allowed here') }],
      });
    }
    expect(globalThis).not.toHaveProperty('connectorWasLoaded');
  });

  it('that crashes is not taken for a mistake of ours, and gives no secret away', async () => {
    const crashing = (parts: string): string => `${spec('')}, ${parts} };`;
    await writeFile(
      join(folder, 'unsure.js'),
      crashing('settings({ pin }) { throw new TypeError(`what is ${pin}?`); }'),
    );
    const wrong = loadRecipe(recipeOf(join(folder, 'unsure.js'), { pin: 'bakers-dozen-13' }), { env: {} });
    await expect(wrong).rejects.toMatchObject({
      code: 'connector.connection',
      message: expect.stringMatching(/what is \*\*\*/),
    });
    await writeFile(
      join(folder, 'falls.js'),
      crashing(`create: () => ({
        async *records() { yield { kind: 'databaseService', path: ['s'], serviceType: 'CustomDatabase' }; null.x; },
        requestCount: () => 0, close: async () => {} })`),
    );
    const recipe = join(root, 'falls.json');
    await writeFile(recipe, JSON.stringify(recipeOf('./bakery-shop/falls.js', { pin: 'bakers-dozen-13' })));
    const ended = await meridian('ingest', '-c', recipe);
    expect(ended).toMatchObject({ code: 1, notes: expect.stringContaining('The connector Shop failed: Cannot read') });
    expect(ended.notes).not.toContain('mistake in Meridian');
  });

  it('is deployed as a DAG before its variables have values', async () => {
    const dags = await mkdtemp(join(root, 'dags-'));
    const argv = ['--dags', dags, '--bundles', join(root, 'bundles')];
    const { code, notes } = await meridian('airflow', 'deploy', '-c', join(folder, 'recipe.yaml'), ...argv);
    expect([code, notes]).toEqual([0, expect.any(String)]);
    await writeFile(
      join(folder, 'strict.js'),
      `${spec('')}, settings({ pin }) { return { type: 'Shop', place: new URL(pin).host }; } };`,
    );
    const recipe = recipeOf(join(folder, 'strict.js'), { pin: '${env:NOT_THERE_YET}' });
    const { settings } = await loadRecipe(recipe, { env: {}, deferReferences: true });
    expect(settings.sourceType).toBe('Shop');
  });

  it('that throws errors of its own copy of Meridian ends the run as ours do', async () => {
    const recipe = join(root, 'refused.json');
    await writeFile(recipe, JSON.stringify(recipeOf('./bakery-shop', { hostPort: sample, token: 'another-token' })));
    const ended = await meridian('ingest', '-c', recipe);
    expect(ended).toMatchObject({ code: 3, notes: expect.stringContaining('does not accept the token') });
    expect(ended.notes).not.toContain('mistake in Meridian');
  });
});
