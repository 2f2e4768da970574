import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startAtlas } from '../sandbox/atlas/start-atlas.ts';
import { type OpenMetadataStandIn, startOpenMetadata } from '../sandbox/openmetadata/start-openmetadata.ts';
import { type Client, clientOf } from '../sandbox/openmetadata/test-client.ts';
import type { Change } from '../src/reconcile/change.ts';
import type { RunReport } from '../src/workflow/report.ts';
import { Workflow } from '../src/workflow/workflow.ts';
import { recipeFor } from './recorded-atlas.ts';

export interface MigrationOptions {
  readonly dryRun?: boolean;
  readonly connection?: Readonly<Record<string, unknown>>;
  readonly sourceConfig?: Readonly<Record<string, unknown>>;
  readonly meridian?: Readonly<Record<string, unknown>>;
}

/** Two OpenMetadata servers: the first holds the sample warehouse and what people did there, the second nothing yet. */
export class MigrationWorld implements AsyncDisposable {
  readonly source: OpenMetadataStandIn;
  readonly target: OpenMetadataStandIn;
  readonly home: string;

  private constructor(source: OpenMetadataStandIn, target: OpenMetadataStandIn, home: string) {
    this.source = source;
    this.target = target;
    this.home = home;
  }

  static async open(from: string, to: string): Promise<MigrationWorld> {
    const home = await mkdtemp(join(tmpdir(), 'meridian-migration-'));
    // Strict: a key that a version does not know is refused, not dropped in silence.
    const source = await startOpenMetadata({ version: from, strict: true });
    const target = await startOpenMetadata({ version: to, strict: true });
    return new MigrationWorld(source, target, home);
  }

  /** Brings the sample warehouse into the first server. */
  async fill(): Promise<void> {
    const atlas = await startAtlas();
    try {
      const recipe = recipeFor(atlas, this.source, {
        entityType: 'Asset',
        services: ['local_hive'],
        meridian: { pipelines: true, ownerMapping: { etl: 'admin' } },
        sourceConfig: { includeOwners: true },
      });
      const workflow = await Workflow.create(recipe, {
        env: { ...process.env, MERIDIAN_HOME: join(this.home, 'first') },
      });
      const report = await workflow.execute();
      await workflow.stop();
      if (report.state !== 'success') throw new Error(JSON.stringify(report.failures));
    } finally {
      await atlas.close();
    }
  }

  person(of: 'source' | 'target'): Client {
    return clientOf(this[of], 'admin');
  }

  recipe({ connection, sourceConfig, meridian }: MigrationOptions = {}) {
    const signIn = (server: OpenMetadataStandIn) => ({
      hostPort: server.url,
      authProvider: 'openmetadata',
      securityConfig: { jwtToken: server.botToken },
    });
    return {
      source: {
        type: 'OpenMetadata',
        serviceName: 'old_server',
        serviceConnection: { config: { type: 'OpenMetadata', ...signIn(this.source), ...connection } },
        sourceConfig: { config: { type: 'DatabaseMetadata', includeOwners: true, ...sourceConfig } },
      },
      sink: { type: 'metadata-rest', config: {} },
      workflowConfig: { openMetadataServerConfig: signIn(this.target) },
      ...(meridian && { meridian }),
    };
  }

  run(options: MigrationOptions = {}): Promise<{ report: RunReport; changes: Change[] }> {
    return this.#run(this.recipe(options), options.dryRun ?? false);
  }

  /** Ingests a file of records into the second server. */
  runFile(path: string): Promise<{ report: RunReport; changes: Change[] }> {
    const { source, ...rest } = this.recipe();
    const serviceConnection = { config: { type: 'File', path } };
    return this.#run({ ...rest, source: { ...source, type: 'File', serviceConnection }, meridian: { mode: 'create' } });
  }

  async #run(recipe: object, dryRun = false): Promise<{ report: RunReport; changes: Change[] }> {
    const changes: Change[] = [];
    const workflow = await Workflow.create(recipe, {
      dryRun,
      onChange: (change) => changes.push(change),
      env: { ...process.env, MERIDIAN_HOME: join(this.home, 'second') },
    });
    try {
      return { report: await workflow.execute(), changes };
    } finally {
      await workflow.stop();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.source.close();
    await this.target.close();
    await rm(this.home, { recursive: true, force: true });
  }
}
