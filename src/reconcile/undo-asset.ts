import { buildFqn, splitFqn } from '../model/fqn.ts';
import type { FieldChange } from './change.ts';
import { columnKey } from './merge-columns.ts';
import { valueText } from './merge-extension.ts';
import { PatchBuilder, type PatchOperation } from './patch.ts';
import { putBody } from './put-body.ts';
import {
  type AssetType,
  type DesiredAsset,
  type Label,
  labelKey,
  partsOf,
  type TargetAsset,
  type TargetColumn,
} from './target-asset.ts';
import { asBefore, changedSince, type StructureUndo, undoStructure } from './undo-structure.ts';
import type { AssetAfter, AssetBefore } from './written-asset.ts';

export interface AssetUndoInput {
  readonly entityType: AssetType;
  /** The asset before the write, as far as the write changed it. */
  readonly before: AssetBefore;
  readonly after: AssetAfter;
  /** The asset as it is now. */
  readonly now: TargetAsset;
}

export interface AssetUndo {
  /** What goes back, and (`keep`) what stays, since it was changed after the write. Nothing where all is back already. */
  readonly fields: readonly FieldChange[];
  /** Body of a PUT that brings the structure back, people's words of now with it. Decide anew against the answer. */
  readonly put?: DesiredAsset;
  readonly patch: readonly PatchOperation[];
}

/**
 * What reverts one write of an asset: each field that still holds what the write put there goes back to what it was.
 * Where somebody (a person, or a later run) has put something else since, that stays and is told.
 */
export function undoAsset(input: AssetUndoInput): AssetUndo {
  const { entityType, after, now } = input;
  const structure = undoStructure(input);
  const undo = new FieldUndo(input);
  const structural = new Set(structure.changes.map(({ field }) => field));
  const isVocabulary = entityType === 'glossary' || entityType === 'glossaryTerm';
  for (const change of after.fields) {
    if (!structural.has(change.field)) undo.field(change);
  }
  undo.lists();
  for (const place of undo.labels.values()) undo.label(place);
  if (isVocabulary) {
    for (const [key, value] of Object.entries(structure.attributes ?? {})) {
      if (value === undefined) undo.patch.remove(`/${key}`, now.attributes?.[key]);
      else undo.patch.attribute(`/${key}`, value, true);
    }
  }
  const put = isVocabulary ? undefined : structureBody(input, structure);
  const changes = [...undo.fields, ...structure.changes];
  return { fields: changes, patch: undo.patch.operations(now.updatedAt), ...(put && { put }) };
}

interface LabelPlace {
  readonly field: string;
  readonly path: string;
  readonly held: readonly Label[];
  readonly was: readonly Label[];
  readonly changes: FieldChange[];
}

/** The fields of one asset as they go back one after the other. */
class FieldUndo {
  readonly fields: FieldChange[] = [];
  readonly patch = new PatchBuilder();
  readonly labels = new Map<string, LabelPlace>();
  readonly #input: AssetUndoInput;
  readonly #lists = new Map<string, FieldChange[]>();

  constructor(input: AssetUndoInput) {
    this.#input = input;
  }

  field(change: FieldChange): void {
    const { field } = change;
    const { now, before, entityType } = this.#input;
    const parts = partsOf[entityType];
    if (field === 'description' || field === 'displayName') this.#text(change, `/${field}`, now[field]);
    else if (field === 'tags') this.#noteLabels(change, '/tags', now.tags, before.tags ?? []);
    else if (field === 'owner') this.#owner();
    else if (field.startsWith('extension.')) this.#extension(change);
    else if (now.lists?.[field] || before.lists?.[field]) {
      this.#lists.set(field, [...(this.#lists.get(field) ?? []), change]);
    } else if (parts && field.startsWith(`${parts.field}.`)) this.#part(change, parts);
  }

  lists(): void {
    for (const [field, changes] of this.#lists) {
      const { now } = this.#input;
      const held = now.lists?.[field] ?? [];
      let next = [...held];
      for (const { action, from, to } of changes) {
        if (action === 'add' && to !== undefined && next.includes(to)) {
          next = next.filter((word) => word !== to);
          this.fields.push({ field, action: 'remove', from: to, reason: asBefore });
        } else if (action === 'remove' && from !== undefined && !next.includes(from)) {
          next.push(from);
          this.fields.push({ field, action: 'add', to: from, reason: asBefore });
        }
      }
      if (next.length !== held.length || next.some((word) => !held.includes(word))) {
        this.patch.list(`/${field}`, next, held.length > 0);
      }
    }
  }

  /** A label that the write put there goes, one that it took away comes back; all at one place in one go. */
  label({ field, path, held, was: before, changes }: LabelPlace): void {
    const present = new Set(held.map(labelKey));
    const was = new Map(before.map((label) => [labelKey(label), label]));
    const add: Label[] = [];
    const remove: string[] = [];
    for (const { action, from, to } of changes) {
      const label = from === undefined ? undefined : was.get(from);
      if (action === 'add' && to !== undefined && present.has(to)) {
        remove.push(to);
        this.fields.push({ field, action: 'remove', from: to, reason: asBefore });
      } else if (action === 'remove' && label && !present.has(from!)) {
        add.push(label);
        this.fields.push({ field, action: 'add', to: from!, reason: asBefore });
      }
    }
    this.patch.labels(path, held, add, remove);
  }

  #noteLabels(change: FieldChange, path: string, held: readonly Label[], was: readonly Label[]): void {
    const { field } = change;
    const place = this.labels.get(field) ?? { field, path, held, was, changes: [] };
    place.changes.push(change);
    this.labels.set(field, place);
  }

  #text({ field, from, to }: FieldChange, path: string, held: string | undefined): void {
    const [now, ours, was] = [held || undefined, to || undefined, from || undefined];
    if (now === was) return;
    if (now !== ours) {
      this.fields.push({ field, action: 'keep', reason: changedSince, ...(now !== undefined && { from: now }) });
    } else if (was === undefined) {
      this.patch.remove(path, held);
      this.fields.push({ field, action: 'remove', from: now!, reason: asBefore });
    } else {
      this.patch.set(path, was, now);
      const action = now === undefined ? 'add' : 'replace';
      this.fields.push({ field, action, to: was, reason: asBefore, ...(now !== undefined && { from: now }) });
    }
  }

  #owner(): void {
    const { now, before, after } = this.#input;
    const key = ({ type, id }: { type: string; id: string }): string => `${type}:${id}`;
    const names = (owners: TargetAsset['owners']): string => owners.map(({ id, name }) => name ?? id).join(', ');
    const was = before.owners ?? [];
    const held = now.owners.map(key);
    if (held.length === was.length && was.every((owner) => held.includes(key(owner)))) return;
    const isOurs = after.owner === undefined ? held.length === 0 : held.length === 1 && held[0] === after.owner;
    const from = held.length > 0 ? { from: names(now.owners) } : {};
    if (!isOurs) {
      this.fields.push({ field: 'owner', action: 'keep', reason: changedSince, ...from });
    } else if (was.length === 0) {
      this.patch.removeOwner(now.owners[0]!);
      this.fields.push({ field: 'owner', action: 'remove', reason: asBefore, ...from });
    } else {
      this.patch.owners(was);
      const action = held.length === 0 ? 'add' : 'replace';
      this.fields.push({ field: 'owner', action, to: names(was), reason: asBefore, ...from });
    }
  }

  #extension({ field, from, to }: FieldChange): void {
    const { now, before } = this.#input;
    const name = field.slice('extension.'.length);
    const stored = now.extension?.[name];
    const held = valueText(stored);
    if (held === from) return;
    const shown = held === undefined ? {} : { from: held };
    if (held !== to) {
      this.fields.push({ field, action: 'keep', reason: changedSince, ...shown });
    } else if (from === undefined) {
      this.patch.remove(`/extension/${name}`, stored);
      this.fields.push({ field, action: 'remove', reason: asBefore, ...shown });
    } else {
      this.patch.extension(name, before.extension?.[name] ?? from, now.extension !== undefined);
      this.fields.push({ field, action: held === undefined ? 'add' : 'replace', to: from, reason: asBefore, ...shown });
    }
  }

  /** Words and labels of a part that is there; those of one that is gone went with it. */
  #part(change: FieldChange, parts: { readonly path: string; readonly field: string }): void {
    const { now, before } = this.#input;
    const rest = change.field.slice(parts.field.length + 1);
    const dot = rest.lastIndexOf('.');
    const [name, key] = [rest.slice(0, Math.max(0, dot)), rest.slice(dot + 1)];
    const i = (now.columns ?? []).findIndex((column) => columnKey(column.name) === columnKey(name));
    const held = now.columns?.[i];
    if (!held || dot < 0) return;
    const path = `${parts.path}/${i}/${key}`;
    if (key === 'description' || key === 'displayName') this.#text(change, path, held[key]);
    if (key !== 'tags') return;
    const was = before.columns?.find((column) => columnKey(column.name) === columnKey(name));
    this.#noteLabels(change, path, held.tags, was?.tags ?? []);
  }
}

/** The whole of a PUT, where some structure goes back. */
function structureBody({ entityType, now }: AssetUndoInput, structure: StructureUndo): DesiredAsset | undefined {
  const { columns, tableType, viewDefinition, attributes } = structure;
  if (!columns && tableType === undefined && viewDefinition === undefined && !attributes) return undefined;
  const desired: DesiredAsset = {
    entityType,
    fqn: now.fqn,
    parentFqn: buildFqn(splitFqn(now.fqn).slice(0, -1)),
    name: now.name,
    tags: [],
    extension: now.extension ?? {},
    structureComplete: true,
    ...(columns && { columns: columns.map(withoutHeldWords(now)) }),
    ...((tableType ?? now.tableType) !== undefined && { tableType: (tableType ?? now.tableType)! }),
    ...(viewDefinition !== null &&
      (viewDefinition ?? now.viewDefinition) !== undefined && {
        viewDefinition: (viewDefinition ?? now.viewDefinition)!,
      }),
    ...(attributes && { attributes }),
  };
  const body = putBody(desired, now, [], { structure: true, lost: {} });
  const known = Object.entries(body.attributes ?? {}).filter(([, value]) => value !== undefined);
  // What a PUT carries along would bring the text back that shall go.
  const { viewDefinition: _v, schemaDefinition: _s, ...carried } = body.carried ?? {};
  return {
    ...body,
    ...(body.attributes && { attributes: Object.fromEntries(known) }),
    ...(viewDefinition === null && { carried }),
  };
}

/** A part that is there keeps the words of now; one that comes back brings its own. */
function withoutHeldWords(now: TargetAsset): (column: TargetColumn) => TargetColumn {
  const there = new Set((now.columns ?? []).map(({ name }) => columnKey(name)));
  return (column) => {
    if (!there.has(columnKey(column.name))) return column;
    const { description: _d, displayName: _n, ...shape } = column;
    return { ...shape, tags: [] };
  };
}
