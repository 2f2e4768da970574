import { describe, expect, it } from 'vitest';
import type { TypeRow } from './catalogue-queries.ts';
import { TypeCatalogue } from './type-catalogue.ts';

const row = (oid: number, name: string, more: Partial<TypeRow> = {}): TypeRow => ({
  ...{ oid, name, kind: 'b', category: 'U', element: 0, base: 0, modifier: -1 },
  ...{ notNull: false, boundCategory: null, fields: null },
  ...more,
});

/** Types that a PostgreSQL without extensions does not have. */
describe('types of extensions', () => {
  it.each<readonly [name: string, category: string, display: string, expected: object]>([
    ['geometry', 'U', 'geometry(Point,4326)', { dataType: 'GEOMETRY' }],
    ['geography', 'U', 'geography(Polygon,4326)', { dataType: 'GEOGRAPHY' }],
    ['box3d', 'U', 'box3d', { dataType: 'GEOMETRY' }],
    ['raster', 'U', 'raster', { dataType: 'BLOB' }],
    ['hstore', 'U', 'hstore', { dataType: 'MAP' }],
    ['citext', 'S', 'citext', { dataType: 'TEXT' }],
    ['ltree', 'U', 'ltree', { dataType: 'STRING' }],
    ['vector', 'U', 'vector(1536)', { dataType: 'ARRAY', arrayDataType: 'FLOAT' }],
    ['hll', 'U', 'hll', { dataType: 'HLL' }],
    ['semver', 'S', 'semver', { dataType: 'STRING' }],
    ['bignum', 'N', 'bignum', { dataType: 'NUMERIC' }],
    ['whatever', 'U', 'whatever', { dataType: 'UNKNOWN' }],
    ['constructor', 'U', 'constructor', { dataType: 'UNKNOWN' }],
  ])('%s', (name, category, display, expected) => {
    const types = new TypeCatalogue([row(1, name, { category })]);
    expect(types.shapeOf(1, -1, display)).toEqual({ ...expected, dataTypeDisplay: display.toLowerCase() });
  });

  it('in arrays and domains stay what they are', () => {
    const types = new TypeCatalogue([
      row(1, 'geometry'),
      row(2, '_geometry', { category: 'A', element: 1 }),
      row(3, 'place', { kind: 'd', base: 1, notNull: true }),
      row(4, 'near', { kind: 'd', base: 3 }),
    ]);
    expect(types.shapeOf(2, -1, 'geometry[]')).toMatchObject({ dataType: 'ARRAY', arrayDataType: 'GEOMETRY' });
    expect(types.shapeOf(4, -1, 'near')).toEqual({ dataType: 'GEOMETRY', dataTypeDisplay: 'near' });
    expect([types.isNotNull(4), types.isNotNull(1)]).toEqual([true, false]);
  });
});

it('composite types in composite types end somewhere', () => {
  const fields = (type: number) => [{ name: 'inner', type, modifier: -1, display: 'deep', description: null }];
  const types = new TypeCatalogue(
    Array.from({ length: 40 }, (_, i) => row(i, `t${i}`, { kind: 'c', category: 'C', fields: fields(i + 1) })),
  );
  let depth = 0;
  for (let at = types.shapeOf(0, -1, 't0').children; at?.length; at = at[0]!.children) depth += 1;
  expect(depth).toBe(10);
});
