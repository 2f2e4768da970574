import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AtlasStandIn, startAtlas } from '../sandbox/atlas/start-atlas.ts';
import { type OpenMetadataStandIn, startOpenMetadata } from '../sandbox/openmetadata/start-openmetadata.ts';
import type { Change } from '../src/reconcile/change.ts';
import type { RunReport } from '../src/workflow/report.ts';
import { Workflow } from '../src/workflow/workflow.ts';

/** Answers of a real Atlas, beside the repository; tests that need them skip where they are missing. */
export const recordings = join(import.meta.dirname, '..', '..', 'shared', 'atlas');
export const haveRecordings = existsSync(join(recordings, 'recorded', 'index.json'));

export interface Bench {
  readonly openmetadata: OpenMetadataStandIn;
  readonly home: string;
  /** Runs a recipe against the Atlas given; returns the report and every change. */
  run(atlas: AtlasStandIn, options?: RunOptions): Promise<{ report: RunReport; changes: Change[] }>;
  close(): Promise<void>;
}

export interface RunOptions {
  readonly dryRun?: boolean;
  readonly entityType?: string;
  readonly services?: readonly string[];
  readonly meridian?: Readonly<Record<string, unknown>>;
  readonly sourceConfig?: Readonly<Record<string, unknown>>;
  readonly more?: Readonly<Record<string, unknown>>;
}

/** The documented recipe, with hosts and token filled in. */
export function recipeFor(atlas: { url: string }, om: { url: string; botToken: string }, options: RunOptions = {}) {
  return {
    source: {
      type: 'Atlas',
      serviceName: 'local_atlas',
      serviceConnection: {
        config: {
          type: 'Atlas',
          hostPort: atlas.url,
          username: 'admin',
          password: 'admin',
          databaseServiceName: options.services ?? ['local_hive'],
          messagingServiceName: [],
          entity_type: options.entityType ?? 'hive_table',
        },
      },
      sourceConfig: { config: { type: 'DatabaseMetadata', ...options.sourceConfig } },
    },
    sink: { type: 'metadata-rest', config: {} },
    workflowConfig: {
      openMetadataServerConfig: {
        hostPort: om.url,
        authProvider: 'openmetadata',
        securityConfig: { jwtToken: om.botToken },
      },
    },
    meridian: { mode: 'create', ...options.meridian },
    ...options.more,
  };
}

/** An empty OpenMetadata stand-in and a state folder of its own. */
export async function openBench(version = '1.1.0'): Promise<Bench> {
  // Strict: a key that the version does not know is refused, not dropped in silence.
  const openmetadata = await startOpenMetadata({ version, strict: true });
  const home = await mkdtemp(join(tmpdir(), 'meridian-test-'));
  return {
    openmetadata,
    home,
    async run(atlas, options = {}) {
      const changes: Change[] = [];
      const workflow = await Workflow.create(recipeFor(atlas, openmetadata, options), {
        dryRun: options.dryRun ?? false,
        onChange: (change) => changes.push(change),
        env: { ...process.env, MERIDIAN_HOME: home },
      });
      const report = await workflow.execute();
      await workflow.stop();
      return { report, changes };
    },
    async close() {
      await openmetadata.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}

export function startRecorded(folder: 'recorded' | 'recorded-after-changes'): Promise<AtlasStandIn> {
  return startAtlas({ dataDir: join(recordings, folder) });
}

/** One entity as the target answers it; undefined when it has none. */
export async function fetchEntity(
  om: { url: string; botToken: string },
  path: string,
): Promise<Record<string, never> | undefined> {
  const response = await fetch(`${om.url}/v1/${path}`, { headers: { authorization: `Bearer ${om.botToken}` } });
  if (response.status === 404) return undefined;
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as Record<string, never>;
}
