import { describe, expect, it } from 'vitest';
import type { TableRecord } from '../model/records.ts';
import { toDesired } from './desired.ts';
import type { DesiredOptions } from './desired-labels.ts';

const same = (name: string) => ({ name });
const options: DesiredOptions = {
  naming: { service: same, entity: same, column: same, field: same, tag: same, term: same },
  classification: 'Atlas',
  labelClassification: 'AtlasLabels',
  includeTags: true,
  usable: () => true,
  usableTerm: () => true,
  includeViewText: true,
};
const table: TableRecord = {
  kind: 'table',
  path: ['hive', 'default', 'sales', 'orders'],
  provenance: { id: 'g-1', typeName: 'hive_table', qualifiedName: 'sales.orders@prod' },
  tags: [],
  tableType: 'Regular',
  columns: [],
};

describe('what the target should hold', () => {
  it('marks a shell, whose structure is not known yet, and nothing else', () => {
    expect(toDesired({ ...table, incomplete: true }, options, undefined)).toMatchObject({
      structureComplete: false,
      extension: { atlasIncomplete: 'true' },
    });
    expect(toDesired(table, options, undefined)).toMatchObject({ structureComplete: true, extension: {} });
  });

  it('tells a missing owner from one that nothing is known of', () => {
    expect(toDesired(table, options, 'none').ownerless).toBe(true);
    expect(toDesired(table, options, undefined).ownerless).toBeUndefined();
  });

  it('leaves out a constraint on a column that the table does not have', () => {
    const columns = [{ name: 'id', dataType: 'INT', dataTypeDisplay: 'int', tags: [] }];
    const constraints = [
      { type: 'PRIMARY_KEY', columns: ['ID'] },
      { type: 'FOREIGN_KEY', columns: ['gone'], refersTo: [{ table: table.path, column: 'id' }] },
    ] as const;
    expect(toDesired({ ...table, columns, constraints }, options, undefined).attributes).toEqual({
      tableConstraints: [{ constraintType: 'PRIMARY_KEY', columns: ['ID'] }],
    });
  });
});
