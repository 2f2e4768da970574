import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientOf } from '../../../sandbox/openmetadata/test-client.ts';
import { type Sandbox, startSandbox } from '../../../sandbox/start-sandbox.ts';
import { startTestServer, type TestServer } from '../test-server.testing.ts';

interface RecordedCall {
  readonly request: {
    readonly method: 'GET' | 'POST' | 'DELETE';
    readonly path: string;
    readonly query: Readonly<Record<string, string>>;
    readonly headers: Readonly<Record<string, string>>;
    // biome-ignore lint/suspicious/noExplicitAny: bodies of every form.
    readonly body: any;
  };
  readonly answered: { readonly status: number; readonly body: unknown };
}

const file = join(import.meta.dirname, '../../../../shared/openmetadata/recorded-managed-calls.json');
const isThere = existsSync(file);

/** What the real server of version 1.1.0 sent, in its order; only what it was told itself by the recording is put in. */
describe.skipIf(!isThere)(`the recorded calls of a real server${isThere ? '' : ` (${file} is missing)`}`, () => {
  let sandbox: Sandbox;
  let server: TestServer;
  const answers: { readonly call: RecordedCall; readonly status: number; readonly body: Record<string, unknown> }[] =
    [];

  beforeAll(async () => {
    sandbox = await startSandbox();
    server = await startTestServer();
    const bot = clientOf(sandbox.openmetadata, 'bot');
    const calls = JSON.parse(readFileSync(file, 'utf8')) as RecordedCall[];
    const atlas = { type: 'Atlas', hostPort: sandbox.atlas.url, username: 'admin', password: 'admin' };
    const config = { ...atlas, databaseServiceName: ['local_hive'], entity_type: 'hive_table' };
    const service = await bot.put('/services/metadataServices', {
      name: 'local_atlas',
      serviceType: 'Atlas',
      connection: { config },
    });
    const hive = { config: { type: 'Hive', hostPort: 'hive.example:10000' } };
    await bot.put('/services/databaseServices', { name: 'local_hive', serviceType: 'Hive', connection: hive });
    const postgres = { type: 'Postgres', username: 'reader', hostPort: 'pg.example:5432', database: 'shop' };
    const pgLive = await bot.put('/services/databaseServices', {
      name: 'pg_live',
      serviceType: 'Postgres',
      connection: { config: { ...postgres, authType: { password: 'reader-of-pg' } } },
    });
    for (const call of calls) {
      const isProfiler = call.request.body?.service?.name === 'pg_live';
      const { method, path, query, headers, body } = call.request;
      if (path.endsWith('run_automation')) {
        // The server keeps what it sends; here its stand-in does, with the secrets that the bot then sees.
        const connection = { config: { ...body.request.connection.config, ...atlas, password: 'admin' } };
        await bot.post('/automations/workflows', { ...body, request: { ...body.request, connection } });
      }
      const reply = await server.app.inject({
        method,
        url: path,
        query,
        headers: {
          ...headers,
          ...(headers['Authorization'] && {
            Authorization: `Basic ${Buffer.from(`ada:ada-s-password`).toString('base64')}`,
          }),
        },
        ...(body !== null && { payload: hereNow(body, isProfiler ? pgLive.body.id : service.body.id) }),
      });
      answers.push({ call, status: reply.statusCode, body: reply.json() });
      if (path.endsWith('/trigger')) server.engine.texts.set('atlas_metadata', 'line 1\nline 2');
    }
  });
  afterAll(async () => {
    await server?.close();
    await sandbox?.close();
  });

  /** Address and token of the server that deploys, and the id of its service, as they are here. */
  function hereNow(body: RecordedCall['request']['body'], serviceId: string): object {
    if (!body.openMetadataServerConnection) return body;
    return {
      ...body,
      openMetadataServerConnection: {
        ...body.openMetadataServerConnection,
        hostPort: sandbox.openmetadata.url,
        securityConfig: { jwtToken: sandbox.token },
      },
      ...(body.service && { service: { ...body.service, id: serviceId } }),
    };
  }

  const answerTo = (name: string, nth = 0) =>
    answers.filter(({ call }) => call.request.path.endsWith(`/${name}`))[nth]!;

  it('are answered as the server accepted it', () => {
    expect(answers.length).toBeGreaterThan(10);
    for (const { call, status, body } of answers) {
      expect([call.request.path, status]).toEqual([call.request.path, call.answered.status]);
      const recorded = call.answered.body;
      if (Array.isArray(recorded)) expect(Array.isArray(body)).toBe(true);
      else expect(Object.keys(body)).toEqual(expect.arrayContaining(Object.keys(recorded as object)));
    }
    expect(answerTo('last_dag_logs').body).toEqual({ ingestion_task: 'line 1\nline 2', total: 13 });
  });

  it('say which version the server is of, once it has deployed', async () => {
    const health = await server.app.inject({ url: '/api/v1/openmetadata/health' });
    expect(health.json()).toEqual({ status: 'healthy', version: '1.1.0' });
  });

  it('make a pipeline of the profiler of a database, which reads its logs by its own name', () => {
    expect(answerTo('deploy', 1).status).toBe(200);
    expect(server.engine.pipelines.get('pg_profiler')).toMatchObject({
      id: 'pg_profiler',
      fqn: 'pg_live.pg_profiler',
      pipelineType: 'profiler',
      schedule: { cron: '0 0 * * *' },
      recipe: {
        ingestionPipelineFQN: 'pg_live.pg_profiler',
        source: {
          type: 'Postgres',
          serviceName: 'pg_live',
          serviceConnection: { config: { database: 'shop', authType: { password: 'reader-of-pg' } } },
          sourceConfig: { config: { type: 'Profiler', profileSample: 50, profileSampleType: 'PERCENTAGE' } },
        },
      },
    });
    expect(answerTo('last_dag_logs', 2).body).toHaveProperty('profiler_task');
  });

  it('make a pipeline with the schedule, the name and the secrets that it needs', async () => {
    const call = answerTo('deploy').call.request.body;
    const serviceId = (await clientOf(sandbox.openmetadata, 'bot').get('/services/metadataServices/name/local_atlas'))
      .body.id;
    await server.as('admin', {
      method: 'POST',
      url: '/api/v1/openmetadata/deploy',
      payload: hereNow(call, serviceId),
    });
    expect(server.engine.pipelines.get('atlas_metadata')).toMatchObject({
      id: 'atlas_metadata',
      fqn: 'local_atlas.atlas_metadata',
      pipelineType: 'metadata',
      schedule: { cron: '*/5 * * * *', timezone: 'UTC', startDate: '2026-11-22T00:00:00.000Z', catchup: false },
      retries: 3,
      retryDelaySeconds: 300,
      maxActiveRuns: 1,
      enabled: true,
      recipe: {
        ingestionPipelineFQN: 'local_atlas.atlas_metadata',
        source: { type: 'Atlas', serviceConnection: { config: { password: 'admin' } } },
        workflowConfig: { openMetadataServerConfig: { securityConfig: { jwtToken: sandbox.token } } },
      },
    });
  });
});
