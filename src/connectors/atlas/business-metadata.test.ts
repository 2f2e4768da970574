import { describe, expect, it } from 'vitest';
import { BusinessMetadata } from './business-metadata.ts';
import { TypeRegistry } from './type-registry.ts';

const attribute = (name: string, typeName: string, types = ['asset']) => ({
  name,
  typeName,
  options: { applicableEntityTypes: JSON.stringify(types) },
});
const defs = {
  entityDefs: [{ name: 'asset' }, { name: 'table', superTypes: ['asset'] }, { name: 'column' }],
  enumDefs: [{ name: 'tier', elementDefs: [{ value: 'GOLD' }, { value: 'SILVER' }] }],
  businessMetadataDefs: [
    { name: 'a', createTime: 2, attributeDefs: [attribute('b_c', 'string'), attribute('odd name!', 'float')] },
    {
      name: 'a_b',
      createTime: 1,
      attributeDefs: [
        attribute('c', 'boolean', ['table', 'column']),
        attribute('when', 'date'),
        attribute('tiers', 'array<tier>'),
        attribute('sizes', 'array<long>'),
        attribute('free', 'map<string,string>'),
        attribute('huge', 'biginteger'),
      ],
    },
  ],
};
const business = new BusinessMetadata(defs);
const registry = new TypeRegistry(defs);
const valuesOf = (attributes: Record<string, unknown>) =>
  business.propertiesOf({ guid: 'g', typeName: 'table', attributes }).properties;

describe('business metadata', () => {
  it('has a property each, of its type; where two would be called the same, the later one gets a name of its own', () => {
    const shapes = [...business.records()].map(({ path, propertyType, multiSelect }) => [
      path[0],
      propertyType,
      multiSelect,
    ]);
    expect(shapes.slice(0, 8)).toEqual([
      ['a_b_c', 'enum', undefined],
      ['a_b_when', 'timestamp', undefined],
      ['a_b_tiers', 'enum', true],
      ['a_b_sizes', 'string', undefined],
      ['a_b_free', 'string', undefined],
      ['a_b_huge', 'integer', undefined],
      [expect.stringMatching(/^a_b_c_[0-9a-f]{8}$/), 'string', undefined],
      ['a_odd_name_', 'number', undefined],
    ]);
    expect(shapes.every(([name]) => /^\w+$/.test(String(name)))).toBe(true);
  });

  it('values are told as their types want, and those that are none are not', () => {
    expect(
      valuesOf({
        'a_b.c': true,
        'a_b.when': 1767225600000,
        'a_b.tiers': ['GOLD', 'SILVER'],
        'a_b.sizes': [3, 1],
        'a_b.free': { z: '1', a: '2' },
        'a_b.huge': 'many',
        'a.odd name!': '1.5',
        'a.b_c': '',
      }),
    ).toEqual({
      a_b_c: ['true'],
      a_b_when: 1767225600000,
      a_b_tiers: ['GOLD', 'SILVER'],
      a_b_sizes: '[3,1]',
      a_b_free: '{"a":"2","z":"1"}',
      a_odd_name_: 1.5,
    });
    expect(valuesOf({ 'a_b.c': null, 'a_b.tiers': [] })).toBeUndefined();
  });

  it('is asked for only of the types that may have it, subtypes included', () => {
    expect(registry.addedAttributes(['table'])).toContain('a_b.c');
    expect(registry.addedAttributes(['table'])).toContain('a.b_c');
    expect(registry.addedAttributes(['column'])).toEqual(['__customAttributes', 'a_b.c']);
    expect(registry.addedAttributes(['table', 'column'])).toEqual(['__customAttributes', 'a_b.c']);
  });

  it('of columns, and their custom attributes, are JSON by column, in order', () => {
    const column = (name: string, more: object) => ({ guid: name, typeName: 'column', attributes: { name, ...more } });
    const { properties } = business.propertiesOf({ guid: 'g', typeName: 'table', attributes: {} }, [
      column('z', { 'a_b.c': false }),
      column('a', { __customAttributes: '{"y":"1","x":"2"}' }),
      column('plain', {}),
    ]);
    expect(properties).toEqual({
      atlasColumnProperties: '{"a":{"atlasCustomAttributes":{"x":"2","y":"1"}},"z":{"a_b_c":["false"]}}',
    });
  });

  it('is there in full entities too', () => {
    const full = {
      guid: 'g',
      typeName: 'table',
      attributes: {},
      businessAttributes: { a: { b_c: 'x' } },
      customAttributes: { k: 'v' },
    };
    const properties = Object.entries(business.propertiesOf(full).properties ?? {});
    expect(properties.map(([name, value]) => [name.slice(0, 5), value])).toEqual([
      ['a_b_c', 'x'],
      ['atlas', '{"k":"v"}'],
    ]);
  });
});
