import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AtlasStandIn, startAtlas } from '../sandbox/atlas/start-atlas.ts';
import { type OpenMetadataStandIn, startOpenMetadata } from '../sandbox/openmetadata/start-openmetadata.ts';
import { clientOf } from '../sandbox/openmetadata/test-client.ts';
import type { Change } from '../src/reconcile/change.ts';
import { getSchema } from '../src/schema/schemas.ts';
import { recipeFor } from './recorded-atlas.ts';

const program = join(import.meta.dirname, '..', 'bin', 'meridian.mjs');
const shop = 'local_hive.prod.shop';

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

let folder: string;
let atlas: AtlasStandIn;
let openmetadata: OpenMetadataStandIn;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'meridian-undo-command-'));
  [atlas, openmetadata] = await Promise.all([startAtlas(), startOpenMetadata({ version: '1.1.0', writeLatencyMs: 2 })]);
  writeFileSync(join(folder, 'recipe.json'), JSON.stringify(recipeFor(atlas, openmetadata)), { mode: 0o600 });
});
afterEach(async () => {
  await atlas.close();
  await openmetadata.close();
  rmSync(folder, { recursive: true });
});

function start(args: readonly string[]) {
  const child = spawn(process.execPath, [program, ...args, '-c', 'recipe.json'], {
    cwd: folder,
    env: { ...process.env, MERIDIAN_HOME: join(folder, 'home'), NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const ended = new Promise<Ended>((resolve) => child.once('close', (code) => resolve({ code, stdout, stderr })));
  return { child, ended };
}

const meridian = (...args: string[]): Promise<Ended> => start(args).ended;

async function isDeleted(name: string): Promise<boolean> {
  const { body } = await clientOf(openmetadata, 'bot').get(`/tables/name/${shop}.${name}?include=all`);
  return body.deleted === true;
}

describe('meridian undo', () => {
  it('says so where there is nothing to undo, and where no such run is remembered; both leave no trace', async () => {
    expect(await meridian('undo', '--list')).toMatchObject({ code: 0, stdout: '' });
    const nothing = await meridian('undo');
    expect(nothing).toMatchObject({ code: 0, stdout: '', stderr: expect.stringContaining('Nothing to undo') });
    const unknown = await meridian('undo', '3f0c12d4');
    expect(unknown).toMatchObject({ code: 2, stderr: expect.stringContaining('(undo.unknown-run)') });
    expect((await meridian('undo', '--forget')).code).toBe(2);
    expect((await meridian('state', 'show')).stderr).toContain('(state.none)');
  });

  it('lists the runs, shows what would go back, takes it back, and forgets that on demand', async () => {
    expect((await meridian('ingest')).code).toBe(0);
    const listed = await meridian('undo', '--list');
    const [runId] = listed.stdout.match(/^[0-9a-f-]{36}/)!;
    expect(listed.stdout).toMatch(/^[0-9a-f-]{36} {2}\d{4}-\S+Z {2}\d+ writes\n$/);

    const plan = await meridian('undo', '--dry-run');
    expect(plan).toMatchObject({ code: 0, stderr: expect.stringContaining(`Would undo run ${runId}`) });
    expect(plan.stdout).toMatch(/^Tables\n {2}- \d+ to delete \(softly\): made by the run\n/m);
    expect(plan.stdout).toContain('Nothing was sent.');
    expect(await isDeleted('orders')).toBe(false);

    const undone = await meridian('undo', runId.slice(0, 8), '--report', 'report.json', '-o', 'jsonl');
    expect(undone.code).toBe(0);
    const changes = undone.stdout.split('\n').flatMap((line) => (line ? [JSON.parse(line) as Change] : []));
    expect(changes.find(({ fqn }) => fqn === `${shop}.orders`)).toMatchObject({
      action: 'delete',
      entityType: 'table',
    });
    const report = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8'));
    const validate = new Ajv({ strict: false, validateFormats: false }).compile(getSchema('report')!);
    validate(report);
    expect(validate.errors ?? []).toEqual([]);
    expect(report).toMatchObject({ command: 'undo', undoes: runId, state: 'success' });
    expect(await isDeleted('orders')).toBe(true);

    expect((await meridian('undo', '--list')).stdout).toMatch(/ undone \d{4}-\S+Z\n$/);
    expect((await meridian('undo', runId)).stderr).toContain(`Nothing to undo: run ${runId} was undone at`);
    const next = await meridian('ingest');
    expect(next).toMatchObject({ code: 0, stdout: expect.stringContaining('0 writes') });
    expect((await meridian('undo', runId, '--forget')).stderr).toContain('Forgotten');
    expect((await meridian('ingest')).code).toBe(0);
    expect(await isDeleted('orders')).toBe(false);
  });

  it('names what stays, exits 1 where something could not be undone, and goes on when it is run again', async () => {
    await meridian('ingest');
    const person = clientOf(openmetadata, 'admin');
    const { body } = await person.get(`/tables/name/${shop}.tills`);
    await person.patch(`/tables/${body.id}`, [{ op: 'add', path: '/description', value: 'by Ann' }]);
    openmetadata.faults.set([{ kind: '409', match: `^DELETE /api/v1/tables` }]);
    const failed = await meridian('undo');
    expect(failed.code).toBe(1);
    expect(failed.stderr).toContain(`Stays: table ${shop}.tills: somebody has changed it since the run`);
    expect(failed.stderr).toContain('could not be undone');
    expect((await meridian('undo', '--list')).stdout).not.toContain('undone');
    openmetadata.faults.clear();
    expect((await meridian('undo')).code).toBe(0);
    expect(await Promise.all(['orders', 'tills'].map(isDeleted))).toEqual([true, false]);
  });

  it('ends cleanly on a signal, and goes on from there', async () => {
    await meridian('ingest');
    openmetadata.clearRequests();
    openmetadata.faults.set([{ kind: 'latency', ms: 40, match: '^DELETE' }]);
    const { child, ended } = start(['undo']);
    const deletes = (): number =>
      openmetadata.requests().reduce((sum, { method, count }) => sum + (method === 'DELETE' ? count : 0), 0);
    while (deletes() < 5 && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 5));
    child.kill('SIGTERM');
    expect(await ended).toMatchObject({
      code: 143,
      stdout: expect.stringContaining('the same command goes on from here'),
    });
    openmetadata.faults.clear();
    expect((await meridian('undo')).code).toBe(0);
    expect(await isDeleted('orders')).toBe(true);
  });
});

describe('meridian ingest --allow-deletes', () => {
  it('lets go what a guard has kept, and prints the list before anything goes', async () => {
    await meridian('ingest');
    const names = ['shops', 'tills', 'orders', 'products', 'returns', 'couriers', 'deliveries', 'promotions'];
    const more = ['order_lines', 'baskets_raw', 'orders_delta', 'mv_sales_by_hour', 'v_open_orders'];
    atlas.mutate(
      [...names, ...more].map((name) => ({ op: 'deleteEntity', qualifiedName: `shop.${name}@prod` }) as const),
    );
    const plan = await meridian('plan');
    expect(plan.code).toBe(0);
    expect(plan.stdout).toMatch(
      /- 13 gone at the source \(listed only\): not deleted: \d+ % would go, at most 20 % may/,
    );

    const kept = await meridian('ingest');
    expect(kept.code).toBe(4);
    expect(kept.stderr).toMatch(/13 tables: \d+ % would go, at most 20 % may/);
    const [, needed] = kept.stderr.match(/--allow-deletes (\d+%)/)!;
    expect(await isDeleted('shops')).toBe(false);
    expect((await meridian('ingest', '--allow-deletes', 'lots')).code).toBe(2);

    // The first deletion of a table is held up: by then the whole list must be out.
    openmetadata.faults.set([{ kind: 'latency', ms: 1500, match: '^DELETE /api/v1/tables', times: 1 }]);
    const { child, ended } = start(['ingest', '--allow-deletes', needed!]);
    let told = '';
    child.stderr.on('data', (chunk) => {
      told += chunk;
    });
    const announced = (): number => told.split('Will be deleted (softly): table ').length - 1;
    while (announced() < 13 && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(announced()).toBe(13);
    expect(await isDeleted('shops')).toBe(false);
    expect((await ended).code).toBe(0);
    expect(await isDeleted('shops')).toBe(true);
    expect((await meridian('ingest')).code).toBe(0);
  });
});
