import type { Applied, Base } from './applied.ts';
import type { FieldChange } from './change.ts';
import type { FieldHistory } from './history.ts';
import { columnChanges, columnKey } from './merge-columns.ts';
import { mergeLabels } from './merge-labels.ts';
import { mergeText, type TextMerge } from './merge-text.ts';
import { PatchBuilder, type PatchOperation } from './patch.ts';
import type { DesiredAsset, DesiredColumn, Label, TargetAsset } from './target-asset.ts';

export interface MergePolicy {
  readonly mode: 'enrich' | 'create';
  /** `overrideMetadata`: the source's texts win over a person's. */
  readonly override: boolean;
  /** Classification that holds our labels (`Atlas` unless set). */
  readonly ownClassification: string;
  readonly takenOver: (tagFqn: string) => string | undefined;
  /** `includeTags` is off: labels and what is kept of their attributes stay as they are. */
  readonly leaveLabels?: boolean;
}

export interface AssetMerge {
  readonly action: 'create' | 'update' | 'restore' | 'unchanged' | 'kept';
  readonly fields: readonly FieldChange[];
  /** A full body to PUT: a new or a soft-deleted entity, or a change of structure. Merge again against the answer afterwards. */
  readonly put?: DesiredAsset;
  /** Changes of fields, to be sent as one JSON Patch on the target as it was read. */
  readonly patch: readonly PatchOperation[];
  /** What will be ours once everything is sent. */
  readonly applied: Applied;
}

export interface AssetMergeInput {
  readonly desired: DesiredAsset;
  readonly target: TargetAsset | undefined;
  readonly base: Base;
  readonly history: FieldHistory | 'none' | 'unread';
  readonly policy: MergePolicy;
}

/** Everything that a new entity carries is ours. */
function appliedByCreate(desired: DesiredAsset): Applied {
  const fresh = mergeOnto(desired, emptyTarget(desired), {}, 'none', {
    mode: 'create',
    override: true,
    ownClassification: '',
    takenOver: () => undefined,
  });
  return fresh === 'needs-history' ? { texts: {}, labels: {} } : fresh.applied;
}

function emptyTarget(desired: DesiredAsset): TargetAsset {
  return {
    id: '',
    fqn: desired.fqn,
    name: desired.name,
    version: 0.1,
    deleted: false,
    tags: [],
    owners: [],
    ...(desired.columns && {
      columns: desired.columns.map((column) => ({ name: column.name, dataType: column.dataType, tags: [] })),
    }),
  };
}

/**
 * The three-way merge of one entity: source (`desired`), what we applied (`base`), what the target holds.
 *
 * @returns `needs-history` when only the entity's versions can tell whose a text or a label is: read them, ask again
 */
export function mergeAsset(input: AssetMergeInput): AssetMerge | 'needs-history' {
  const { desired, target, base, history, policy } = input;
  if (!target) return { action: 'create', fields: [], put: desired, patch: [], applied: appliedByCreate(desired) };
  const merged = mergeOnto(desired, target, base, history, policy);
  if (merged === 'needs-history') return merged;
  if (!target.deleted) return merged;
  // A PUT restores a soft-deleted entity; PATCH on it is refused. Its fields are merged after the restore.
  return {
    ...merged,
    action: 'restore',
    patch: [],
    put: merged.put ?? restoreBody(desired, target, merged.fields),
  };
}

function mergeOnto(
  desired: DesiredAsset,
  target: TargetAsset,
  base: Base,
  history: FieldHistory | 'none' | 'unread',
  policy: MergePolicy,
): AssetMerge | 'needs-history' {
  const fields: FieldChange[] = [];
  const patch = new PatchBuilder();
  const texts: Record<string, string> = {};
  const labels: Record<string, readonly string[]> = {};

  const text = (field: string, path: string, source: string | undefined, held: string | undefined): boolean => {
    const merged = mergeText({ field, source, target: held, base, history, override: policy.override });
    if (merged === 'needs-history') return false;
    note(merged, field);
    if (merged.write === null) patch.remove(path, held!);
    else if (merged.write !== undefined) patch.set(path, merged.write, held);
    return true;
  };
  const note = (merged: TextMerge, field: string): void => {
    if (merged.change) fields.push(merged.change);
    if (merged.ours !== undefined) texts[field] = merged.ours;
  };
  const label = (where: string, path: string, source: readonly Label[], held: readonly Label[]): boolean => {
    const before = base.applied?.labels[where];
    if (policy.leaveLabels) {
      if (before) labels[where] = before;
      return true;
    }
    const { ownClassification, takenOver } = policy;
    const merged = mergeLabels({ where, source, target: held, base, history, ownClassification, takenOver });
    if (merged === 'needs-history') return false;
    fields.push(...merged.changes);
    if (merged.ours.length > 0) labels[where] = merged.ours;
    patch.labels(path, held, merged.add, merged.remove);
    return true;
  };

  if (!text('description', '/description', desired.description, target.description)) return 'needs-history';
  if (desired.displayName !== undefined) {
    if (!text('displayName', '/displayName', desired.displayName, target.displayName)) return 'needs-history';
  }
  if (!label('', '/tags', desired.tags, target.tags)) return 'needs-history';
  const owner = mergeOwner(desired, target, base, policy, fields, patch);
  if (policy.leaveLabels) keepExtension(base, texts);
  else mergeExtension(desired, target, base, fields, patch, texts);

  const structure = structureChanges(desired, target, policy);
  fields.push(...structure);
  const held = new Map((target.columns ?? []).map((column, i) => [columnKey(column.name), { column, i }]));
  for (const column of desired.columns ?? []) {
    const other = held.get(columnKey(column.name));
    const name = other?.column.name ?? column.name;
    const path = `/columns/${other?.i ?? 0}`;
    if (!other) {
      // A new column comes whole with the PUT that adds it; where structure is left alone, it has no place.
      if (structure.length > 0) noteNewColumn(column, texts, labels);
      continue;
    }
    const description = `columns.${name}.description`;
    if (!text(description, `${path}/description`, column.description, other.column.description)) return 'needs-history';
    if (column.displayName !== undefined) {
      const display = `columns.${name}.displayName`;
      if (!text(display, `${path}/displayName`, column.displayName, other.column.displayName)) return 'needs-history';
    }
    if (!label(name, `${path}/tags`, column.tags, other.column.tags)) return 'needs-history';
  }

  const writes = fields.some((change) => change.action !== 'keep');
  return {
    action: writes ? 'update' : fields.length > 0 ? 'kept' : 'unchanged',
    fields,
    patch: patch.operations(),
    applied: { texts, labels, ...(owner !== undefined && { owner }) },
    ...(structure.length > 0 && { put: restoreBody(desired, target, fields) }),
  };
}

function noteNewColumn(
  column: DesiredColumn,
  texts: Record<string, string>,
  labels: Record<string, readonly string[]>,
): void {
  for (const key of ['description', 'displayName'] as const) {
    const merged = mergeText({
      field: `columns.${column.name}.${key}`,
      source: column[key],
      target: undefined,
      base: {},
      history: 'none',
      override: true,
    });
    if (merged !== 'needs-history' && merged.ours !== undefined) texts[`columns.${column.name}.${key}`] = merged.ours;
  }
  const ours = column.tags.map((tag) => tag.tagFQN);
  if (ours.length > 0) labels[column.name] = ours.sort();
}

function mergeOwner(
  desired: DesiredAsset,
  target: TargetAsset,
  base: Base,
  policy: MergePolicy,
  fields: FieldChange[],
  patch: PatchBuilder,
): string | undefined {
  if (!desired.owner) return base.applied?.owner;
  const wanted = `${desired.owner.type}:${desired.owner.id}`;
  const held = target.owners.map((owner) => `${owner.type}:${owner.id}`);
  if (held.includes(wanted)) return wanted;
  const ours = [base.applied?.owner, base.pending?.owner];
  const to = desired.owner.name ?? wanted;
  const from = target.owners.map((owner) => owner.name ?? owner.id).join(', ');
  const onlyOurs = held.length > 0 && held.every((owner) => ours.includes(owner));
  const removedByPerson = held.length === 0 && base.applied?.owner !== undefined;
  if (policy.override || onlyOurs || (held.length === 0 && !removedByPerson)) {
    patch.owner(desired.owner);
    fields.push({
      field: 'owner',
      action: held.length === 0 ? 'add' : 'replace',
      to,
      reason: 'at the source',
      ...(from && { from }),
    });
    return wanted;
  }
  const reason = removedByPerson ? 'a person removed it in OpenMetadata' : 'set in OpenMetadata';
  fields.push({ field: 'owner', action: 'keep', to, reason, ...(from && { from }) });
  return base.applied?.owner;
}

function keepExtension(base: Base, texts: Record<string, string>): void {
  for (const [field, hash] of Object.entries(base.applied?.texts ?? {})) {
    if (field.startsWith('extension.')) texts[field] = hash;
  }
}

/** Custom properties of ours are ours alone: they follow the source. */
function mergeExtension(
  desired: DesiredAsset,
  target: TargetAsset,
  base: Base,
  fields: FieldChange[],
  patch: PatchBuilder,
  texts: Record<string, string>,
): void {
  const hadAny = target.extension !== undefined;
  const prefix = 'extension.';
  const before = Object.keys({ ...base.applied?.texts, ...base.pending?.texts }).filter((key) =>
    key.startsWith(prefix),
  );
  const names = new Set([...Object.keys(desired.extension), ...before.map((key) => key.slice(prefix.length))]);
  for (const name of [...names].sort()) {
    const stored = target.extension?.[name];
    const held = typeof stored === 'string' ? stored : stored === undefined ? undefined : JSON.stringify(stored);
    const field = `${prefix}${name}`;
    const wanted = desired.extension[name];
    const source = wanted === undefined || typeof wanted === 'string' ? wanted : JSON.stringify(wanted);
    const merged = mergeText({ field, source, target: held, base, history: 'none', override: source !== undefined });
    if (merged === 'needs-history') continue;
    if (merged.ours !== undefined) texts[field] = merged.ours;
    if (merged.change) fields.push({ ...merged.change, reason: 'changed at the source' });
    if (merged.write === null) patch.remove(`/extension/${name}`, held!);
    else if (merged.write !== undefined) patch.extension(name, merged.write, hadAny);
  }
}

function structureChanges(desired: DesiredAsset, target: TargetAsset, policy: MergePolicy): FieldChange[] {
  if (policy.mode === 'enrich' || !desired.columns || !desired.structureComplete) return [];
  // A source that suddenly shows no column at all more likely hides them than has dropped them all.
  if (desired.columns.length === 0 && (target.columns ?? []).length > 0) return [];
  const changes = columnChanges(desired.columns, target.columns ?? []);
  const compare = (field: 'tableType' | 'viewDefinition'): void => {
    const to = desired[field];
    const from = target[field];
    if (to === undefined || to === from) return;
    const action = from === undefined ? 'add' : 'replace';
    changes.push({ field, action, to, reason: 'changed at the source', ...(from !== undefined && { from }) });
  };
  compare('tableType');
  compare('viewDefinition');
  return changes;
}

/**
 * The body of a PUT on something that exists: the source's structure with the target's own words, so that nothing a
 * person wrote depends on what the server does with an omitted field.
 */
function restoreBody(desired: DesiredAsset, target: TargetAsset, fields: readonly FieldChange[]): DesiredAsset {
  const held = new Map((target.columns ?? []).map((column) => [columnKey(column.name), column]));
  const notAgain = new Set(fields.filter((f) => f.action === 'keep').map((f) => `${f.field} ${f.to}`));
  const goes = new Set(fields.filter((f) => f.action === 'remove').map((f) => `${f.field} ${f.from}`));
  const union = (field: string, wanted: readonly Label[], present: readonly Label[]): Label[] => {
    const names = new Set(present.map((label) => label.tagFQN));
    return [
      ...present.filter((label) => !goes.has(`${field} ${label.tagFQN}`)),
      ...wanted.filter((label) => !names.has(label.tagFQN) && !notAgain.has(`${field} ${label.tagFQN}`)),
    ];
  };
  const cleared = (field: string): boolean => fields.some((f) => f.field === field && f.action === 'keep' && !f.from);
  const textOf = (field: string, source: string | undefined, present: string | undefined): string | undefined =>
    present || (cleared(field) ? undefined : source);
  const described = (field: string, source: string | undefined, present: string | undefined) => {
    const value = textOf(field, source, present);
    return value === undefined ? {} : { description: value };
  };
  const { description: _d, displayName: _n, columns, owner: _o, ...rest } = desired;
  const displayName = textOf('displayName', desired.displayName, target.displayName);
  return {
    ...rest,
    ...(target.carried && { carried: target.carried }),
    ...described('description', desired.description, target.description),
    ...(displayName !== undefined && { displayName }),
    tags: union('tags', desired.tags, target.tags),
    ...(columns && {
      columns: columns.map((column) => {
        const other = held.get(columnKey(column.name));
        if (!other) return column;
        const { description, displayName: shown, ...shape } = column;
        const display = textOf(`columns.${other.name}.displayName`, shown, other.displayName);
        return {
          ...shape,
          name: other.name,
          ...(shape.constraint === undefined && other.constraint !== undefined && { constraint: other.constraint }),
          ...described(`columns.${other.name}.description`, description, other.description),
          ...(display !== undefined && { displayName: display }),
          tags: union(`columns.${other.name}.tags`, column.tags, other.tags),
        };
      }),
    }),
  };
}
