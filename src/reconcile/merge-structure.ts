import { canonicalHash } from '../model/canonical-hash.ts';
import type { FieldChange } from './change.ts';
import { columnChanges } from './merge-columns.ts';
import { type DesiredAsset, partsOf, type TargetAsset } from './target-asset.ts';

const reason = 'changed at the source';
const longestShown = 200;

function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > longestShown ? `${text.slice(0, longestShown)}…` : text;
}

/**
 * What differs in structure between source and target: parts (columns, fields, tasks …), a table's type and view text,
 * and the attributes that the source tells. What the source does not know is left alone.
 *
 * @returns nothing where structure is left alone: a source that knows only part of it, or none of the parts
 */
export function structureChanges(desired: DesiredAsset, target: TargetAsset): FieldChange[] {
  if (!desired.structureComplete) return [];
  const changes: FieldChange[] = [];
  const { columns } = desired;
  const held = target.columns ?? [];
  if (columns) {
    // A source that suddenly shows no column at all more likely hides them than has dropped them all.
    if (columns.length === 0 && held.length > 0) return [];
    changes.push(...columnChanges(columns, held, partsOf[desired.entityType]?.field ?? 'columns'));
  }
  const compare = (field: string, to: unknown, from: unknown): void => {
    if (to === undefined || canonicalHash(to) === canonicalHash(from ?? undefined)) return;
    if (from === undefined || from === null) changes.push({ field, action: 'add', to: shown(to), reason });
    else changes.push({ field, action: 'replace', from: shown(from), to: shown(to), reason });
  };
  compare('tableType', desired.tableType, target.tableType);
  compare('viewDefinition', desired.viewDefinition, target.viewDefinition);
  for (const [key, value] of Object.entries(desired.attributes ?? {})) compare(key, value, target.attributes?.[key]);
  return changes;
}
