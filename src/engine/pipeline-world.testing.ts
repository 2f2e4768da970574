import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { startAtlas } from '../../sandbox/atlas/start-atlas.ts';
import { type OpenMetadataStandIn, startOpenMetadata } from '../../sandbox/openmetadata/start-openmetadata.ts';
import type { PipelineDefinition } from './engine.ts';

export type PipelineChanges = Partial<PipelineDefinition> & { readonly id: string };

/** Stand-ins of both servers, and pipelines between them whose runs end in a known way. */
export interface PipelineWorld {
  readonly openmetadata: OpenMetadataStandIn;
  /** Password of the source and token of the target, to be searched for where they must not be. */
  readonly secrets: readonly string[];
  /** Succeeds within seconds. */
  quick(changes: PipelineChanges): PipelineDefinition;
  /** Its source takes the request and never answers. */
  endless(changes: PipelineChanges): PipelineDefinition;
  /** Its source cannot be reached. */
  failing(changes: PipelineChanges): PipelineDefinition;
  /** Runs of `endless` pipelines that have asked the source, so far. */
  waiting(): number;
  close(): Promise<void>;
}

const password = 'Pa55word-of-the-source';

export async function startPipelineWorld(): Promise<PipelineWorld> {
  const atlas = await startAtlas({ password });
  const openmetadata = await startOpenMetadata();
  const deaf = await startDeafServer();
  const recipe = (source: string): PipelineDefinition['recipe'] => ({
    source: {
      type: 'Atlas',
      serviceName: 'local_atlas',
      serviceConnection: {
        config: {
          type: 'Atlas',
          hostPort: source,
          username: 'admin',
          password,
          databaseServiceName: ['local_hive'],
          messagingServiceName: [],
          entity_type: 'hive_table',
        },
      },
      sourceConfig: { config: { type: 'DatabaseMetadata' } },
    },
    sink: { type: 'metadata-rest', config: {} },
    workflowConfig: {
      openMetadataServerConfig: {
        hostPort: openmetadata.url,
        authProvider: 'openmetadata',
        securityConfig: { jwtToken: openmetadata.botToken },
      },
    },
    meridian: { mode: 'create' },
  });
  const pipeline = (source: string, changes: PipelineChanges): PipelineDefinition => ({
    // Runs of one memory exclude each other; these are pipelines of their own.
    fqn: `local_atlas.${changes.id}`,
    pipelineType: 'metadata',
    recipe: { ...recipe(source), ingestionPipelineFQN: `local_atlas.${changes.id}` },
    schedule: { catchup: false },
    retries: 0,
    retryDelaySeconds: 0,
    timeoutSeconds: 3600,
    maxActiveRuns: 1,
    enabled: true,
    ...changes,
  });
  return {
    openmetadata,
    secrets: [password, openmetadata.botToken],
    quick: (changes) => pipeline(atlas.url, changes),
    endless: (changes) => pipeline(deaf.url, changes),
    // Port 1 of loopback: nothing listens there.
    failing: (changes) => pipeline('http://127.0.0.1:1', changes),
    waiting: () => deaf.requests(),
    async close() {
      await Promise.all([atlas.close(), openmetadata.close(), deaf.close()]);
    },
  };
}

/** A server that hears everything and says nothing. */
async function startDeafServer() {
  let requests = 0;
  const sockets = new Set<Socket>();
  const server = createServer(() => {
    requests += 1;
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: () => requests,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
