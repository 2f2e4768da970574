import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type AtlasStandIn, startAtlas } from '../../sandbox/atlas/start-atlas.ts';
import type { FaultRule } from '../../sandbox/faults.ts';
import { dumpTarget } from '../../sandbox/openmetadata/digest.ts';
import { type OpenMetadataStandIn, startOpenMetadata } from '../../sandbox/openmetadata/start-openmetadata.ts';
import { type Client, clientOf } from '../../sandbox/openmetadata/test-client.ts';
import type { RunReport } from '../../src/workflow/report.ts';
import { type RunOptions, recipeFor } from '../recorded-atlas.ts';

const command = join(import.meta.dirname, '..', '..', 'bin', 'meridian.mjs');

/** What happens to one run besides its own work. */
export interface RunPlan {
  /** As the recipe has it (everything) unless set. */
  readonly reading?: '--full' | '--incremental' | undefined;
  readonly atlasFaults: readonly FaultRule[];
  readonly openmetadataFaults: readonly FaultRule[];
  /** Killed once both servers have seen so many requests; undefined to let it end. */
  readonly killAfter: number | undefined;
  /** Done once so many requests were seen. */
  readonly meanwhile?: { readonly after: number; readonly act: () => Promise<void> };
}

/** `tables` is the documented recipe; `everything` reads all that Atlas has, processes as pipelines. */
export type Scope = 'tables' | 'everything';

const scopes: Readonly<Record<Scope, RunOptions>> = {
  tables: {},
  everything: { entityType: 'DataSet', meridian: { pipelines: true } },
};

export interface EndedRun {
  /** Null when it was killed. */
  readonly code: number | null;
  /** True when all was read and written, with nothing that failed or was left out on the way. */
  readonly whole: boolean;
  readonly faults: number;
  readonly stderr: string;
}

export const undisturbed: RunPlan = { atlasFaults: [], openmetadataFaults: [], killAfter: undefined };

/** Both stand-ins, a memory between runs, and the real command as a child process. */
export class ChaosWorld {
  readonly atlas: AtlasStandIn;
  readonly openmetadata: OpenMetadataStandIn;
  readonly person: Client;
  readonly #folder: string;

  private constructor(atlas: AtlasStandIn, openmetadata: OpenMetadataStandIn, folder: string) {
    this.atlas = atlas;
    this.openmetadata = openmetadata;
    this.person = clientOf(openmetadata, 'admin');
    this.#folder = folder;
  }

  static async open(version: string, scope: Scope): Promise<ChaosWorld> {
    const folder = await mkdtemp(join(tmpdir(), 'meridian-chaos-'));
    const atlas = await startAtlas();
    const openmetadata = await startOpenMetadata({ version, writeLatencyMs: 2 });
    await writeFile(join(folder, 'recipe.json'), JSON.stringify(recipeFor(atlas, openmetadata, scopes[scope])));
    return new ChaosWorld(atlas, openmetadata, folder);
  }

  async run(plan: RunPlan): Promise<EndedRun> {
    const { atlas, openmetadata } = this;
    openmetadata.clearRequests();
    const atlasBefore = atlas.requests();
    const seen = (): number => atlas.requests() - atlasBefore + this.#requests();
    const injectedBefore = atlas.faults.injected + openmetadata.faults.injected;
    atlas.faults.set(plan.atlasFaults);
    openmetadata.faults.set(plan.openmetadataFaults);
    const report = join(this.#folder, 'report.json');
    const args = [
      command,
      'ingest',
      '-c',
      join(this.#folder, 'recipe.json'),
      '--report',
      report,
      ...(plan.reading ? [plan.reading] : []),
    ];
    const child = spawn(process.execPath, args, {
      env: { ...process.env, MERIDIAN_HOME: join(this.#folder, 'home') },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    const code = await this.#watch(child, plan, seen);
    atlas.faults.clear();
    openmetadata.faults.clear();
    await this.#settle();
    const whole = code === 0 && isWhole(JSON.parse(await readFile(report, 'utf8')) as RunReport);
    return { code, whole, faults: atlas.faults.injected + openmetadata.faults.injected - injectedBefore, stderr };
  }

  /** Writes that the target has seen since its last run began. */
  writes(): number {
    return this.openmetadata.requests().reduce((sum, { method, count }) => sum + (method === 'GET' ? 0 : count), 0);
  }

  /** All that the target holds, without what differs from server to server. */
  async content(): Promise<string[]> {
    const lines: string[] = [];
    for await (const line of dumpTarget(this.openmetadata.url, this.openmetadata.botToken)) {
      if (!line.startsWith('{"type":"user"')) lines.push(line.replaceAll(this.atlas.url, 'atlas'));
    }
    return lines;
  }

  async close(): Promise<void> {
    await this.atlas.close();
    await this.openmetadata.close();
    await rm(this.#folder, { recursive: true, force: true });
  }

  #requests(): number {
    return this.openmetadata.requests().reduce((sum, { count }) => sum + count, 0);
  }

  async #watch(child: ChildProcess, plan: RunPlan, seen: () => number): Promise<number | null> {
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    let acted: Promise<void> | undefined;
    while (child.exitCode === null && child.signalCode === null) {
      const requests = seen();
      if (plan.meanwhile && requests >= plan.meanwhile.after) acted ??= this.#inPeace(plan, plan.meanwhile.act);
      if (plan.killAfter !== undefined && requests >= plan.killAfter) child.kill('SIGKILL');
      await Promise.race([ended, sleep(1)]);
    }
    await acted;
    return ended;
  }

  /** A person's own requests meet no faults: theirs is another way to the server. */
  async #inPeace(plan: RunPlan, act: () => Promise<void>): Promise<void> {
    this.openmetadata.faults.clear();
    await act();
    this.openmetadata.faults.set(plan.openmetadataFaults);
  }

  /** What a killed run had sent is still being worked on for a moment. */
  async #settle(): Promise<void> {
    for (let before = -1; before !== this.#requests(); ) {
      before = this.#requests();
      await sleep(40);
    }
  }
}

function isWhole({ state, partial, skipped }: RunReport): boolean {
  return state === 'success' && partial.length === 0 && !skipped.some(({ reason }) => reason === 'fewer-than-counted');
}
