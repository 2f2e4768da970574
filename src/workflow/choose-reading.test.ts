import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { recipeFor } from '../../test/recorded-atlas.ts';
import { loadRecipe } from '../config/load-recipe.ts';
import type { ReadScope, ScopeOutcome, Source } from '../connectors/source.ts';
import { openState } from '../state/open-state.ts';
import type { StateStore } from '../state/state-store.ts';
import { chooseReading, leaveBase, leaveMark, type Reading, type ReadingWish, readMark } from './choose-reading.ts';
import { statePlaceOf } from './identity.ts';

const minute = 60_000;
const day = 24 * 60 * minute;
const hosts = [{ url: 'http://atlas.example:21000' }, { url: 'http://om.example:8585/api', botToken: 'x' }] as const;

let folder: string;
let state: StateStore;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'meridian-reading-'));
  const recipe = await loadRecipe(recipeFor(...hosts), { env: {} });
  state = (await openState(statePlaceOf(recipe, { MERIDIAN_HOME: folder }), 'keep')).store;
});
afterEach(async () => {
  await state.close();
  await rm(folder, { recursive: true, force: true });
});

interface Run {
  readonly wish?: ReadingWish;
  readonly now: number;
  /** The source's own clock. */
  readonly clock?: number;
  readonly meridian?: object;
  readonly connection?: object;
  readonly sourceConfig?: object;
  readonly targetVersion?: string;
  readonly outcome?: ScopeOutcome;
  /** Whether it ends without a failure. */
  readonly succeeds?: boolean;
}

/** One run: what it read, and the scope that the source was asked for. */
async function run(options: Run): Promise<{ reading: Reading; scope: ReadScope | undefined }> {
  const { wish, now, clock = now, outcome = { kept: true }, targetVersion = '1.1.0', succeeds = true } = options;
  const { meridian = {}, connection = {}, sourceConfig = {} } = options;
  const recipe = recipeFor(...hosts, { meridian: { ...meridian }, sourceConfig: { ...sourceConfig } });
  Object.assign(recipe.source.serviceConnection.config, connection);
  const { settings } = await loadRecipe(recipe, { env: {} });
  let scope: ReadScope | undefined;
  const source = {
    clock,
    narrow: async (asked: ReadScope) => {
      scope = asked;
      return outcome;
    },
  } as unknown as Source;
  const memory = { get: () => undefined, set: () => undefined, setAfterSuccess: () => undefined };
  const { signal } = new AbortController();
  const input = { wish, settings, targetVersion, source, state, now };
  const reading = await chooseReading({ ...input, memory, signal });
  if (reading.kind === 'full') await leaveBase(input);
  if (succeeds) await leaveMark(input, reading);
  return { reading, scope };
}

const incremental: Pick<Run, 'wish'> = { wish: 'incremental' };

describe('what a run reads', () => {
  it('is everything at first, then what has changed since the last start on the source’s clock, less a margin', async () => {
    const start = 100 * day;
    const first = await run({ ...incremental, now: start, clock: start - 5 * minute });
    expect(first.reading.kind).toBe('full');
    const second = await run({ ...incremental, now: start + 60 * minute });
    expect(second.reading.kind).toBe('incremental');
    expect(second.scope).toEqual({ kind: 'changedSince', since: start - 15 * minute });
    const third = await run({ ...incremental, now: start + 90 * minute });
    expect(third.scope).toEqual({ kind: 'changedSince', since: start + 50 * minute });
  });

  it('goes back to where the last success began, when runs between have failed', async () => {
    const start = 100 * day;
    await run({ now: start });
    await run({ ...incremental, now: start + 60 * minute, succeeds: false });
    const { scope } = await run({ ...incremental, now: start + 90 * minute });
    expect(scope).toEqual({ kind: 'changedSince', since: start - 10 * minute });
  });

  it('follows the recipe, and a wish before it', async () => {
    const enabled = { sourceConfig: { incremental: { enabled: true, safetyMarginDays: 2 } } };
    await run({ ...enabled, now: 100 * day });
    const followed = await run({ ...enabled, now: 101 * day });
    expect(followed.scope).toEqual({ kind: 'changedSince', since: 98 * day });
    expect((await run({ ...enabled, wish: 'full', now: 101 * day })).reading.kind).toBe('full');
    expect((await run({ now: 101 * day })).reading.kind).toBe('full');
  });

  it('is everything again by schedule, counted from the last full run', async () => {
    const meridian = { incremental: { fullEveryDays: 3 } };
    await run({ now: 100 * day, meridian });
    for (const [now, kind] of [
      [101, 'incremental'],
      [102.9, 'incremental'],
      [103, 'full'],
      [105.9, 'incremental'],
      [106, 'full'],
    ] as const) {
      expect((await run({ ...incremental, now: now * day, meridian })).reading.kind, `day ${now}`).toBe(kind);
    }
    const never = { incremental: { fullEveryDays: 0 } };
    expect((await run({ ...incremental, now: 900 * day, meridian: never })).reading.kind).toBe('incremental');
  });

  it('is everything where the records would be others: another recipe, another target', async () => {
    await run({ now: 100 * day });
    const others: Partial<Run>[] = [
      { meridian: { tagMapping: { PII: 'PII.Sensitive' } } },
      { meridian: { entityTypes: ['kafka_topic'] } },
      { sourceConfig: { tableFilterPattern: { excludes: ['tmp'] } } },
      { targetVersion: '1.2.0' },
      { connection: { username: 'somebody-else' } },
    ];
    for (const other of others) {
      const { reading } = await run({ ...incremental, ...other, now: 100 * day, succeeds: false });
      expect(reading.kind, JSON.stringify(other)).toBe('full');
    }
    const same = { meridian: { concurrency: 2, atlas: { retries: 1 }, deletes: { maxSharePercent: 90 } } };
    expect((await run({ ...incremental, ...same, now: 100 * day })).reading.kind).toBe('incremental');
  });

  it('does not depend on how one signs in at the source', async () => {
    await run({ now: 100 * day });
    const connectionArguments = { headers: { 'x-tenant': 'sales' }, timeoutSeconds: 90 };
    for (const connection of [{ password: 'a new one' }, { connectionArguments }]) {
      expect((await run({ ...incremental, connection, now: 100 * day })).reading.kind).toBe('incremental');
    }
  });

  it('is everything where the source says so, with its reason', async () => {
    await run({ now: 100 * day });
    const outcome: ScopeOutcome = { kept: false, reason: 'types have changed' };
    const { reading } = await run({ ...incremental, now: 101 * day, outcome });
    expect(reading).toEqual({ kind: 'full', reason: 'types have changed' });
  });

  it('may be certain entities, which leaves the mark where it was', async () => {
    await run({ now: 100 * day });
    const mark = await readMark(state);
    const { scope } = await run({ wish: { entities: ['a', 'b'] }, now: 101 * day });
    expect(scope).toEqual({ kind: 'entities', guids: ['a', 'b'] });
    expect(await readMark(state)).toEqual(mark);
  });

  it('may be certain entities also after runs in which something has failed, but not with other settings', async () => {
    const wish = { entities: ['a'] };
    expect((await run({ wish, now: 100 * day, succeeds: false })).reading.kind).toBe('full');
    expect((await run({ wish, now: 101 * day, succeeds: false })).reading.kind).toBe('incremental');
    expect((await run({ ...incremental, now: 101 * day, succeeds: false })).reading.kind).toBe('full');
    const other = { meridian: { tagMapping: { PII: 'PII.Sensitive' } } };
    expect((await run({ wish, ...other, now: 101 * day, succeeds: false })).reading.kind).toBe('full');
  });

  it('is everything where the mark was spoilt', async () => {
    await state.setMeta('reading.mark', '{"at": "yesterday"');
    expect((await run({ ...incremental, now: 100 * day })).reading.kind).toBe('full');
  });

  it('never puts a secret into the memory', async () => {
    await run({ now: 100 * day });
    const { connection } = (await loadRecipe(recipeFor(...hosts), { env: {} })).settings;
    expect(JSON.stringify(connection)).toContain('admin');
    expect(JSON.stringify(await readMark(state))).not.toContain('admin');
  });
});
