import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Mutation } from '../sandbox/atlas/mutations.ts';
import { type AtlasStandIn, startAtlas } from '../sandbox/atlas/start-atlas.ts';
import { dumpTarget } from '../sandbox/openmetadata/digest.ts';
import { type OpenMetadataStandIn, startOpenMetadata } from '../sandbox/openmetadata/start-openmetadata.ts';
import { clientOf } from '../sandbox/openmetadata/test-client.ts';
import { recipeFor } from './recorded-atlas.ts';

const command = join(import.meta.dirname, '..', 'bin', 'meridian.mjs');
const orders = 'local_hive.prod.shop.orders';
const byAnn = 'Ann on tills';

/** What changes at the source between two runs: texts, labels, a column, a table. */
const changes: readonly Mutation[] = [
  ...['orders', 'shops', 'products', 'tills', 'returns', 'deliveries', 'promotions', 'couriers'].map(
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
  { op: 'removeClassification', typeName: 'hive_table', qualifiedName: 'shop.orders@prod', classification: 'Fact' },
  {
    op: 'addClassification',
    typeName: 'hive_table',
    qualifiedName: 'shop.returns@prod',
    classification: { typeName: 'Metric', propagate: false },
  },
  {
    op: 'addTable',
    typeName: 'hive_db',
    qualifiedName: 'shop@prod',
    name: 'vouchers',
    columns: [{ name: 'code', type: 'string' }],
  },
];

/** Whole numbers from 1 to `most`, the same for the same seed. */
function draws(seed: number): (most: number) => number {
  let state = seed;
  return (most) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return 1 + (state % most);
  };
}

const writesOf = (om: OpenMetadataStandIn): number =>
  om.requests().reduce((sum, request) => sum + (request.method === 'GET' ? 0 : request.count), 0);

describe.each(['1.1.0', '1.11.0'])('a run killed at any point, on OpenMetadata %s', (version) => {
  let before: AtlasStandIn;
  let after: AtlasStandIn;
  let cleanBefore: string[];
  let cleanAfter: string[];
  let writes: { readonly create: number; readonly update: number };

  interface Stage {
    readonly om: OpenMetadataStandIn;
    /** Runs to the end, or until so many writes were seen; then it is killed. Returns the writes seen. */
    run(atlas: AtlasStandIn, killAfter?: number): Promise<number>;
    content(): Promise<string[]>;
  }

  const onStage = async (act: (stage: Stage) => Promise<void>): Promise<void> => {
    const om = await startOpenMetadata({ version, writeLatencyMs: 2 });
    const folder = await mkdtemp(join(tmpdir(), 'meridian-kill-'));
    const content = async (): Promise<string[]> => {
      const lines = [];
      for await (const line of dumpTarget(om.url, om.botToken)) if (!line.includes('"user"')) lines.push(line);
      return lines;
    };
    try {
      await act({ om, content, run: (atlas, killAfter) => runChild(om, folder, atlas, killAfter) });
    } finally {
      await om.close();
      await rm(folder, { recursive: true, force: true });
    }
  };

  const runChild = async (
    om: OpenMetadataStandIn,
    folder: string,
    atlas: AtlasStandIn,
    killAfter = Number.POSITIVE_INFINITY,
  ): Promise<number> => {
    const recipe = join(folder, 'recipe.json');
    await writeFile(recipe, JSON.stringify(recipeFor({ url: before.url }, om)).replace(before.url, atlas.url));
    om.clearRequests();
    // From the last counted write on, no answer gets through, so that the run cannot outrun its end.
    const match = '^(PUT|PATCH|POST|DELETE)';
    const kind = killAfter % 2 === 0 ? 'drop' : 'drop-after';
    if (Number.isFinite(killAfter)) om.faults.set([{ kind, match, after: killAfter - 1 }]);
    const env = { ...process.env, MERIDIAN_HOME: join(folder, 'home') };
    const child = spawn(process.execPath, [command, 'ingest', '-c', recipe], {
      env,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let told = '';
    child.stderr.on('data', (chunk: Buffer) => {
      told += chunk.toString();
    });
    const code = await endOf(child, () => writesOf(om) >= killAfter);
    om.faults.clear();
    // A killed process has no exit code.
    expect(code, told).toBe(Number.isFinite(killAfter) ? null : 0);
    return writesOf(om);
  };

  const endOf = async (child: ChildProcess, enough: () => boolean): Promise<number | null> => {
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    while (child.exitCode === null && child.signalCode === null) {
      if (enough()) child.kill('SIGKILL');
      await Promise.race([ended, sleep(1)]);
    }
    return ended;
  };

  /** A person rewrites one description and takes one label off. */
  const editAsPerson = async (om: OpenMetadataStandIn): Promise<void> => {
    const person = clientOf(om, 'admin');
    const { body } = await person.get('/tables/name/local_hive.prod.shop.tills');
    await person.patch(`/tables/${body.id}`, [{ op: 'add', path: '/description', value: byAnn }]);
    const table = await person.get(`/tables/name/${orders}?fields=tags`);
    const at = table.body.tags.findIndex((tag: { tagFQN: string }) => tag.tagFQN === 'Atlas.RETENTION');
    await person.patch(`/tables/${table.body.id}`, [{ op: 'remove', path: `/tags/${at}` }]);
  };

  beforeAll(async () => {
    before = await startAtlas();
    after = await startAtlas();
    after.mutate(changes);
    await onStage(async ({ om, run, content }) => {
      const create = await run(before);
      cleanBefore = withoutHost(await content());
      await editAsPerson(om);
      const update = await run(after);
      cleanAfter = withoutHost(await content());
      writes = { create, update };
    });
    expect(cleanAfter).not.toEqual(cleanBefore);
  });
  afterAll(async () => {
    await before?.close();
    await after?.close();
  });
  const withoutHost = (lines: readonly string[]): string[] =>
    lines.map((line) => line.replaceAll(before.url, 'atlas').replaceAll(after.url, 'atlas'));

  it('while it creates, ends where an undisturbed one does, and knows its own words afterwards', async () => {
    const draw = draws(11);
    for (let i = 0; i < 4; i += 1) {
      const point = draw(writes.create - 1);
      await onStage(async ({ om, run, content }) => {
        expect(await run(before, point)).toBeGreaterThanOrEqual(point);
        await run(before);
        expect(withoutHost(await content()), `killed after ${point} writes`).toEqual(cleanBefore);
        expect(await run(before), 'writes of a run after that').toBe(0);
        await editAsPerson(om);
        await run(after);
        expect(withoutHost(await content()), `killed after ${point} writes, then changed`).toEqual(cleanAfter);
      });
    }
  });

  it('while it updates, ends where an undisturbed one does and keeps what a person wrote', async () => {
    const draw = draws(23);
    for (let i = 0; i < 4; i += 1) {
      const point = draw(writes.update - 1);
      await onStage(async ({ om, run, content }) => {
        await run(before);
        await editAsPerson(om);
        await run(after, point);
        await run(after);
        const lines = withoutHost(await content());
        expect(lines, `killed after ${point} writes`).toEqual(cleanAfter);
        expect(lines.some((line) => line.includes(byAnn))).toBe(true);
      });
    }
  });

  it('several times over in one go, ends where an undisturbed one does', async () => {
    const draw = draws(5);
    await onStage(async ({ run, content }) => {
      for (let i = 0; i < 5; i += 1) await run(before, draw(Math.ceil(writes.create / 8)));
      await run(before);
      expect(withoutHost(await content())).toEqual(cleanBefore);
    });
  });
});
