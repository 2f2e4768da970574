import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Measured, measure, root, type StandIns, startStandIns } from './measure.ts';
import { startRecordingProxy } from './recording-proxy.ts';

/** Requests at once to OpenMetadata, in ours and in the bare script. */
export const concurrency = 8;
const cli = join(root, 'bin/meridian.mjs');

export interface Report {
  readonly state: string;
  readonly source: { readonly requests: number };
  readonly target: { readonly requests: number; readonly writes: number };
}

/** Requests of the bare script, and those that were refused though the recorded ones were not. */
interface Answers {
  readonly all: number;
  readonly refused: number;
}

/** What an ingest needs to know of its servers. */
export type Addresses = Pick<StandIns, 'atlas' | 'openmetadata' | 'token'>;

/** Ingests in one folder, each against stand-ins of its own. */
export class BenchIngest {
  readonly #folder: string;
  /** Keys of the recipe's `meridian` block beside mode and concurrency. */
  more: Readonly<Record<string, unknown>> = {};

  /** @param folder holds recipes, reports, recordings and memories; removed by its owner */
  constructor(folder: string) {
    this.#folder = folder;
  }

  async withStandIns(args: readonly string[], work: (servers: StandIns) => Promise<void>): Promise<void> {
    const servers = await startStandIns(args);
    try {
      await work(servers);
    } finally {
      await servers.stop();
    }
  }

  /** @param home names the memory between runs: the same name goes on where it left off */
  async ingest(
    servers: Addresses,
    home: string,
    flags: readonly string[] = [],
  ): Promise<Measured & { report: Report }> {
    const reportFile = join(this.#folder, 'report.json');
    const recipe = this.writeRecipe(home, servers);
    const measured = await measure([cli, 'ingest', '-c', recipe, '--report', reportFile, ...flags], {
      MERIDIAN_HOME: join(this.#folder, home),
    });
    if (measured.exitCode !== 0) throw new Error(`the ingest ended with ${measured.exitCode}: ${measured.stderr}`);
    return { ...measured, report: JSON.parse(readFileSync(reportFile, 'utf8')) as Report };
  }

  /** Ingests whose requests are written down under a name each, for {@link bare}; they go on from one to the next. */
  async withRecorder(
    servers: StandIns,
    work: (record: (name: string, home: string, flags?: readonly string[]) => Promise<void>) => Promise<void>,
  ): Promise<void> {
    const atlas = await startRecordingProxy(servers.atlas);
    const openmetadata = await startRecordingProxy(servers.openmetadata);
    const behind = { atlas: atlas.url, openmetadata: openmetadata.url, token: servers.token };
    try {
      await work((name, home, flags) =>
        atlas.record(join(this.#folder, `${name}.atlas`), () =>
          openmetadata.record(join(this.#folder, `${name}.openmetadata`), async () => {
            await this.ingest(behind, home, flags);
          }),
        ),
      );
    } finally {
      await atlas.close();
      await openmetadata.close();
    }
  }

  /**
   * Sends what was recorded, without deciding anything.
   *
   * @param ids names the file that keeps what became of ids, over several recordings in a row
   */
  async bare(servers: StandIns, name: string, ids: string): Promise<Measured & { answers: Answers }> {
    const args = [join(this.#folder, name), servers.atlas, servers.openmetadata, servers.token, String(concurrency)];
    const outcome = await measure([join(root, 'bench/bare-baseline.ts'), ...args, join(this.#folder, ids)]);
    if (outcome.exitCode !== 0) throw new Error(`the bare script ended with ${outcome.exitCode}: ${outcome.stderr}`);
    return { ...outcome, answers: JSON.parse(outcome.stdout) as Answers };
  }

  /** @returns its path */
  writeRecipe(name: string, servers: Addresses): string {
    const path = join(this.#folder, `${name}.json`);
    const config = {
      type: 'Atlas',
      hostPort: servers.atlas,
      username: 'admin',
      password: 'admin',
      databaseServiceName: ['bench_hive'],
      messagingServiceName: [],
      entity_type: 'hive_table',
    };
    const recipe = {
      source: {
        type: 'Atlas',
        serviceName: 'bench_atlas',
        serviceConnection: { config },
        sourceConfig: { config: { type: 'DatabaseMetadata' } },
      },
      sink: { type: 'metadata-rest', config: {} },
      // A pipeline of its own, whatever address the servers have: the memory goes on behind a recording proxy too.
      ingestionPipelineFQN: 'bench_atlas.bench',
      workflowConfig: {
        openMetadataServerConfig: {
          hostPort: servers.openmetadata,
          authProvider: 'openmetadata',
          securityConfig: { jwtToken: servers.token },
        },
      },
      meridian: { mode: 'create', concurrency, ...this.more },
    };
    writeFileSync(path, JSON.stringify(recipe), { mode: 0o600 });
    return path;
  }
}
