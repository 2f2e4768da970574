import { expect, it } from 'vitest';
import { TypeRegistry } from '../type-registry.ts';
import { TypeHomes } from './type-homes.ts';

const def = (name: string, superTypes: string[], attributes: Record<string, string> = {}) => ({
  name,
  superTypes,
  attributeDefs: Object.entries(attributes).map(([attribute, typeName]) => ({ name: attribute, typeName })),
});
const registry = new TypeRegistry({
  entityDefs: [
    def('Referenceable', []),
    def('Asset', ['Referenceable']),
    def('DataSet', ['Asset']),
    def('Process', ['Asset']),
    def('kafka_topic', ['DataSet']),
    def('our_topic', ['DataSet', 'kafka_topic']),
    def('dashboard', ['DataSet']),
    def('tile', ['dashboard']),
    def('ledger_db', ['DataSet']),
    def('ledger_column', ['DataSet'], { type: 'string' }),
    def('ledger', ['DataSet'], { db: 'ledger_db', columns: 'array<ledger_column>' }),
    def('badge', ['Asset']),
    def('our_column_lineage', ['Process']),
    def('__bookkeeping', []),
  ],
});

it('a type that Atlas does not ship follows from what it inherits and has', () => {
  const homes = new TypeHomes(registry);
  expect(homes.of('our_topic')).toEqual({ role: 'asset', family: 'kafka', kind: 'topic' });
  expect(homes.of('tile')).toEqual({ role: 'asset', family: 'custom', kind: 'container' });
  expect(homes.of('ledger')).toEqual({ role: 'asset', family: 'custom', kind: 'table' });
  expect(homes.of('ledger_db').role).toBe('holder');
  expect(homes.of('ledger_column').role).toBe('part');
  expect(homes.of('badge').role).toBe('none');
  expect(homes.of('our_column_lineage').role).toBe('columnLineage');
  expect(homes.of('__bookkeeping').role).toBe('internal');
});

it('a rule of the recipe goes first, for the type and all below it', () => {
  const homes = new TypeHomes(registry, {
    dashboard: { as: 'topic', service: 'bi' },
    tile: { as: 'skip' },
    badge: { as: 'table' },
    kafka_topic: { service: 'events' },
  });
  expect(homes.of('dashboard')).toEqual({ role: 'asset', family: 'custom', kind: 'topic', service: 'bi' });
  expect(homes.of('tile')).toEqual({ role: 'skip' });
  expect(homes.of('badge')).toEqual({ role: 'asset', family: 'custom', kind: 'table' });
  expect(homes.of('our_topic')).toEqual({ role: 'asset', family: 'kafka', kind: 'topic', service: 'events' });
});
