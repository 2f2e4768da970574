import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Mutation } from '../sandbox/atlas/mutations.ts';
import { type AtlasStandIn, startAtlas } from '../sandbox/atlas/start-atlas.ts';
import { dumpTarget } from '../sandbox/openmetadata/digest.ts';
import { type OpenMetadataStandIn, startOpenMetadata } from '../sandbox/openmetadata/start-openmetadata.ts';
import { recipeFor } from './recorded-atlas.ts';

const command = join(import.meta.dirname, '..', 'bin', 'meridian.mjs');

const changes: readonly Mutation[] = [
  ...['orders', 'shops', 'tills', 'returns'].map(
    (name): Mutation => ({
      op: 'setAttribute',
      typeName: 'hive_table',
      qualifiedName: `shop.${name}@prod`,
      name: 'description',
      value: `${name}, told anew`,
    }),
  ),
  {
    op: 'addColumn',
    typeName: 'hive_table',
    qualifiedName: 'shop.orders@prod',
    column: { name: 'refunded', type: 'boolean', comment: 'Money back' },
  },
  { op: 'deleteEntity', qualifiedName: 'loyalty.v_active_customers@prod' },
];

const writesOf = (om: OpenMetadataStandIn): number =>
  om.requests().reduce((sum, request) => sum + (request.method === 'GET' ? 0 : request.count), 0);

interface Stage {
  readonly om: OpenMetadataStandIn;
  readonly atlas: AtlasStandIn;
  /** Runs a command to its end, or until so many writes were seen; then it is killed. Returns the writes seen. */
  run(name: 'ingest' | 'undo', killAfter?: number): Promise<number>;
  content(): Promise<string[]>;
}

async function onStage(version: string, act: (stage: Stage) => Promise<void>): Promise<void> {
  const om = await startOpenMetadata({ version, writeLatencyMs: 2 });
  const atlas = await startAtlas();
  const folder = await mkdtemp(join(tmpdir(), 'meridian-undo-kill-'));
  const recipe = join(folder, 'recipe.json');
  await writeFile(recipe, JSON.stringify(recipeFor(atlas, om)));
  const run: Stage['run'] = async (name, killAfter = Number.POSITIVE_INFINITY) => {
    om.clearRequests();
    // From the last counted write on, no answer gets through, so that the command cannot outrun its end.
    const kind = killAfter % 2 === 0 ? 'drop' : 'drop-after';
    if (Number.isFinite(killAfter)) om.faults.set([{ kind, match: '^(PUT|PATCH|POST|DELETE)', after: killAfter - 1 }]);
    const child = spawn(process.execPath, [command, name, '-c', recipe], {
      env: { ...process.env, MERIDIAN_HOME: join(folder, 'home') },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let told = '';
    child.stderr.on('data', (chunk: Buffer) => {
      told += chunk.toString();
    });
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    while (child.exitCode === null && child.signalCode === null) {
      if (writesOf(om) >= killAfter) child.kill('SIGKILL');
      await Promise.race([ended, sleep(1)]);
    }
    om.faults.clear();
    // A killed process has no exit code.
    expect(await ended, told).toBe(Number.isFinite(killAfter) ? null : 0);
    return writesOf(om);
  };
  const content = async (): Promise<string[]> => {
    const lines = [];
    for await (const line of dumpTarget(om.url, om.botToken)) {
      if (!line.includes('"user"')) lines.push(line.replaceAll(atlas.url, 'atlas'));
    }
    return lines;
  };
  try {
    await act({ om, atlas, run, content });
  } finally {
    await om.close();
    await atlas.close();
    await rm(folder, { recursive: true, force: true });
  }
}

describe.each(['1.1.0', '1.13.0'])('an undo killed at any point, on OpenMetadata %s', (version) => {
  it.each([
    ['of a first run', false],
    ['of a run that changed and deleted things', true],
  ])('%s ends where an undisturbed one does, and the next ingest sends nothing', async (_, isUpdate) => {
    const prepare = async ({ atlas, run }: Stage): Promise<void> => {
      await run('ingest');
      if (!isUpdate) return;
      atlas.mutate(changes);
      await run('ingest');
    };
    let clean: string[] = [];
    let writes = 0;
    await onStage(version, async (stage) => {
      await prepare(stage);
      const before = await stage.content();
      writes = await stage.run('undo');
      clean = await stage.content();
      expect(clean).not.toEqual(before);
    });
    for (const point of [2, Math.floor(writes / 2) | 1, writes - 1]) {
      await onStage(version, async (stage) => {
        await prepare(stage);
        expect(await stage.run('undo', point)).toBeGreaterThanOrEqual(point);
        await stage.run('undo');
        expect(await stage.content(), `killed after ${point} of ${writes} writes`).toEqual(clean);
        expect(await stage.run('ingest'), 'writes of an ingest after that').toBe(0);
        expect(await stage.content()).toEqual(clean);
      });
    }
  });
});
