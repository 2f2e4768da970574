import { badRequest, notFound } from './api-error.ts';
import { type Doc, docList, ordered, sameJson, text } from './doc.ts';
import type { ServerVersion } from './server-version.ts';
import type { Store } from './store.ts';

/** A label as it is stored: without what its tag says about itself. */
export type Label = Doc;

/** Labels by the place that carries them: '' for the entity, else the fully qualified name of the part. */
export type LabelsByPath = Map<string, Label[]>;

const STORED_KEYS = ['tagFQN', 'source', 'labelType', 'state', 'reason', 'appliedAt', 'appliedBy', 'metadata'];
const LABEL_KEYS = ['tagFQN', 'name', 'displayName', 'description', 'style', ...STORED_KEYS.slice(1)];

interface KnownTag {
  readonly shown: Doc;
  /** The vocabulary or tag above it when only one of that one's children may be used at a time. */
  readonly exclusiveParent: string | undefined;
}

/** Labels on entities and their parts, and the tags and terms that they point to. */
export class Labels {
  readonly #store: Store;
  readonly #version: ServerVersion;
  readonly #tags = new Map<string, KnownTag>();

  constructor(store: Store, version: ServerVersion) {
    this.#store = store;
    this.#version = version;
  }

  /** Must be called when a tag, a term or a vocabulary was written. */
  forgetTags(): void {
    this.#tags.clear();
  }

  of(entity: string): LabelsByPath {
    const rows = this.#store.prepare('SELECT path, doc FROM labels WHERE entity = ?').all(entity);
    const result: LabelsByPath = new Map();
    for (const row of rows) {
      const path = row['path'] as string;
      const list = result.get(path) ?? [];
      list.push(JSON.parse(row['doc'] as string) as Label);
      result.set(path, list);
    }
    return result;
  }

  /** Stores exactly these labels for an entity. */
  replace(entity: string, labels: LabelsByPath, hadLabels: boolean): void {
    if (hadLabels) {
      this.#store.prepare('DELETE FROM labels WHERE entity = ?').run(entity);
    }
    for (const [path, list] of labels) {
      for (const label of list) {
        const stored = ordered(label, STORED_KEYS);
        this.#store
          .prepare('INSERT OR REPLACE INTO labels (entity, path, tag, source, doc) VALUES (?, ?, ?, ?, ?)')
          .run(entity, path, String(stored['tagFQN']), String(stored['source']), JSON.stringify(stored));
      }
    }
  }

  /** Takes a tag or term that is going away off everything that carries it. */
  strip(type: string, fqn: string): void {
    const source = type === 'glossaryTerm' ? 'Glossary' : 'Classification';
    this.#store.prepare('DELETE FROM labels WHERE tag = ? AND source = ?').run(fqn, source);
  }

  /** How many places carry the tag or term, or one below it. */
  usage(type: string, fqn: string): number {
    const source = type === 'glossaryTerm' || type === 'glossary' ? 'Glossary' : 'Classification';
    const sql = 'SELECT count(*) AS n FROM labels WHERE source = ? AND (tag = ? OR (tag >= ? AND tag < ?))';
    return Number((this.#store.prepare(sql).get(source, fqn, `${fqn}.`, `${fqn}/`) as { n: number }).n);
  }

  /**
   * Labels as answers show them: sorted by name, with the texts of their tags.
   */
  show(labels: readonly Label[]): Label[] {
    return labels
      .map((label) => ordered({ ...label, ...this.#tag(label)?.shown }, LABEL_KEYS))
      .sort((a, b) => (String(a['tagFQN']) < String(b['tagFQN']) ? -1 : 1));
  }

  /**
   * Checks that tags exist and may stand together.
   * @throws {ApiError} 404 for an unknown tag, 400 for two of a mutually exclusive vocabulary.
   */
  check(labels: readonly Label[]): void {
    const taken = new Map<string, string>();
    for (const label of labels) {
      const fqn = String(label['tagFQN']);
      const tag = this.#tag(label);
      if (tag === undefined) {
        throw notFound(label['source'] === 'Glossary' ? 'glossaryTerm' : 'tag', fqn);
      }
      const { exclusiveParent } = tag;
      if (exclusiveParent === undefined) {
        continue;
      }
      const other = taken.get(exclusiveParent);
      if (other !== undefined && other !== fqn) {
        throw badRequest(`Tag labels ${other} and ${fqn} are mutually exclusive and can't be assigned together`);
      }
      taken.set(exclusiveParent, fqn);
    }
  }

  #tag(label: Label): KnownTag | undefined {
    const fqn = String(label['tagFQN']);
    const type = label['source'] === 'Glossary' ? 'glossaryTerm' : 'tag';
    const key = `${type} ${fqn}`;
    let known = this.#tags.get(key);
    if (known === undefined) {
      const row = this.#store.byFqn(type, fqn);
      if (row === undefined || row.deleted) {
        return undefined;
      }
      const above = row.parent === null ? undefined : this.#store.byId(row.parent);
      const texts = this.#version.atLeast(2) ? ['name', 'displayName', 'description', 'style'] : ['description'];
      known = {
        shown: ordered(row.doc, texts),
        exclusiveParent: above?.doc['mutuallyExclusive'] === true ? above.fqn : undefined,
      };
      this.#tags.set(key, known);
    }
    return known;
  }
}

/** A label's keys in the order in which the server writes them. */
export function tidyLabels(value: unknown): Label[] {
  return docList(value).map((label) => ordered(label, LABEL_KEYS));
}

export function sameLabel(a: Label, b: Label): boolean {
  return a['tagFQN'] === b['tagFQN'] && a['source'] === b['source'];
}

export function sameStoredLabels(a: readonly Label[], b: readonly Label[]): boolean {
  const plain = (labels: readonly Label[]): Label[] =>
    labels
      .map((label) => ordered(label, STORED_KEYS))
      .sort((x, y) => ((text(x['tagFQN']) ?? '') < (text(y['tagFQN']) ?? '') ? -1 : 1));
  return sameJson(plain(a), plain(b));
}
