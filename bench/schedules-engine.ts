/** The process that holds the engine of `bench/schedules.ts`: arguments are its home and the number of pipelines. */
import { setTimeout as sleep } from 'node:timers/promises';
import { EmbeddedEngine } from '../src/engine/embedded/embedded-engine.ts';
import type { RunRecord } from '../src/engine/run-history.ts';

export type EngineWord =
  | { readonly type: 'idle'; readonly megabytes: number; readonly processorPercent: number }
  | { readonly type: 'run'; readonly run: RunRecord };

const [home, count] = process.argv.slice(2);
const idleMs = 10_000;
const pipelines = Number(count);
const engine = await EmbeddedEngine.open({ home: home!, settings: { maxRuns: pipelines, keepRuns: 3 } });

/** Nothing listens there; and a run ends before it asks, since a variable is not set: the engine is measured, no ingest. */
const nowhere = 'http://127.0.0.1:1';
const recipe = {
  source: {
    type: 'Atlas',
    serviceName: 'bench_atlas',
    serviceConnection: {
      config: { type: 'Atlas', hostPort: nowhere, username: 'admin', password: 'admin', entity_type: 'hive_table' },
    },
    sourceConfig: { config: { type: 'DatabaseMetadata' } },
  },
  sink: { type: 'metadata-rest', config: {} },
  workflowConfig: {
    openMetadataServerConfig: {
      hostPort: `${nowhere}/api`,
      authProvider: 'openmetadata',
      securityConfig: { jwtToken: '${env:NEVER_SET}' },
    },
  },
};

for (let i = 0; i < pipelines; i += 1) {
  await engine.deploy({
    pipeline: {
      id: `pipeline-${i}`,
      pipelineType: 'metadata',
      recipe,
      schedule: { cron: '* * * * *', timezone: 'UTC', catchup: false },
      retries: 0,
      retryDelaySeconds: 0,
      timeoutSeconds: 3600,
      maxActiveRuns: 1,
      enabled: false,
    },
  });
}

const before = process.cpuUsage();
await sleep(idleMs);
const { user, system } = process.cpuUsage(before);
process.send!({
  type: 'idle',
  megabytes: process.memoryUsage.rss() / 1024 / 1024,
  processorPercent: (user + system) / idleMs / 10,
} satisfies EngineWord);

engine.history.onTransition(({ run }) => process.send!({ type: 'run', run } satisfies EngineWord));
process.on('message', (word: 'go' | 'pause' | 'close') => void obey(word));

async function obey(word: 'go' | 'pause' | 'close'): Promise<void> {
  const ids = Array.from({ length: pipelines }, (_, i) => `pipeline-${i}`);
  if (word === 'go') for (const pipelineId of ids) await engine.enable({ pipelineId });
  if (word === 'pause') for (const pipelineId of ids) await engine.disable({ pipelineId });
  if (word === 'close') {
    await engine.close();
    process.disconnect();
  }
}
