import { mkdtemp, rm } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FaultRule } from '../../sandbox/faults.ts';
import { type Sandbox, startSandbox } from '../../sandbox/start-sandbox.ts';
import { EmbeddedEngine } from '../../src/engine/embedded/embedded-engine.ts';
import type { PipelineDefinition, PipelineState } from '../../src/engine/engine.ts';
import { fixedAccount } from '../../src/server/access/accounts.ts';
import { consoleFolder } from '../../src/server/console-folder.ts';
import { createServer } from '../../src/server/create-server.ts';

/** Who may sign in at the console that tests look at. */
export const people = {
  ada: { name: 'ada', password: 'ada-s-password', role: 'admin' },
  vera: { name: 'vera', password: 'vera-s-password', role: 'viewer' },
} as const;

/** The real console on the real engine, between stand-ins of both servers. */
export interface ConsoleWorld {
  readonly url: string;
  readonly sandbox: Sandbox;
  readonly engine: EmbeddedEngine;
  /** A source that hears everything and never answers. */
  readonly deafSource: string;
  /** Password and token that no page may show. */
  readonly secrets: readonly string[];
  /** A pipeline over the sample warehouse, not yet deployed. */
  bakery(changes: Partial<PipelineDefinition> & { readonly id: string }, source?: string): PipelineDefinition;
  /** Starts a run and waits for its end. */
  ran(pipelineId: string): Promise<{ readonly runId: string; readonly state: PipelineState }>;
  close(): Promise<void>;
}

const password = 'Pa55word-of-the-source';

/** @param port any unless set */
export async function startConsoleWorld(port = 0): Promise<ConsoleWorld> {
  const home = await mkdtemp(join(tmpdir(), 'meridian-console-world-'));
  const sandbox = await startSandbox({ atlas: { password } });
  const deaf = await startDeafServer();
  const engine = await EmbeddedEngine.open({ home, env: { ...process.env, MERIDIAN_HOME: home } });
  const accounts = await Promise.all(
    Object.values(people).map(({ name, password: secret, role }) => fixedAccount(name, secret, role)),
  );
  const app = await createServer(
    { engine, history: engine.history, accounts, home, env: { MERIDIAN_HOME: home } },
    { consoleFolder: await consoleFolder() },
  );
  await app.listen({ host: '127.0.0.1', port });
  const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
  return {
    url,
    sandbox,
    engine,
    deafSource: deaf.url,
    secrets: [password, sandbox.token],
    bakery: (changes, source = sandbox.atlas.url) => ({
      pipelineType: 'metadata',
      recipe: recipeOf(changes.id, source, sandbox),
      schedule: { catchup: false },
      retries: 0,
      retryDelaySeconds: 0,
      timeoutSeconds: 3600,
      maxActiveRuns: 1,
      enabled: true,
      ...changes,
    }),
    async ran(pipelineId) {
      const { runId } = await engine.trigger({ pipelineId });
      for await (const event of engine.history.follow({ runId })) void event;
      const { state } = await engine.history.run({ runId });
      return { runId, state };
    },
    async close() {
      await app.close();
      await engine.close();
      await Promise.all([sandbox.close(), deaf.close()]);
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** Refuses some of what is written, for good. */
export const refusesContainers: readonly FaultRule[] = [{ kind: '409', match: '^(PUT|POST|PATCH) /api/v1/containers' }];

function recipeOf(id: string, source: string, { openmetadata, token }: Sandbox): PipelineDefinition['recipe'] {
  return {
    source: {
      type: 'Atlas',
      serviceName: `${id}_atlas`,
      serviceConnection: {
        config: {
          type: 'Atlas',
          hostPort: source,
          username: 'admin',
          password,
          databaseServiceName: ['bakery_hive'],
          messagingServiceName: ['bakery_kafka'],
          entity_type: 'DataSet',
        },
      },
      sourceConfig: { config: { type: 'DatabaseMetadata' } },
    },
    sink: { type: 'metadata-rest', config: {} },
    workflowConfig: {
      openMetadataServerConfig: {
        hostPort: openmetadata.url,
        authProvider: 'openmetadata',
        securityConfig: { jwtToken: token },
      },
    },
    meridian: {
      mode: 'create',
      pipelines: true,
      services: { paths: 'bakery_hdfs', s3: 'bakery_s3', ml: 'bakery_models', pipelines: 'bakery_jobs' },
    },
  };
}

async function startDeafServer() {
  const sockets = new Set<Socket>();
  const server = createHttpServer(() => {});
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
