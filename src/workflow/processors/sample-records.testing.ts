import type { ColumnRecord, LineageRecord, TableRecord, TagUse } from '../../model/records.ts';

const provenance = { id: 'g-1', typeName: 'hive_table', qualifiedName: 'sales.orders@prod' };

export function tag(...path: string[]): TagUse {
  return { path, propagated: false };
}

export function column(changes: Partial<ColumnRecord> = {}): ColumnRecord {
  return { name: 'email', dataType: 'STRING', dataTypeDisplay: 'string', tags: [], ...changes };
}

export function table(changes: Partial<TableRecord> = {}): TableRecord {
  return {
    kind: 'table',
    path: ['hive_prod', 'default', 'sales', 'orders'],
    provenance,
    tags: [],
    tableType: 'Regular',
    columns: [],
    ...changes,
  };
}

export function lineage(from: readonly string[], to: readonly string[]): LineageRecord {
  return {
    kind: 'lineage',
    from: { kind: 'table', path: from },
    to: { kind: 'table', path: to },
    columns: [],
    provenance,
  };
}
