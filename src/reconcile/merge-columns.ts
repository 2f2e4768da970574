import { canonicalHash } from '../model/canonical-hash.ts';
import type { FieldChange } from './change.ts';
import type { ColumnNode, DesiredColumn, TargetColumn } from './target-asset.ts';

/** Columns match without regard to case, as the server matches them (LIVE-1.1). */
export function columnKey(name: string): string {
  return name.toLowerCase();
}

/** A short text of a column's type, for people. */
export function typeText(column: ColumnNode): string {
  return column.dataTypeDisplay ?? (column.dataType ?? '').toLowerCase();
}

function sameNode(a: ColumnNode, b: ColumnNode): boolean {
  return (
    a.dataType === b.dataType &&
    (a.dataLength ?? 0) === (b.dataLength ?? 0) &&
    (a.precision ?? 0) === (b.precision ?? 0) &&
    (a.scale ?? 0) === (b.scale ?? 0) &&
    (a.arrayDataType ?? '') === (b.arrayDataType ?? '') &&
    (a.dataTypeDisplay ?? '').toLowerCase() === (b.dataTypeDisplay ?? '').toLowerCase() &&
    sameChildren(a.children ?? [], b.children ?? []) &&
    sameAttributes(a, b)
  );
}

/** Only what the source tells is compared. */
function sameAttributes(source: ColumnNode, target: ColumnNode): boolean {
  return Object.entries(source.attributes ?? {}).every(
    ([key, value]) => canonicalHash(value) === canonicalHash(target.attributes?.[key]),
  );
}

function sameChildren(a: readonly ColumnNode[], b: readonly ColumnNode[]): boolean {
  // A nested field's display is filled in by some servers and not by others: compared only where both have one.
  return (
    a.length === b.length &&
    a.every((child, i) => {
      const other = b[i]!;
      if (columnKey(child.name) !== columnKey(other.name)) return false;
      const display = other.dataTypeDisplay === undefined ? { dataTypeDisplay: '' } : {};
      return sameNode({ ...child, ...display }, other);
    })
  );
}

/** The structural differences between the source's columns and the target's: added, gone, retyped, reordered. */
export function columnChanges(
  source: readonly DesiredColumn[],
  target: readonly TargetColumn[],
  parts = 'columns',
): FieldChange[] {
  const changes: FieldChange[] = [];
  const held = new Map(target.map((column) => [columnKey(column.name), column]));
  const wanted = new Set<string>();
  for (const column of source) {
    const key = columnKey(column.name);
    wanted.add(key);
    const other = held.get(key);
    const field = `${parts}.${column.name}`;
    if (!other) {
      changes.push({
        field,
        action: 'add',
        to: typeText(column),
        reason: parts === 'columns' ? 'new column at the source' : 'new at the source',
      });
    } else if (!sameNode(column, other)) {
      changes.push({
        field,
        action: 'replace',
        from: typeText(other),
        to: typeText(column),
        reason: 'type changed at the source',
      });
    }
  }
  for (const column of target) {
    if (wanted.has(columnKey(column.name))) continue;
    changes.push({
      field: `${parts}.${column.name}`,
      action: 'remove',
      from: typeText(column),
      reason: parts === 'columns' ? 'column gone at the source' : 'gone at the source',
    });
  }
  // Another order of other parts alone is stored by no server, so that it would differ for ever.
  const orderCounts = parts === 'columns' && changes.length === 0;
  if (orderCounts && source.some((column, i) => columnKey(column.name) !== columnKey(target[i]!.name))) {
    changes.push({ field: parts, action: 'replace', reason: 'order changed at the source' });
  }
  return changes;
}
