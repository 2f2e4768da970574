import { canonicalHash } from '../model/canonical-hash.ts';
import type { FieldChange } from './change.ts';
import { columnKey, typeText } from './merge-columns.ts';
import {
  type ColumnNode,
  type DesiredAsset,
  labelKey,
  partsOf,
  type TargetAsset,
  type TargetColumn,
} from './target-asset.ts';
import type { AssetAfter, AssetBefore, WrittenPart } from './written-asset.ts';

/** Structure as it shall be again; a key is there only where something goes back. */
export interface StructureUndo {
  readonly changes: readonly FieldChange[];
  readonly columns?: readonly TargetColumn[];
  readonly tableType?: string;
  /** `null`: there was none. */
  readonly viewDefinition?: string | null;
  /** Attributes as they were; `undefined` as a value: there was none. */
  readonly attributes?: Readonly<Record<string, unknown>>;
}

export const asBefore = 'as it was before the run';
export const changedSince = 'changed since the run';

interface Input {
  readonly entityType: DesiredAsset['entityType'];
  readonly before: AssetBefore;
  readonly after: AssetAfter;
  readonly now: TargetAsset;
}

/** What of a write's structure goes back: each part, type, text and attribute that still is as the write left it. */
export function undoStructure(input: Input): StructureUndo {
  const { before, after, now } = input;
  const changes: FieldChange[] = [];
  const shape = after.shape ?? {};
  const columns = undoParts(input, changes);
  const plain = (field: string, ours: unknown, held: unknown, was: unknown): boolean => {
    if (ours === undefined || same(held, was)) return false;
    if (!same(held, ours)) {
      changes.push({ field, action: 'keep', from: shown(held), reason: changedSince });
      return false;
    }
    const to = was === undefined ? {} : { to: shown(was) };
    changes.push({
      field,
      action: was === undefined ? 'remove' : 'replace',
      from: shown(held),
      ...to,
      reason: asBefore,
    });
    return true;
  };
  const type = plain('tableType', shape.tableType, now.tableType, before.tableType);
  const view = plain('viewDefinition', shape.viewDefinition, now.viewDefinition, before.viewDefinition);
  const attributes = Object.entries(shape.attributes ?? {})
    .filter(([key, ours]) => plain(key, ours, now.attributes?.[key], before.attributes?.[key]))
    .map(([key]) => [key, before.attributes?.[key]] as const);
  return {
    changes,
    ...(columns && { columns }),
    ...(type && before.tableType !== undefined && { tableType: before.tableType }),
    ...(view && { viewDefinition: before.viewDefinition ?? null }),
    ...(attributes.length > 0 && { attributes: Object.fromEntries(attributes) }),
  };
}

/** The parts as they shall be; undefined where none goes back. */
function undoParts({ entityType, before, after, now }: Input, changes: FieldChange[]): TargetColumn[] | undefined {
  const order = after.shape?.order;
  if (!order) return undefined;
  const prefix = partsOf[entityType]?.field ?? 'columns';
  const ours = new Map((after.shape?.parts ?? []).map((part) => [columnKey(part.name), part]));
  const was = new Map((before.columns ?? []).map((part) => [columnKey(part.name), part]));
  const held = now.columns ?? [];
  const there = new Set(held.map(({ name }) => columnKey(name)));
  const left = new Set(order.map(columnKey));
  const next: TargetColumn[] = [];
  let changed = false;
  for (const part of held) {
    const kept = undoPart(part, ours.get(columnKey(part.name)), was.get(columnKey(part.name)), prefix, changes);
    changed ||= kept !== part;
    if (kept) next.push(kept);
  }
  for (const [key, part] of was) {
    if (left.has(key) || there.has(key)) continue;
    changes.push({ field: `${prefix}.${part.name}`, action: 'add', to: typeText(part), reason: asBefore });
    next.push(part);
    changed = true;
  }
  const isOurOrder = sameNames(
    held,
    order.map((name) => ({ name })),
  );
  const sorted = isOurOrder ? inOrderOf(next, before.columns ?? []) : next;
  if (!changed && !sameNames(sorted, held)) {
    changes.push({ field: prefix, action: 'replace', reason: `order ${asBefore}` });
    changed = true;
  }
  return changed ? sorted : undefined;
}

/** One part that is there now: as it shall be, or undefined where it goes. */
function undoPart(
  held: TargetColumn,
  ours: WrittenPart | undefined,
  was: TargetColumn | undefined,
  prefix: string,
  changes: FieldChange[],
): TargetColumn | undefined {
  const field = `${prefix}.${held.name}`;
  if (!ours || (was && isOfType(held, was))) return held;
  if (!isOfType(held, ours) || (!was && hasOtherWords(held, ours))) {
    changes.push({ field, action: 'keep', from: typeText(held), reason: changedSince });
    return held;
  }
  const to = was && { to: typeText(was) };
  changes.push({ field, action: was ? 'replace' : 'remove', from: typeText(held), ...to, reason: asBefore });
  if (!was) return undefined;
  const { description: _d, displayName: _n, tags: _t, ...shape } = was;
  const { description, displayName, tags } = held;
  return {
    ...shape,
    tags,
    ...(description !== undefined && { description }),
    ...(displayName !== undefined && { displayName }),
  };
}

/** Whether a part still is of a type, as far as that type is told. */
function isOfType(held: ColumnNode, told: ColumnNode): boolean {
  const display = told.dataTypeDisplay?.toLowerCase();
  return (
    typeKey(held) === typeKey(told) &&
    (display === undefined || display === held.dataTypeDisplay?.toLowerCase()) &&
    Object.entries(told.attributes ?? {}).every(([key, value]) => same(held.attributes?.[key], value))
  );
}

/** Without what servers fill in by themselves. */
function typeKey(node: ColumnNode): string {
  const { name, dataType, dataLength = 0, precision = 0, scale = 0, arrayDataType = '', children = [] } = node;
  const own = [columnKey(name), dataType, precision, scale, arrayDataType];
  // A length of 1 is what some servers put where none was given.
  return canonicalHash([...own, dataLength === 1 ? 0 : dataLength, children.map(typeKey)]);
}

/** Somebody has described or labelled a part that came with the write. */
function hasOtherWords(held: TargetColumn, ours: WrittenPart): boolean {
  const ownLabels = new Set((ours.tags ?? []).map(labelKey));
  return (
    !same(held.description, ours.description) ||
    !same(held.displayName, ours.displayName) ||
    held.tags.some((label) => !ownLabels.has(labelKey(label)))
  );
}

function same(a: unknown, b: unknown): boolean {
  return isEmpty(a) && isEmpty(b) ? true : canonicalHash(a ?? null) === canonicalHash(b ?? null);
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);
}

interface Named {
  readonly name: string;
}

function sameNames(a: readonly Named[], b: readonly Named[]): boolean {
  return a.length === b.length && a.every(({ name }, i) => columnKey(name) === columnKey(b[i]!.name));
}

/** Parts in the order of others; what those do not have follows. */
function inOrderOf(parts: readonly TargetColumn[], others: readonly Named[]): TargetColumn[] {
  const places = new Map(others.map(({ name }, i) => [columnKey(name), i]));
  const place = ({ name }: Named): number => places.get(columnKey(name)) ?? others.length;
  return [...parts].sort((a, b) => place(a) - place(b));
}

function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value ?? null);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
