import type { Applied, Base } from './applied.ts';
import type { FieldChange } from './change.ts';
import type { FieldHistory } from './history.ts';
import { columnKey } from './merge-columns.ts';
import { mergeExtension } from './merge-extension.ts';
import { mergeLabels } from './merge-labels.ts';
import { listKey, mergeList } from './merge-list.ts';
import { mergeOwner } from './merge-owner.ts';
import { structureChanges } from './merge-structure.ts';
import { mergeText } from './merge-text.ts';
import { PatchBuilder, type PatchOperation } from './patch.ts';
import { type LostParts, putBody } from './put-body.ts';
import {
  type DesiredAsset,
  type Label,
  labelKey,
  labelOfKey,
  partsOf,
  type TargetAsset,
  type TargetColumn,
} from './target-asset.ts';

export interface MergePolicy {
  /** `enrich` leaves structure alone. Vocabularies are ours in either mode. */
  readonly mode: 'enrich' | 'create';
  /** `overrideMetadata`: the source's texts win over a person's. */
  readonly override: boolean;
  /** Classifications that hold our labels. */
  readonly ownClassifications: readonly string[];
  readonly takenOver: (tagFqn: string) => string | undefined;
  /** Labels that stay as they are: tags (and what is kept of their attributes), terms; the recipe leaves them out. */
  readonly leaves?: { readonly tags: boolean; readonly terms: boolean };
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
  /** Parts that the PUT would take away, by their names at the target. */
  readonly dropped?: readonly string[];
}

export interface AssetMergeInput {
  readonly desired: DesiredAsset;
  readonly target: TargetAsset | undefined;
  readonly base: Base;
  readonly history: FieldHistory | 'none' | 'unread';
  readonly policy: MergePolicy;
  /** Parts that the source has dropped stay. */
  readonly keepParts?: boolean;
  /** Words and labels of parts that were dropped earlier, should one of them come back. */
  readonly lost?: LostParts;
}

const creating: MergePolicy = {
  // Words, labels and owners are remembered, structure is not: it need not be compared.
  mode: 'enrich',
  override: true,
  ownClassifications: [],
  takenOver: () => undefined,
};

/** Everything that a new entity carries is ours. */
function appliedByCreate(desired: DesiredAsset): Applied {
  const fresh = mergeOnto({ desired, target: emptyTarget(desired), base: {}, history: 'none', policy: creating });
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
  const { desired, target } = input;
  if (!target) return { action: 'create', fields: [], put: desired, patch: [], applied: appliedByCreate(desired) };
  const merged = mergeOnto({ ...input, target });
  if (merged === 'needs-history' || !target.deleted) return merged;
  // A PUT restores a soft-deleted entity; PATCH on it is refused. Its fields are merged after the restore.
  const put = merged.put ?? putBody(desired, target, merged.fields, { structure: false, lost: {} });
  return { ...merged, action: 'restore', patch: [], put };
}

/** The fields of one entity as they are merged one after the other; `open` turns false when history is needed. */
class FieldMerge {
  readonly fields: FieldChange[] = [];
  readonly patch = new PatchBuilder();
  readonly texts: Record<string, string> = {};
  readonly labels: Record<string, readonly string[]> = {};
  readonly #input: AssetMergeInput;

  constructor(input: AssetMergeInput) {
    this.#input = input;
  }

  text(field: string, path: string, source: string | undefined, held: string | undefined): boolean {
    const { base, history, policy } = this.#input;
    const merged = mergeText({ field, source, target: held, base, history, override: policy.override });
    if (merged === 'needs-history') return false;
    if (merged.change) this.fields.push(merged.change);
    if (merged.ours !== undefined) this.texts[field] = merged.ours;
    if (merged.write === null) this.patch.remove(path, held);
    else if (merged.write !== undefined) this.patch.set(path, merged.write, held);
    return true;
  }

  /** A display name: most sources know none, and then it is a person's. */
  shown(field: string, path: string, source: string | undefined, held: string | undefined): boolean {
    const isOurs = this.#input.base.applied?.texts[field] !== undefined;
    return source === undefined && !isOurs ? true : this.text(field, path, source, held);
  }

  /** @param where `''` for the entity itself, else the part's name */
  label(where: string, field: string, path: string, source: readonly Label[], held: readonly Label[]): boolean {
    const { base, history, policy } = this.#input;
    const { ownClassifications, takenOver, leaves = { tags: false, terms: false } } = policy;
    const isLeft = (label: Pick<Label, 'source'>): boolean =>
      label.source === 'Glossary' ? leaves.terms : leaves.tags;
    const merged = mergeLabels({
      ...{ where, field, base, history, ownClassifications, takenOver },
      source: source.filter((label) => !isLeft(label)),
      target: held.filter((label) => !isLeft(label)),
    });
    if (merged === 'needs-history') return false;
    this.fields.push(...merged.changes);
    const kept = (base.applied?.labels[where] ?? []).filter((key) => isLeft(labelOfKey(key)));
    const ours = [...new Set([...merged.ours, ...kept])].sort();
    if (ours.length > 0) this.labels[where] = ours;
    this.patch.labels(path, held, merged.add, merged.remove);
    return true;
  }

  attribute(name: string, action: FieldChange['action']): void {
    this.patch.attribute(`/${name}`, this.#input.desired.attributes?.[name], action === 'replace');
  }

  lists(): boolean {
    const { desired, target, base, history } = this.#input;
    for (const [field, source] of Object.entries(desired.lists ?? {})) {
      const held = target?.lists?.[field] ?? [];
      const merged = mergeList({ field, source, target: held, base, history });
      if (merged === 'needs-history') return false;
      this.fields.push(...merged.changes);
      if (merged.ours.length > 0) this.labels[listKey(field)] = merged.ours;
      if (merged.write) this.patch.list(`/${field}`, merged.write, target?.lists?.[field] !== undefined);
    }
    return true;
  }
}

function mergeOnto(input: AssetMergeInput & { readonly target: TargetAsset }): AssetMerge | 'needs-history' {
  const { desired, target, base, history, policy } = input;
  const merge = new FieldMerge(input);
  const { fields, patch, texts, labels } = merge;
  const { description, displayName } = desired;

  if (!merge.text('description', '/description', description, target.description)) return 'needs-history';
  if (!merge.shown('displayName', '/displayName', displayName, target.displayName)) return 'needs-history';
  if (!merge.label('', 'tags', '/tags', desired.tags, target.tags)) return 'needs-history';
  const owner = mergeOwner(desired, target, base, policy.override, patch);
  if (owner.change) fields.push(owner.change);
  const left = policy.leaves?.tags ? ['atlasClassifications'] : [];
  const extension = mergeExtension(desired, target, base, { history, override: policy.override, left }, patch);
  if (extension === 'needs-history') return extension;
  fields.push(...extension.changes);
  Object.assign(texts, extension.ours);
  if (!merge.lists()) return 'needs-history';

  const vocabulary = desired.entityType === 'glossary' || desired.entityType === 'glossaryTerm';
  const shaped = input.keepParts ? withHeldParts(desired, target) : desired;
  const changes = policy.mode === 'enrich' && !vocabulary ? [] : structureChanges(shaped, target);
  fields.push(...changes);
  // A PUT sets a term's approval back, and a vocabulary's attributes can be patched.
  const structure = vocabulary ? [] : changes;
  if (vocabulary) for (const { field, action } of changes) merge.attribute(field, action);
  if (!mergeParts(desired, target, merge, structure.length > 0)) return 'needs-history';

  const writes = fields.some((change) => change.action !== 'keep');
  const dropped = structure.length > 0 && shaped.columns ? missingParts(shaped, target).map(({ name }) => name) : [];
  keepDroppedParts(desired, base, merge);
  return {
    action: writes ? 'update' : fields.length > 0 ? 'kept' : 'unchanged',
    fields,
    patch: patch.operations(target.updatedAt),
    applied: { texts, labels, ...(owner.ours !== undefined && { owner: owner.ours }) },
    ...(structure.length > 0 && { put: putBody(shaped, target, fields, { structure: true, lost: input.lost ?? {} }) }),
    ...(dropped.length > 0 && { dropped }),
  };
}

function missingParts({ columns = [] }: DesiredAsset, target: TargetAsset): readonly TargetColumn[] {
  const wanted = new Set(columns.map(({ name }) => columnKey(name)));
  return (target.columns ?? []).filter(({ name }) => !wanted.has(columnKey(name)));
}

function withHeldParts(desired: DesiredAsset, target: TargetAsset): DesiredAsset {
  if (!desired.columns) return desired;
  return { ...desired, columns: [...desired.columns, ...missingParts(desired, target)] };
}

/** What we had written on parts that are gone is remembered: should one come back, a person's words on it are known as such. */
function keepDroppedParts({ entityType, columns }: DesiredAsset, base: Base, { texts, labels }: FieldMerge): void {
  const prefix = `${partsOf[entityType]?.field}.`;
  const wanted = new Set((columns ?? []).map(({ name }) => columnKey(name)));
  for (const [field, hash] of Object.entries(base.applied?.texts ?? {})) {
    if (!field.startsWith(prefix) || texts[field] !== undefined) continue;
    const name = field.slice(prefix.length, field.lastIndexOf('.'));
    if (!wanted.has(columnKey(name))) texts[field] = hash;
  }
  for (const [where, names] of Object.entries(base.applied?.labels ?? {})) {
    if (where === '' || where.startsWith(listKey('')) || labels[where] !== undefined) continue;
    if (!wanted.has(columnKey(where))) labels[where] = names;
  }
}

/** Words and labels of the parts that both sides have; a new part comes whole with the PUT that adds it. */
function mergeParts(desired: DesiredAsset, target: TargetAsset, merge: FieldMerge, writesStructure: boolean): boolean {
  const parts = partsOf[desired.entityType];
  if (!parts) return true;
  const held = new Map((target.columns ?? []).map((column, i) => [columnKey(column.name), { column, i }]));
  for (const column of desired.columns ?? []) {
    const other = held.get(columnKey(column.name));
    if (!other) {
      // Where structure is left alone, it has no place.
      if (writesStructure) noteNewPart(column, parts.field, merge);
      continue;
    }
    const { name, description, displayName, tags } = other.column;
    const path = `${parts.path}/${other.i}`;
    const field = `${parts.field}.${name}`;
    if (!merge.text(`${field}.description`, `${path}/description`, column.description, description)) return false;
    if (!merge.shown(`${field}.displayName`, `${path}/displayName`, column.displayName, displayName)) return false;
    if (!merge.label(name, `${field}.tags`, `${path}/tags`, column.tags, tags)) return false;
  }
  return true;
}

function noteNewPart(
  column: NonNullable<DesiredAsset['columns']>[number],
  parts: string,
  { texts, labels }: FieldMerge,
): void {
  for (const key of ['description', 'displayName'] as const) {
    const field = `${parts}.${column.name}.${key}`;
    const merged = mergeText({
      field,
      source: column[key],
      target: undefined,
      base: {},
      history: 'none',
      override: true,
    });
    if (merged !== 'needs-history' && merged.ours !== undefined) texts[field] = merged.ours;
  }
  const ours = column.tags.map(labelKey);
  if (ours.length > 0) labels[column.name] = ours.sort();
}
