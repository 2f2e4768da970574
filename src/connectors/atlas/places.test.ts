import { describe, expect, it } from 'vitest';
import { ConfigurationError } from '../../errors.ts';
import type { SourceMemory } from '../source.ts';
import { choosePlaces, clusterOf, type PlacesOptions } from './places.ts';

function memory(): SourceMemory {
  const kept = new Map<string, string>();
  return {
    get: (key) => kept.get(key),
    set: (key, value) => void kept.set(key, value),
    setAfterSuccess: () => undefined,
  };
}

function options(over: Partial<PlacesOptions> & { held?: readonly string[] | undefined } = {}): PlacesOptions {
  const { held, ...rest } = over;
  return {
    mode: 'create',
    serviceName: 'local_atlas',
    databaseServiceName: ['hive'],
    clusters: {},
    targetNames: { databases: async () => held },
    memory: memory(),
    ...rest,
  };
}

async function places(clusters: readonly string[], from: PlacesOptions): Promise<Record<string, string>> {
  const chosen = await choosePlaces(clusters, from);
  return Object.fromEntries([...chosen].map(([cluster, { service, database }]) => [cluster, `${service}/${database}`]));
}

it('the cluster is what stands after the last @', () => {
  expect(clusterOf('sales.orders@prod')).toBe('prod');
  expect(clusterOf('odd@name.t@dr')).toBe('dr');
  expect(clusterOf('no cluster')).toBe('');
});

describe('creating', () => {
  it('the only cluster is database default, several have their own names', async () => {
    expect(await places(['prod'], options())).toEqual({ prod: 'hive/default' });
    expect(await places(['prod', 'dr'], options())).toEqual({ prod: 'hive/prod', dr: 'hive/dr' });
  });

  it('a later cluster never moves the first, in any order and any number of runs', async () => {
    const state = options();
    await places(['prod'], state);
    expect(await places(['dr', 'prod'], state)).toEqual({ prod: 'hive/default', dr: 'hive/dr' });
    expect(await places(['aa', 'dr', 'prod'], state)).toEqual({
      aa: 'hive/aa',
      prod: 'hive/default',
      dr: 'hive/dr',
    });
    expect(await places(['dr'], state)).toEqual({ dr: 'hive/dr' });
  });

  it('databases without a cluster get a database with a name', async () => {
    expect(await places([''], options())).toEqual({ '': 'hive/default' });
    expect(await places(['', 'prod'], options())).toEqual({ '': 'hive/default', prod: 'hive/prod' });
    const state = options();
    await places(['prod'], state);
    expect(await places(['', 'prod'], state)).toEqual({ '': 'hive/no_cluster', prod: 'hive/default' });
  });

  it('the recipe says which service, and which database if it likes', async () => {
    const clusters = { prod: 'hive_prod', dr: 'hive_dr.standby' };
    expect(await places(['prod', 'dr'], options({ clusters, databaseServiceName: ['hive_prod', 'hive_dr'] }))).toEqual({
      prod: 'hive_prod/default',
      dr: 'hive_dr/standby',
    });
  });

  it('without a service the Atlas service’s name is taken; with several it must be said', async () => {
    expect(await places(['prod'], options({ databaseServiceName: [] }))).toEqual({ prod: 'local_atlas/default' });
    const several = options({ databaseServiceName: ['a', 'b'] });
    await expect(choosePlaces(['dr', 'prod'], several)).rejects.toThrow(ConfigurationError);
    await expect(choosePlaces(['dr', 'prod'], several)).rejects.toThrow(/dr, prod.*a, b/);
  });
});

describe('enriching what is there', () => {
  it('the only database takes the only cluster, whatever its name', async () => {
    expect(await places(['prod'], options({ mode: 'enrich', held: ['warehouse'] }))).toEqual({
      prod: 'hive/warehouse',
    });
  });

  it('a database of the cluster’s name is the cluster’s', async () => {
    expect(await places(['prod', 'dr'], options({ mode: 'enrich', held: ['dr', 'prod'] }))).toEqual({
      prod: 'hive/prod',
      dr: 'hive/dr',
    });
  });

  it('among several databases, default takes the only cluster', async () => {
    expect(await places(['prod'], options({ mode: 'enrich', held: ['other', 'default'] }))).toEqual({
      prod: 'hive/default',
    });
  });

  it('asks instead of mixing two clusters in one database', async () => {
    const two = options({ mode: 'enrich', held: ['default'] });
    await expect(choosePlaces(['dr', 'prod'], two)).rejects.toThrow(/default.*dr, prod/);
    await expect(choosePlaces(['dr', 'prod'], two)).rejects.toMatchObject({
      code: 'atlas.ambiguous-cluster',
      help: expect.stringContaining('clusters'),
    });
  });

  it('asks when no database fits', async () => {
    const unclear = options({ mode: 'enrich', held: ['a', 'b'] });
    await expect(choosePlaces(['prod'], unclear)).rejects.toThrow(ConfigurationError);
  });

  it('an empty service gives the same place in every run', async () => {
    const state = options({ mode: 'enrich', held: [] });
    expect(await places(['prod'], state)).toEqual({ prod: 'hive/default' });
    expect(await places(['prod'], state)).toEqual({ prod: 'hive/default' });
  });
});
