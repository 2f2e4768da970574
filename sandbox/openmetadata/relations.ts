import type { Context } from './context.ts';
import { type Doc, isDoc } from './doc.ts';
import type { ServerVersion } from './server-version.ts';
import type { EntityLink } from './store.ts';

/** How a property that lists other entities is stored: as pairs of a kind, in one direction or read in both. */
interface Relation {
  readonly kind: string;
  /** True when the other entity is the source of the pair. */
  readonly inverse?: boolean;
  readonly bothWays?: boolean;
}

const RELATIONS: Readonly<Record<string, Readonly<Record<string, Relation>>>> = {
  user: { teams: { kind: 'member' }, roles: { kind: 'role' } },
  team: {
    users: { kind: 'member', inverse: true },
    parents: { kind: 'teamParent' },
    children: { kind: 'teamParent', inverse: true },
    defaultRoles: { kind: 'role' },
  },
  glossaryTerm: { relatedTerms: { kind: 'relatedTo', bothWays: true }, reviewers: { kind: 'reviewer' } },
  glossary: { reviewers: { kind: 'reviewer' } },
  query: { queryUsedIn: { kind: 'usedIn' } },
  dataProduct: { assets: { kind: 'asset' } },
  domain: { assets: { kind: 'asset' } },
};

/** Names of the properties of a type that list other entities. */
export function relationKeys(type: string): readonly string[] {
  return Object.keys(RELATIONS[type] ?? {});
}

/** Ids of the entities that a property lists. */
export function relatedIds(type: string, id: string, key: string, context: Context): string[] {
  const relation = RELATIONS[type]![key]!;
  const { store } = context;
  const forward = () =>
    store.prepare('SELECT target AS id FROM relations WHERE kind = ? AND source = ?').all(relation.kind, id);
  const backward = () =>
    store.prepare('SELECT source AS id FROM relations WHERE kind = ? AND target = ?').all(relation.kind, id);
  const rows = relation.bothWays ? [...forward(), ...backward()] : relation.inverse ? backward() : forward();
  return [...new Set(rows.map((row) => row['id'] as string))];
}

/** References of the entities that a property lists, in the order of their names. */
export function relatedReferences(type: string, id: string, key: string, context: Context): Doc[] {
  return relatedIds(type, id, key, context)
    .map((other) => context.links.reference(other))
    .filter((reference) => reference !== undefined)
    .sort((a, b) => (String(a['fullyQualifiedName']) < String(b['fullyQualifiedName']) ? -1 : 1));
}

/** A property as an entity holds it: from 1.13 on a term's relations say of which kind they are. */
export function shownRelations(key: string, references: readonly Doc[], version: ServerVersion): Doc[] {
  const typed = key === 'relatedTerms' && version.atLeast(13);
  return references.map((reference) => (typed ? { relationType: 'relatedTo', term: reference } : reference));
}

/** The entity that an item of such a property points to. */
export function relatedLink(item: Doc): EntityLink {
  const reference = isDoc(item['term']) ? item['term'] : item;
  return { id: String(reference['id']), type: String(reference['type']) };
}

/** Makes a property list exactly these entities. */
export function setRelated(
  type: string,
  id: string,
  key: string,
  links: readonly EntityLink[],
  context: Context,
): void {
  const relation = RELATIONS[type]![key]!;
  const { store } = context;
  if (relation.inverse || relation.bothWays) {
    store.prepare('DELETE FROM relations WHERE kind = ? AND target = ?').run(relation.kind, id);
  }
  if (!relation.inverse) {
    store.prepare('DELETE FROM relations WHERE kind = ? AND source = ?').run(relation.kind, id);
  }
  for (const link of links) {
    const pair = relation.inverse ? [link.id, id] : [id, link.id];
    store
      .prepare('INSERT OR IGNORE INTO relations (kind, source, target) VALUES (?, ?, ?)')
      .run(relation.kind, pair[0]!, pair[1]!);
  }
}
