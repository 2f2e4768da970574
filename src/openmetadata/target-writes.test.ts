import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DesiredAsset } from '../reconcile/target-asset.ts';
import { assetName, partName } from '../reconcile/target-naming.ts';
import { desiredAsset } from './desired-asset.testing.ts';
import {
  type FilledServer,
  kinds,
  minorOf,
  samples,
  startFilled,
  verdict,
  versions,
} from './target-samples.testing.ts';

describe.each(versions)('on OpenMetadata %s', (version) => {
  const minor = minorOf(version);
  let filled: FilledServer;
  let target: FilledServer['target'];
  let read: FilledServer['read'];

  beforeAll(async () => {
    filled = await startFilled(version);
    ({ target, read } = filled);
  });
  afterAll(() => filled.close());

  it('puts containers of several depths and tables at once, each after what it stands in', async () => {
    const containers = [
      desiredAsset('container', 'lake.many.a', 'b'),
      desiredAsset('container', 'lake.many', 'a'),
      desiredAsset('container', 'lake.nowhere', 'c'),
      desiredAsset('container', 'lake', 'many'),
    ];
    const outcomes = await target.putAssets('container', containers);
    expect(outcomes.map(({ fqn }) => fqn)).toEqual(containers.map(({ fqn }) => fqn));
    expect(outcomes.map(({ error }) => (error as { code?: string } | undefined)?.code)).toEqual([
      undefined,
      undefined,
      'target.parent-missing',
      undefined,
    ]);
    expect(await read('container', 'lake.many.a.b')).toMatchObject({ deleted: false });
  });

  it.each([
    ['topic', 'kafka'],
    ['container', 'lake'],
    ['pipeline', 'etl'],
    ['mlmodel', 'ml'],
    ['glossaryTerm', 'Business'],
  ] as const)('holds odd names of a %s and of its parts once they are encoded', async (kind, parent) => {
    for (const raw of ['orders/v1@prod', 'a::b', 'say "hi"', 'größe (neu)', `long_${'z'.repeat(400)}`]) {
      const { name, displayName } = assetName(kind, raw, target.naming);
      const part = partName(kind, raw, target.naming);
      const asset = desiredAsset(kind, parent, name, {
        ...(displayName !== undefined && { displayName }),
        ...(kind !== 'glossaryTerm' && {
          columns: [
            { ...part, dataType: kind === 'container' || kind === 'topic' ? 'INT' : '', dataTypeDisplay: 'int' },
          ],
        }),
      });
      await target.putAsset(asset);
      const held = await read(kind, asset.fqn);
      expect([held.name, held.displayName ?? held.name]).toEqual([name, raw]);
      expect(held.columns?.map((one) => one.name)).toEqual(kind === 'glossaryTerm' ? undefined : [part.name]);
    }
  });

  it.each(kinds)('puts many of the kind %s at once, a bad one among them', async (kind) => {
    const sample = samples.find(({ entityType }) => entityType === kind)!;
    const named = (name: string): DesiredAsset => ({
      ...sample,
      name,
      fqn: sample.parentFqn === '' ? name : `${sample.parentFqn}.${name}`,
    });
    const outcomes = await target.putAssets(kind, [named('many_1'), named('many::2'), named('many_3')]);
    expect(outcomes.map(({ error }) => error === undefined)).toEqual([true, false, true]);
    for (const name of ['many_1', 'many_3']) {
      const held = await read(kind, named(name).fqn);
      expect(verdict(target, named(name), held)).toEqual({ action: 'unchanged', fields: [] });
      await target.deleteAsset(kind, held.id);
    }
  });

  it.each(kinds)('gives a %s custom properties where the version has them, and no others', async (kind) => {
    const made = await target.createCustomProperty(kind, 'origin', 'where from');
    const always = ['table', 'database', 'databaseSchema', 'pipeline'].includes(kind);
    expect(made).toBe(kind !== 'glossary' && (always || minor >= 2) ? 'string' : undefined);
    if (made === undefined) return;
    const sample = samples.find(({ entityType }) => entityType === kind)!;
    const name = 'with_origin';
    const asset = { ...sample, name, fqn: `${sample.parentFqn}.${name}`, extension: { origin: 'atlas' } };
    const { id } = await target.putAsset(asset);
    expect((await read(kind, asset.fqn)).extension).toEqual({ origin: 'atlas' });
    await target.patchAsset(kind, id, [{ op: 'add', path: '/extension/origin', value: 'elsewhere' }]);
    expect((await read(kind, asset.fqn)).extension).toEqual({ origin: 'elsewhere' });
    await target.deleteAsset(kind, id);
  });

  it('puts foreign keys whichever table comes first, also to the table itself, and keeps their pairs', async () => {
    const key = (columns: string[], table: string, referred: string[]) => ({
      constraintType: 'FOREIGN_KEY',
      columns,
      referredColumns: referred.map((column) => `hive.default.sales.${table}.${column}`),
    });
    const tableOf = (name: string, constraints: readonly object[]): DesiredAsset =>
      desiredAsset('table', 'hive.default.sales', name, {
        attributes: { tableConstraints: constraints },
        columns: ['a', 'b', 'c'].map((column) => ({
          name: column,
          dataType: 'INT',
          dataTypeDisplay: 'int',
          ...(column === 'a' && { constraint: 'PRIMARY_KEY' }),
        })),
      });
    const tables = [
      tableOf('left', [key(['c', 'b'], 'right', ['a', 'b']), key(['a'], 'left', ['b'])]),
      tableOf('right', [
        key(['b'], 'left', ['a']),
        { constraintType: 'UNIQUE', columns: ['gone'] },
        { constraintType: 'PRIMARY_KEY', columns: ['a', 'b'] },
      ]),
    ];
    const bulk = target.bulkSize > 0;
    if (bulk) await target.putAssets('table', tables);
    else for (const one of tables) await target.putAsset(one);
    for (const one of tables) {
      const held = await read('table', one.fqn);
      expect(verdict(target, one, held)).toEqual({ action: 'unchanged', fields: [] });
    }
    expect((await read('table', 'hive.default.sales.left')).attributes).toEqual({
      tableConstraints: [key(['a'], 'left', ['b']), key(['b', 'c'], 'right', ['b', 'a'])],
    });
    const nowhere = tableOf('nowhere', [key(['a'], 'missing', ['a'])]);
    await target.putAsset(nowhere);
    const { attributes } = await read('table', nowhere.fqn);
    expect(attributes).toEqual(minor >= 5 ? undefined : nowhere.attributes);
  });

  it('makes custom properties of the types that the server has, for the kinds that have any', async () => {
    const words = { propertyType: 'enum', values: ['low', 'high'], multiSelect: true } as const;
    expect(await target.createCustomProperty('topic', 'weight', 'how much', { propertyType: 'integer' })).toBe(
      minor >= 2 ? 'integer' : undefined,
    );
    expect(await target.createCustomProperty('table', 'risk', 'how bad', words)).toBe(minor >= 3 ? 'enum' : 'string');
    expect(await target.createCustomProperty('table', 'note', 'a text', { propertyType: 'markdown' })).toBe('markdown');
    const wider = { ...words, values: ['high', 'extreme'] };
    expect(await target.createCustomProperty('table', 'risk', 'how bad', wider)).toBe(minor >= 3 ? 'enum' : 'string');
    const risk = minor >= 3 ? ['low', 'extreme'] : 'low, extreme';
    const sample = desiredAsset('table', 'hive.default.sales', 'risky', {
      columns: [],
      extension: { risk, note: '*x*' },
    });
    await target.putAsset(sample);
    expect((await read('table', sample.fqn)).extension).toEqual({ risk, note: '*x*' });
    if (minor < 2) return;
    const topic = desiredAsset('topic', 'kafka', 'weighed', { extension: { weight: 3 } });
    await target.putAsset(topic);
    expect((await read('topic', topic.fqn)).extension).toEqual({ weight: 3 });
  });
});
