import { canonicalHash } from '../../model/canonical-hash.ts';
import type { NamePath } from '../../model/records.ts';
import type { SourceMemory } from '../source.ts';
import type { AtlasCategory, AtlasGlossary, AtlasTerm } from './atlas-types.ts';

/** One glossary, read whole. */
export interface GlossaryContent {
  readonly glossary: AtlasGlossary;
  readonly categories: readonly AtlasCategory[];
  readonly terms: readonly AtlasTerm[];
}

/** Where a glossary, a category or a term stands. */
export interface GlossaryPlace {
  readonly path: NamePath;
  /** Its name now, once that has become another than its place's. */
  readonly displayName?: string;
}

interface Remembered extends GlossaryPlace {
  /** Whether it was renamed once: from then on its name is always told, or an old one would stay. */
  readonly renamed?: boolean;
}

type Role = 'glossary' | 'category' | 'term';

const memoryKey = (guid: string): string => `glossary.place.${guid}`;
export const pathKey = (path: NamePath): string => JSON.stringify(path);

/**
 * Chooses a place for each glossary, category and term. A category holds its terms: a term stands below its first
 * category by path, or at the top of its glossary.
 *
 * A place is remembered by guid: what people write on a term in the target hangs on its name there, so that a term that
 * is put into another category, or renamed, stays where it is. A category and a term of one path are one thing.
 */
export class GlossaryPlaces {
  readonly #memory: SourceMemory;
  readonly #places = new Map<string, GlossaryPlace>();
  readonly #taken = new Map<string, string>();

  constructor(memory: SourceMemory) {
    this.#memory = memory;
  }

  /** The place of a guid, from an earlier run where this one has not met it. */
  placeOf(guid: string): GlossaryPlace | undefined {
    return this.#places.get(guid) ?? this.#remembered(guid);
  }

  /** Settles the places of everything that these glossaries hold; to be called once, with all of them. */
  settle(contents: readonly GlossaryContent[]): void {
    // Known places first: what is new must not take them.
    for (const { glossary, categories, terms } of contents) {
      this.#reserve('glossary', glossary);
      for (const category of categories) this.#reserve('category', category);
      for (const term of terms) this.#reserve('term', term);
    }
    for (const content of contents) this.#settleGlossary(content);
  }

  #settleGlossary({ glossary, categories, terms }: GlossaryContent): void {
    const root = this.#settle('glossary', glossary, []);
    const byGuid = new Map(categories.map((category) => [category.guid, category]));
    for (const category of [...categories].sort(byName)) this.#category(category, byGuid, root, new Set());
    for (const term of [...terms].sort(byName)) {
      const [parent] = this.categoriesOf(term);
      this.#settle('term', term, parent && parent[0] === root[0] ? parent : root);
    }
  }

  /** The paths of a term's categories, in order. */
  categoriesOf(term: AtlasTerm): NamePath[] {
    return (term.categories ?? [])
      .map(({ categoryGuid }) => this.#places.get(categoryGuid)?.path)
      .filter((path) => path !== undefined)
      .sort((a, b) => (pathKey(a) < pathKey(b) ? -1 : 1));
  }

  #category(
    category: AtlasCategory,
    byGuid: ReadonlyMap<string, AtlasCategory>,
    root: NamePath,
    below: Set<string>,
  ): NamePath {
    const settled = this.#places.get(category.guid);
    if (settled) return settled.path;
    const parent = byGuid.get(category.parentCategory?.categoryGuid ?? '');
    below.add(category.guid);
    // Categories that hold each other in a ring are not possible in Atlas, but in an answer.
    const holder = parent && !below.has(parent.guid) ? this.#category(parent, byGuid, root, below) : root;
    return this.#settle('category', category, holder);
  }

  #settle(role: Role, { guid, name }: { readonly guid: string; readonly name: string }, parent: NamePath): NamePath {
    const known = this.#remembered(guid);
    const keeps = known !== undefined && this.#taken.get(takenKey(role, known.path)) === guid;
    const path = keeps ? known.path : this.#free(role, guid, [...parent, name]);
    const renamed = known?.renamed === true || path.at(-1) !== name;
    if (!keeps || known.renamed !== renamed) this.#memory.set(memoryKey(guid), JSON.stringify({ path, renamed }));
    this.#places.set(guid, { path, ...(renamed && { displayName: name }) });
    return path;
  }

  #reserve(role: Role, { guid }: { readonly guid: string }): void {
    const known = this.#remembered(guid);
    if (!known) return;
    const key = takenKey(role, known.path);
    if (!this.#taken.has(key)) this.#taken.set(key, guid);
  }

  /** The path wanted, or the like of it where an earlier one, renamed since, still has it. */
  #free(role: Role, guid: string, wanted: NamePath): NamePath {
    const key = takenKey(role, wanted);
    const path = this.#taken.has(key)
      ? [...wanted.slice(0, -1), `${wanted.at(-1)} (${canonicalHash(guid).slice(0, 8)})`]
      : wanted;
    this.#taken.set(takenKey(role, path), guid);
    return path;
  }

  #remembered(guid: string): Remembered | undefined {
    const text = this.#memory.get(memoryKey(guid));
    return text === undefined ? undefined : (JSON.parse(text) as Remembered);
  }
}

function takenKey(role: Role, path: NamePath): string {
  return `${role} ${pathKey(path)}`;
}

function byName(a: AtlasCategory | AtlasTerm, b: AtlasCategory | AtlasTerm): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : a.guid < b.guid ? -1 : 1;
}
