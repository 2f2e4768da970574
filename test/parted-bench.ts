import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { AtlasStandIn } from '../sandbox/atlas/start-atlas.ts';
import { dumpTarget } from '../sandbox/openmetadata/digest.ts';
import type { OpenMetadataStandIn } from '../sandbox/openmetadata/start-openmetadata.ts';
import {
  type Change,
  finishRun,
  ingestPartition,
  type Partition,
  type PartitionReport,
  type PlanOptions,
  planPartitions,
  type RunPlan,
  type RunReport,
} from '../src/index.ts';
import { type PostgresServer, startPostgres } from '../src/state/postgres/postgres-server.testing.ts';
import { type Bench, openBench, type RunOptions, recipeFor } from './recorded-atlas.ts';

/** As it comes out of another process. */
export const overJson = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

export interface Outcome {
  readonly plan: RunPlan;
  readonly reports: readonly PartitionReport[];
  readonly report: RunReport;
  readonly changes: readonly Change[];
}

/** One PostgreSQL, and any number of empty targets with memories of their own in it. */
export class PartedBench {
  readonly #postgres: PostgresServer;
  readonly #benches: Bench[] = [];

  private constructor(postgres: PostgresServer) {
    this.#postgres = postgres;
  }

  static async start(): Promise<PartedBench> {
    return new PartedBench(await startPostgres());
  }

  async open(version = '1.13.0'): Promise<Bench> {
    const bench = await openBench(version);
    this.#benches.push(bench);
    return bench;
  }

  /** A recipe whose runs are cut into so many partitions. */
  recipe(atlas: { url: string }, { openmetadata }: Bench, partitions: number, options: RunOptions = {}): object {
    const state = { type: 'postgres', connectionString: this.#postgres.address('postgres') };
    const meridian = { partitions: { max: partitions, minTables: 1 }, state, ...options.meridian };
    return recipeFor(atlas, openmetadata, { ...options, meridian });
  }

  async close(): Promise<void> {
    for (const bench of this.#benches) await bench.close();
    await this.#postgres.stop();
  }
}

/** A whole run, its partitions at once; `ingest` may do some of them otherwise. */
export async function runParted(
  recipe: object,
  planOptions: PlanOptions = {},
  ingest: (partition: Partition, usual: () => Promise<PartitionReport>) => Promise<PartitionReport | undefined> = (
    _partition,
    usual,
  ) => usual(),
): Promise<Outcome> {
  const changes: Change[] = [];
  const onChange = (change: Change): void => void changes.push(change);
  const plan = overJson(await planPartitions(recipe, { ...planOptions, onChange }));
  const done = await Promise.all(
    plan.partitions.map((partition) => ingest(partition, () => ingestPartition(recipe, partition, { onChange }))),
  );
  const reports = overJson(done.filter((report) => report !== undefined));
  const report = await finishRun(recipe, plan, reports, { onChange });
  return { plan, reports, report, changes };
}

/** Does a partition in a process of its own, which is killed as soon as `enough` says so. @returns its exit code */
export async function ingestInChild(
  recipe: object,
  partition: Partition,
  enough: () => boolean,
): Promise<number | null> {
  const worker = join(import.meta.dirname, 'part-worker.ts');
  const child = spawn(process.execPath, [worker], { stdio: ['pipe', 'ignore', 'inherit'] });
  child.stdin.end(JSON.stringify({ step: 'ingest', args: [recipe, partition] }));
  const ended = once(child, 'close') as Promise<[number | null]>;
  const timer = setInterval(() => enough() && child.kill('SIGKILL'), 1);
  const [code] = await ended;
  clearInterval(timer);
  return code;
}

/** Everything that a target holds but its users, wherever the Atlas is that it came from. */
export async function wholeContent(om: OpenMetadataStandIn, atlas: AtlasStandIn): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of dumpTarget(om.url, om.botToken)) {
    if (!line.includes('"type":"user"')) lines.push(line.replaceAll(atlas.url, 'atlas'));
  }
  return lines;
}
