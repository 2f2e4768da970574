import { Changes } from './changes.ts';
import type { Collection } from './collection.ts';
import { type Doc, docList, isDoc, sameJson, text } from './doc.ts';
import { type Label, type LabelsByPath, sameLabel } from './labels.ts';
import { partsOf } from './parts.ts';
import type { ServerVersion } from './server-version.ts';
import type { EntityLink } from './store.ts';

/** One state of an entity with its labels in place: on the entity and on its parts, where known. */
export interface EntityState {
  doc: Doc;
  owners: readonly EntityLink[] | undefined;
  extension: Doc | undefined;
}

export interface Merge {
  readonly collection: Collection;
  readonly version: ServerVersion;
  /** PUT keeps and merges where PATCH replaces. */
  readonly operation: 'put' | 'patch';
  /** True when the write brings back an entity that was marked as deleted. */
  readonly restores: boolean;
  readonly byBot: boolean;
  /** The reference that stands for an owner in the history. */
  readonly ownerText: (owner: EntityLink) => Doc;
}

export interface Merged {
  readonly changes: Changes;
  /** All labels after the write. */
  readonly labels: LabelsByPath;
  readonly owners: readonly EntityLink[];
  readonly extension: Doc | undefined;
}

/**
 * Decides what a write really changes. `updated` is brought in line with what will be stored: a bot's PUT gets texts
 * back that it may not overwrite, labels that it left out, and the stored extension.
 */
export function mergeEntity(original: EntityState, updated: EntityState, merge: Merge): Merged {
  const work = new EntityMerge(merge);
  const { changes } = work;
  if (merge.restores) {
    changes.value('deleted', true, false);
  }
  work.keepText(original.doc, updated.doc, 'description', 'description');
  work.keepDisplayName(original.doc, updated.doc);
  const owners = work.owners(original.owners ?? [], updated.owners);
  const extension = work.extension(original.extension, updated.extension);
  updated.extension = extension;
  work.labelsOf('', 'tags', original.doc, updated.doc);
  for (const name of merge.collection.recorded.values) {
    changes.value(name, at(original.doc, name), at(updated.doc, name), isDoc(at(updated.doc, name)));
  }
  for (const name of merge.collection.recorded.lists) {
    changes.list(name, listAt(original.doc, name), listAt(updated.doc, name), sameJson);
  }
  for (const key of ['domain', 'domains', 'dataProducts']) {
    work.keepDomains(key, original.doc, updated.doc);
  }
  work.parts(original.doc, updated.doc);
  return { changes, labels: work.labels, owners, extension };
}

function at(doc: Doc, path: string): unknown {
  let value: unknown = doc;
  for (const key of path.split('.')) {
    value = isDoc(value) ? value[key] : undefined;
  }
  return value;
}

function listAt(doc: Doc, path: string): unknown[] {
  const value = at(doc, path);
  return Array.isArray(value) ? value : [];
}

class EntityMerge {
  readonly changes = new Changes();
  readonly labels: LabelsByPath = new Map();
  readonly #merge: Merge;

  constructor(merge: Merge) {
    this.#merge = merge;
  }

  get #protects(): boolean {
    return this.#merge.operation === 'put' && this.#merge.byBot;
  }

  keepText(before: Doc, now: Doc, key: string, name: string): void {
    if (this.#protects && text(before[key]) !== undefined && before[key] !== '') {
      now[key] = before[key];
    }
    this.changes.value(name, before[key], now[key]);
  }

  keepDisplayName(before: Doc, now: Doc): void {
    // From 1.11 on a bot's PUT overwrites the display name, or clears it by leaving it out.
    if (this.#merge.version.atLeast(11)) {
      this.changes.value('displayName', before['displayName'], now['displayName']);
    } else {
      this.keepText(before, now, 'displayName', 'displayName');
    }
  }

  owners(before: readonly EntityLink[], now: readonly EntityLink[] | undefined): readonly EntityLink[] {
    if (now === undefined || (now.length === 0 && this.#merge.operation === 'put')) {
      return before;
    }
    const same = (a: EntityLink, b: EntityLink): boolean => a.id === b.id && a.type === b.type;
    const { ownerText, version } = this.#merge;
    if (version.ownerKey === 'owners') {
      this.changes.list('owners', before.map(ownerText), now.map(ownerText), (a, b) => a['id'] === b['id']);
    } else if (before.length !== now.length || !before.every((owner, index) => same(owner, now[index]!))) {
      const form = (owner: EntityLink | undefined): Doc | undefined =>
        owner === undefined ? undefined : ownerText(owner);
      this.changes.value('owner', form(before[0]), form(now[0]), true);
    }
    return now;
  }

  extension(before: Doc | undefined, now: Doc | undefined): Doc | undefined {
    if (this.#merge.operation === 'put' && (this.#merge.byBot || now === undefined)) {
      return before;
    }
    const [had, has] = [before ?? {}, now ?? {}];
    const single = (key: string, value: unknown): Doc => ({ [key]: value });
    const came = Object.keys(has).filter((key) => had[key] === undefined);
    const went = Object.keys(had).filter((key) => has[key] === undefined);
    if (came.length > 0) {
      this.changes.list(
        'extension',
        [],
        came.map((key) => single(key, has[key])),
        sameJson,
      );
    }
    if (went.length > 0) {
      this.changes.list(
        'extension',
        went.map((key) => single(key, had[key])),
        [],
        sameJson,
      );
    }
    for (const key of Object.keys(has).filter((name) => had[name] !== undefined)) {
      this.changes.value(`extension.${key}`, had[key], has[key], true);
    }
    return Object.keys(has).length === 0 ? undefined : now;
  }

  /** Domains are kept when a PUT leaves them out, or when a bot's PUT meets some. */
  keepDomains(key: string, before: Doc, now: Doc): void {
    const leftOut = this.#merge.operation === 'put' && now[key] === undefined;
    if (before[key] !== undefined && (leftOut || this.#protects)) {
      now[key] = before[key];
    }
    this.changes.value(key, before[key], now[key], true);
  }

  /** Merges the labels of one place; without a list in `now` the stored ones stay. */
  labelsOf(path: string, name: string, before: Doc, now: Doc): void {
    const had = docList(before['tags']);
    const wanted = docList(now['tags']);
    const has: Label[] =
      this.#merge.operation === 'put'
        ? [...wanted, ...had.filter((label) => !wanted.some((other) => sameLabel(label, other)))]
        : wanted;
    this.changes.list(name, had, has, sameLabel);
    if (has.length > 0) {
      this.labels.set(path, has);
    }
    if (now['tags'] !== undefined) {
      now['tags'] = has;
    }
  }

  parts(before: Doc, now: Doc): void {
    const { parts } = this.#merge.collection;
    if (parts === undefined) {
      return;
    }
    const name = parts.at.join('.');
    const [had, has] = [partsOf(before, parts) ?? [], partsOf(now, parts) ?? []];
    if (parts.style === 'tasks' || parts.style === 'features') {
      this.#flatParts(name, had, has);
    } else {
      this.#nestedParts(name, had, has);
    }
  }

  /** @param name of the list in the history: `columns`, or with parents `columns.address`. */
  #nestedParts(name: string, before: readonly Doc[], now: readonly Doc[]): void {
    const stored = new Map(before.map((part) => [String(part['name']).toLowerCase(), part]));
    const wanted = new Map(now.map((part) => [String(part['name']).toLowerCase(), part]));
    const added = now.filter((part) => !samePart(stored.get(String(part['name']).toLowerCase()), part));
    const deleted = before.filter((part) => !samePart(wanted.get(String(part['name']).toLowerCase()), part));
    this.changes.listed(name, added, deleted);
    this.changes.major ||= deleted.length > 0;
    for (const part of added) {
      const former = deleted.find((gone) => gone['name'] === part['name']);
      if (former !== undefined && !text(part['description']) && text(former['description'])) {
        part['description'] = former['description'];
      }
      this.#newLabels(part);
    }
    for (const part of now) {
      const former = stored.get(String(part['name']).toLowerCase());
      if (former === undefined || !samePart(former, part)) {
        continue;
      }
      const own = `${name}.${lastPart(former)}`;
      this.keepText(former, part, 'description', `${own}.description`);
      this.keepText(former, part, 'displayName', `${own}.displayName`);
      for (const key of ['dataLength', 'precision', 'scale']) {
        this.#size(`${own}.${key}`, former[key], part[key]);
      }
      this.labelsOf(String(part['fullyQualifiedName']), `${own}.tags`, former, part);
      this.changes.value(`${own}.constraint`, former['constraint'], part['constraint']);
      if (former['children'] !== undefined || part['children'] !== undefined) {
        this.#nestedParts(own, docList(former['children']), docList(part['children']));
      }
    }
  }

  #flatParts(name: string, before: readonly Doc[], now: readonly Doc[]): void {
    const stored = new Map(before.map((part) => [part['name'], part]));
    for (const part of now) {
      const former = stored.get(part['name']);
      if (former === undefined) {
        this.#newLabels(part);
        continue;
      }
      this.keepText(former, part, 'description', `${name}.${String(part['name'])}.description`);
      this.labelsOf(String(part['fullyQualifiedName']), `${name}.${String(part['name'])}.tags`, former, part);
    }
    const bare = ({ description: _text, tags: _labels, ...rest }: Doc): Doc => rest;
    this.changes.list(name, before, now, (a, b) => sameJson(bare(a), bare(b)));
  }

  #size(name: string, before: unknown, now: unknown): void {
    this.changes.value(name, before, now);
    if (typeof before === 'number' && (typeof now !== 'number' || now < before)) {
      this.changes.major = true;
    }
  }

  #newLabels(part: Doc): void {
    const labels = docList(part['tags']);
    if (labels.length > 0) {
      this.labels.set(String(part['fullyQualifiedName']), labels);
    }
    for (const child of docList(part['children'])) {
      this.#newLabels(child);
    }
  }
}

/** Names are compared without regard to case; another type makes it another column. */
function samePart(a: Doc | undefined, b: Doc): boolean {
  return (
    a !== undefined &&
    String(a['name']).toLowerCase() === String(b['name']).toLowerCase() &&
    a['dataType'] === b['dataType'] &&
    a['arrayDataType'] === b['arrayDataType']
  );
}

function lastPart(part: Doc): string {
  const name = String(part['name']);
  return name.includes('.') ? `"${name}"` : name;
}
