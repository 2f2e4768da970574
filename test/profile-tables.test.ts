import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenMetadataStandIn, startOpenMetadata } from '../sandbox/openmetadata/start-openmetadata.ts';
import { type Client, clientOf } from '../sandbox/openmetadata/test-client.ts';
import { openReplayTarget } from '../src/cli/open-replay-target.ts';
import { replayFile } from '../src/cli/replay-file.ts';
import { ConnectionError } from '../src/errors.ts';
import { ProfileError } from '../src/profiler/profile-error.ts';
import { ScriptedEngine } from '../src/profiler/scripted-engine.testing.ts';
import type { Change } from '../src/reconcile/change.ts';
import type { RunReport } from '../src/workflow/report.ts';
import { Workflow } from '../src/workflow/workflow.ts';

const secret = 'secret-mail@victim.example';
const noEngine = (): never => {
  throw new ProfileError('profile.query-refused', 'permission denied for table');
};

describe.each(['1.1.0', '1.7.0', '1.13.0'])('tables of OpenMetadata %s, profiled by an engine of tests', (version) => {
  let om: OpenMetadataStandIn;
  let bot: Client;
  let home: string;

  beforeAll(async () => {
    om = await startOpenMetadata({ version, strict: true });
    bot = clientOf(om, 'bot');
    await bot.warehouse();
    home = await mkdtemp(join(tmpdir(), 'meridian-test-'));
  });
  afterAll(async () => {
    await om.close();
    await rm(home, { recursive: true, force: true });
  });

  const label = (tagFQN: string) => ({ tagFQN, source: 'Classification', labelType: 'Manual', state: 'Confirmed' });
  const made = new Set<string>();
  /** Replaces every table of the schema by these. */
  async function tables(...given: { name: string; [key: string]: unknown }[]): Promise<void> {
    for (const fqn of made) await bot.delete(`/tables/name/${encodeURIComponent(fqn)}?hardDelete=true`);
    made.clear();
    for (const table of given) {
      const columns = [{ name: 'id', dataType: 'INT' }];
      const { status, body } = await bot.put('/tables', { columns, databaseSchema: 'hive.shop.sales', ...table });
      expect(status, JSON.stringify(body)).toBe(201);
      made.add(body.fullyQualifiedName);
    }
  }

  /** Gives a table one column of this name in place of its own: what names another one is refused. */
  const retype = (name: string, column: string): Promise<unknown> =>
    bot.put('/tables', { name, databaseSchema: 'hive.shop.sales', columns: [{ name: column, dataType: 'INT' }] });

  const recipe = (config: object, more: object = {}): object => ({
    source: {
      type: 'Atlas',
      serviceName: 'local_atlas',
      serviceConnection: {
        config: {
          username: 'u',
          password: 'unused-password',
          entity_type: 'hive_table',
          databaseServiceName: ['hive'],
        },
      },
      sourceConfig: { config: { type: 'Profiler', ...config } },
    },
    sink: { type: 'metadata-rest' },
    workflowConfig: { openMetadataServerConfig: { hostPort: om.url, securityConfig: { jwtToken: om.botToken } } },
    ...more,
  });

  interface Ran {
    readonly report: RunReport;
    readonly changes: readonly Change[];
    readonly workflow: Workflow;
    readonly error?: unknown;
  }
  async function run(engine: ScriptedEngine, config: object = {}, more: object = {}): Promise<Ran> {
    const changes: Change[] = [];
    const workflow = await Workflow.create(recipe(config, more), {
      env: { MERIDIAN_HOME: home },
      engine,
      deadLetters: join(home, 'dead.jsonl'),
      onChange: (change) => changes.push(change),
    });
    const error = await workflow.execute().then(
      () => undefined,
      (reason: unknown) => reason,
    );
    await workflow.stop();
    expect(engine.closed).toBe(true);
    return { report: workflow.report, changes, workflow, error };
  }

  const latest = async (table: string): Promise<Record<string, unknown>> => {
    const { body } = await bot.get(`/tables/${encodeURIComponent(`hive.shop.sales.${table}`)}/tableProfile/latest`);
    const columns = Object.fromEntries(
      body.columns.flatMap((each: { name: string; profile?: unknown }) =>
        each.profile ? [[each.name, each.profile]] : [],
      ),
    );
    return { ...body.profile, columns };
  };
  const requestsOf = (ending: string) => om.requests().filter(({ path }) => path.endsWith(ending));

  it('stores all metrics that the version knows, by the names that the target has', async () => {
    await tables({
      name: 'orders',
      columns: [
        { name: 'id', dataType: 'INT' },
        { name: 'a__reserved__colon__b', dataType: 'INT' },
      ],
    });
    const metrics = { valuesCount: 3, nullCount: 1, min: 1, max: 9, median: 4, firstQuartile: 2, sum: 1e300 };
    const engine = new ScriptedEngine({
      profile: () => ({
        rowCount: 4,
        sizeInByte: 8192,
        columns: [
          { name: 'id', ...metrics, mean: Number.NaN, stddev: Number.POSITIVE_INFINITY },
          { name: 'a::b', ...metrics, histogram: { boundaries: ['1 to 5', '5 and up'], frequencies: [2, 1] } },
        ],
        operations: [{ timestamp: 1_700_000_000_000, operation: 'INSERT', rowsAffected: 7 }],
      }),
    });
    const { report, workflow } = await run(engine);
    expect(report).toMatchObject({ state: 'success', stages: { tableProfile: { read: 1, created: 1 } } });
    workflow.raiseFromStatus();

    const [asked] = engine.asked;
    expect(asked?.table).toMatchObject({
      fqn: 'hive.shop.sales.orders',
      place: { database: 'shop', schema: 'sales', table: 'orders' },
      columns: [{ name: 'id' }, { name: 'a::b' }],
    });
    const found = await latest('orders');
    expect(found).toMatchObject({ rowCount: 4, sizeInByte: 8192, columnCount: 2 });
    const quartile = version === '1.1.0' ? {} : { firstQuartile: 2 };
    const { firstQuartile: _, ...known } = metrics;
    expect(found['columns']).toMatchObject({
      id: { ...known, ...quartile },
      a__reserved__colon__b: { ...known, ...quartile, histogram: { frequencies: [2, 1] } },
    });
    // A server that lacks a metric is told the rest of the profile, and the report says so once.
    const told = report.warnings.filter((warning) => warning.includes('does not know firstQuartile'));
    expect(told).toHaveLength(version === '1.1.0' ? 1 : 0);
    expect(JSON.stringify(found)).not.toMatch(/"mean"|"stddev"/);
    expect(report.skipped).toContainEqual(expect.objectContaining({ reason: 'not-a-number', count: 2 }));
    const { body } = await bot.get(
      '/tables/hive.shop.sales.orders/systemProfile?startTs=1600000000000&endTs=1800000000000',
    );
    expect(body.data).toEqual([{ timestamp: 1_700_000_000_000, operation: 'INSERT', rowsAffected: 7 }]);
  });

  it('never lets values of a masked column leave: not in rows, not in bounds, not in a report or dead letter', async () => {
    await tables(
      {
        name: 'people',
        columns: [
          { name: 'id', dataType: 'INT' },
          { name: 'mail', dataType: 'STRING', tags: [label('PII.Sensitive')] },
          {
            name: 'home',
            dataType: 'STRUCT',
            children: [{ name: 'street', dataType: 'STRING', tags: [label('PII.Sensitive')] }],
          },
        ],
      },
      { name: 'all_secret', tags: [label('PII.Sensitive')], columns: [{ name: 'note', dataType: 'STRING' }] },
    );
    const engine = (meanwhile = async (): Promise<unknown> => undefined): ScriptedEngine =>
      new ScriptedEngine({
        profile: ({ columns }) => ({
          rowCount: 2,
          columns: columns.map(({ name }) => ({ name, nullCount: 0, min: secret, max: secret, maxLength: 26 })),
          problems: [],
        }),
        rows: async ({ columns }) => {
          await meanwhile();
          return {
            columns: columns.map(({ name }) => name),
            rows: [columns.map(({ name }) => (name === 'id' ? 1 : name === 'home' ? { street: secret } : secret))],
          };
        },
      });
    const plain = { generateSampleData: true, sampleDataCount: 7 };
    // What is refused goes to the dead letters, which are files too.
    const { report, changes } = await run(
      engine(() => retype('all_secret', 'other')),
      plain,
    );
    await retype('all_secret', 'note');
    expect(report.stages.sampleData).toMatchObject({ created: 1, failed: 1 });
    const again = engine();
    const second = await run(again, plain);
    expect(again.sampled.map(({ count }) => count)).toEqual([7, 7]);
    expect(second.report.stages.sampleData).toMatchObject({ created: 2, failed: 0 });

    const { body: people } = await bot.get('/tables/name/hive.shop.sales.people');
    const { body: stored } = await bot.get(`/tables/${people.id}/sampleData`);
    expect(stored.sampleData).toEqual({ columns: ['id', 'mail', 'home'], rows: [[1, '********', '********']] });
    expect((await latest('people'))['columns']).toMatchObject({
      id: { min: secret },
      mail: { nullCount: 0, maxLength: 26 },
    });
    const everywhere = [
      JSON.stringify([report, changes, second.report, second.changes]),
      readFileSync(join(home, 'dead.jsonl'), 'utf8'),
      JSON.stringify((await latest('all_secret'))['columns']),
      JSON.stringify(((await latest('people'))['columns'] as Record<string, unknown>)['mail']),
      JSON.stringify(stored.sampleData),
    ];
    expect(everywhere.filter((text) => text.includes('victim'))).toEqual([]);
  });

  it('looks at labels once more before rows leave: somebody may have set one meanwhile', async () => {
    await tables({
      name: 'late_label',
      columns: [
        { name: 'id', dataType: 'INT' },
        { name: 'mail', dataType: 'STRING' },
      ],
    });
    const { body: held } = await bot.get('/tables/name/hive.shop.sales.late_label?fields=tags,columns');
    const engine = new ScriptedEngine({
      rows: async () => {
        const tags = [label('PII.Sensitive')];
        const patch = [{ op: 'add', path: '/columns/1/tags', value: tags }];
        expect((await bot.patch(`/tables/${held.id}`, patch)).status).toBe(200);
        return { columns: ['id', 'mail'], rows: [[1, secret]] };
      },
    });
    const { report } = await run(engine, { generateSampleData: true });
    expect(report.stages.sampleData).toMatchObject({ created: 1 });
    const { body } = await bot.get(`/tables/${held.id}/sampleData`);
    expect(body.sampleData.rows).toEqual([[1, '********']]);
  });

  it('goes on after a table that fails, is missing, or takes too long, and keeps to the threshold', async () => {
    await tables(...['bad', 'gone', 'good', 'late'].map((name) => ({ name })));
    const engine = new ScriptedEngine({
      profile: ({ place }) => {
        if (place.table === 'bad') return noEngine();
        if (place.table === 'gone') throw new ProfileError('profile.table-missing', 'no such table');
        // Does not mind its signal.
        if (place.table === 'late') return new Promise(() => undefined);
        return { rowCount: 3 };
      },
    });
    const limits = { meridian: { profiler: { tableTimeoutSeconds: 1 } } };
    const { report, workflow } = await run(engine, { threadCount: 4 }, limits);
    expect(report.stages.tableProfile).toMatchObject({ read: 4, created: 1, failed: 2, skipped: 1 });
    expect(report.failures.map(({ name, code }) => `${name} ${code}`).sort()).toEqual([
      'hive.shop.sales.bad profile.query-refused',
      'hive.shop.sales.late profile.out-of-time',
    ]);
    expect(report.skipped).toContainEqual(
      expect.objectContaining({ reason: 'not-at-source', samples: ['hive.shop.sales.gone'] }),
    );
    expect(report).toMatchObject({ state: 'failed', successPercent: 50 });
    expect(() => workflow.raiseFromStatus()).toThrow('2 of the tables failed');

    const lenient = {
      workflowConfig: { ...((recipe({}) as never)['workflowConfig'] as object), successThreshold: 50 },
    };
    const { report: partly } = await run(
      new ScriptedEngine({ profile: ({ place }) => (place.table === 'bad' ? noEngine() : { rowCount: 1 }) }),
      {},
      lenient,
    );
    expect(partly).toMatchObject({ state: 'partialSuccess', successPercent: 75 });
  });

  it('keeps a refused profile for a replay', async () => {
    await tables({ name: 'refused' });
    const { report } = await run(
      new ScriptedEngine({
        profile: async () => {
          await retype('refused', 'other');
          return { rowCount: 5, columns: [{ name: 'id', nullCount: 2 }] };
        },
      }),
    );
    await retype('refused', 'id');
    expect(report).toMatchObject({ state: 'failed', failureCount: 1, deadLetters: join(home, 'dead.jsonl') });
    const server = { hostPort: om.url, securityConfig: { jwtToken: om.botToken } };
    const target = openReplayTarget(server as never, { redact: (text) => text, learn: () => undefined });
    const outcome = await replayFile(join(home, 'dead.jsonl'), target, () => undefined);
    await target.close();
    expect(outcome.sent).toBeGreaterThan(0);
    expect(await latest('refused')).toMatchObject({ rowCount: 5, columns: { id: { nullCount: 2 } } });
  });

  it('asks as OpenMetadata’s own configuration of a table and the recipe say, the recipe first', async () => {
    const columns = ['a', 'b', 'c'].map((name) => ({ name, dataType: 'INT' }));
    await tables(
      {
        name: 'held',
        columns,
        tableProfilerConfig: { profileSample: 20, profileSampleType: 'ROWS', excludeColumns: ['b'] },
      },
      { name: 'told', columns, tableProfilerConfig: { profileSample: 20, profileSampleType: 'ROWS' } },
      { name: 'view', columns, tableType: 'View' },
    );
    const engine = new ScriptedEngine({
      profile: (table) => ({
        rowCount: 9,
        columns: table.columns.map(({ name }) => ({ name, min: 1, max: 2, nullCount: 0 })),
      }),
    });
    const { report } = await run(
      engine,
      {
        profileSample: 10,
        metrics: ['rowCount', 'min', 'max'],
        useStatistics: true,
        tableFilterPattern: { excludes: ['nothing'] },
      },
      {
        processor: {
          type: 'orm-profiler',
          config: {
            tableConfig: [
              {
                fullyQualifiedName: 'hive.shop.sales.told',
                profileSample: 5,
                columnConfig: { includeColumns: [{ columnName: 'C', metrics: ['nullCount'] }] },
                profileQuery: 'SELECT 1',
              },
            ],
          },
        },
        meridian: { profiler: { approximateAbove: 123, queryTimeoutSeconds: 9 } },
      },
    );
    const asked = Object.fromEntries(engine.asked.map((each) => [each.table.place.table, each]));
    expect(Object.keys(asked).sort()).toEqual(['held', 'told']);
    expect(asked['held']).toMatchObject({
      table: { columns: [{ name: 'a' }, { name: 'c' }] },
      request: {
        sample: { size: 20, type: 'ROWS' },
        metrics: new Set(['rowCount', 'min', 'max']),
        useStatistics: true,
        approximateAbove: 123,
        queryTimeoutMs: 9000,
      },
    });
    expect(asked['told']).toMatchObject({
      table: { columns: [{ name: 'c' }] },
      request: { sample: { size: 5, type: 'PERCENTAGE' }, metrics: new Set(['rowCount', 'nullCount']) },
    });
    const told = await latest('told');
    expect(told).toMatchObject({ profileSample: 5, profileSampleType: 'PERCENTAGE' });
    expect(told['columns']).toEqual({ c: expect.not.objectContaining({ min: 1 }) });
    expect(report.skipped).toContainEqual(expect.objectContaining({ reason: 'profileQuery', count: 1 }));
    expect(report.stages.tableProfile).toMatchObject({ read: 3, filtered: 1, created: 2 });
  });

  it('filters by labels, and takes a sample by the number of rows', async () => {
    await tables(
      { name: 'gold', tags: [label('Tier.Tier1')] },
      { name: 'lead', tags: [label('Tier.Tier5')] },
      { name: 'none' },
    );
    const engine = new ScriptedEngine({ profile: () => ({ rowCount: 5000 }) });
    const { report } = await run(engine, {
      classificationFilterPattern: { includes: ['Tier'], excludes: ['Tier\\.Tier5'] },
      profileSampleConfig: {
        sampleConfigType: 'DYNAMIC',
        config: {
          thresholds: [
            { rowCountThreshold: 1000, profileSample: 10 },
            { rowCountThreshold: 100_000, profileSample: 1 },
          ],
        },
      },
    });
    expect(report.stages.tableProfile).toMatchObject({ read: 3, filtered: 2, created: 1 });
    expect(engine.asked.map(({ table, request }) => [table.place.table, request.sample?.size])).toEqual([
      ['gold', undefined],
      ['gold', 10],
    ]);
    expect(engine.asked[0]!.request.metrics).toEqual(new Set(['rowCount']));
  });

  it('profiles as many tables at once as the recipe says and the engine allows', async () => {
    await tables(...['a', 'b', 'c', 'd', 'e'].map((name) => ({ name })));
    const together = async (threads: number, maxConcurrency?: number): Promise<number> => {
      const engine: ScriptedEngine = new ScriptedEngine({
        profile: async () => {
          await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
          return { rowCount: 1 };
        },
        ...(maxConcurrency !== undefined && { maxConcurrency }),
      });
      await run(engine, { threadCount: threads });
      return engine.busiest;
    };
    expect(await together(1)).toBe(1);
    expect(await together(3)).toBeLessThanOrEqual(3);
    expect(await together(3)).toBeGreaterThan(1);
    expect(await together(5, 1)).toBe(1);
  });

  it('ends with what was done when it is stopped, when time is up, and when the source is lost', async () => {
    await tables(...['a', 'b', 'c', 'd'].map((name) => ({ name })));
    const reached = Promise.withResolvers<void>();
    const slow = new ScriptedEngine({
      profile: ({ place }) => {
        if (place.table === 'a') return { rowCount: 1 };
        reached.resolve();
        return new Promise(() => undefined);
      },
    });
    const workflow = await Workflow.create(recipe({ threadCount: 1 }), { env: { MERIDIAN_HOME: home }, engine: slow });
    const ended = workflow.execute();
    await reached.promise;
    await workflow.stop();
    expect(await ended).toMatchObject({ state: 'stopped', stages: { tableProfile: { created: 1 } } });
    expect(slow.closed).toBe(true);

    const hanging = new ScriptedEngine({
      profile: ({ place }) => (place.table === 'a' ? { rowCount: 1 } : new Promise(() => undefined)),
    });
    const { report } = await run(hanging, { threadCount: 1, timeoutSeconds: 1 });
    expect(report).toMatchObject({ state: 'failed', failureCount: 3, partial: ['tableProfile'] });
    expect(report.failures.map(({ code }) => code)).toEqual(Array(3).fill('profile.out-of-time'));
    expect(report.failures.at(-1)?.name).toBe('1 table that was not reached');

    const lost = new ScriptedEngine({
      profile: () => {
        throw new ConnectionError('http.unreachable', 'The database cannot be reached.');
      },
    });
    expect((await run(lost)).error).toMatchObject({ code: 'http.unreachable', exitCode: 3 });
  });

  it('says that it profiled nothing, and which service is missing', async () => {
    await tables();
    const { report, workflow } = await run(new ScriptedEngine({}));
    expect(report).toMatchObject({ state: 'failed', failureCount: 0 });
    expect(() => workflow.raiseFromStatus()).toThrow('OpenMetadata holds no table of this service');
    const elsewhere = { meridian: { profiler: { services: { warehouse: 'not_there.db' } } } };
    expect((await run(new ScriptedEngine({}), {}, elsewhere)).error).toMatchObject({ code: 'target.service-missing' });
  });

  it('maps the engine’s database to a service of another connector', async () => {
    await tables({ name: 'orders' });
    const engine = new ScriptedEngine({});
    await run(engine, {}, { meridian: { profiler: { services: { hive_catalog: 'hive.shop' } } } });
    expect(engine.asked[0]!.table.place).toEqual({ database: 'hive_catalog', schema: 'sales', table: 'orders' });
  });

  it('tells OpenMetadata how the run stands, as a pipeline of its kind', async () => {
    await tables({ name: 'orders' });
    await run(new ScriptedEngine({}), {}, { ingestionPipelineFQN: 'hive.nightly_profiles' });
    const { body } = await bot.get('/services/ingestionPipelines/name/hive.nightly_profiles');
    expect(body).toMatchObject({ pipelineType: 'profiler', sourceConfig: { config: { type: 'Profiler' } } });
    expect(requestsOf('/pipelineStatus')).toMatchObject([{ count: 2 }]);
  });
});
