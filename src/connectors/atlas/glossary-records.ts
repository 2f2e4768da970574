import type { GlossaryTermRecord, NamePath, SourceRecord } from '../../model/records.ts';
import { type AtlasCategory, type AtlasGlossary, type AtlasTerm, termRelations } from './atlas-types.ts';
import { type GlossaryContent, type GlossaryPlaces, pathKey } from './glossary-places.ts';
import { tagUses, text } from './map-entity.ts';
import { describe, stillHolds } from './term-description.ts';
import type { TypeRegistry } from './type-registry.ts';

/** What stands at one path: a category, a term, both, or nothing any more but what holds others. */
interface Entry {
  readonly path: NamePath;
  category?: AtlasCategory;
  term?: AtlasTerm;
}

interface Mapping {
  readonly places: GlossaryPlaces;
  readonly registry: TypeRegistry;
  /** Related paths of a path; each pair once. */
  readonly related: ReadonlyMap<string, ReadonlyMap<string, NamePath>>;
}

/** Glossaries, then their terms from the top down, then how terms are related. */
export function* glossaryRecords(
  contents: readonly GlossaryContent[],
  places: GlossaryPlaces,
  registry: TypeRegistry,
): Generator<SourceRecord> {
  const mapping: Mapping = { places, registry, related: relatedPaths(contents, places) };
  for (const { glossary } of contents) {
    yield { kind: 'glossary', ...common(glossary, 'AtlasGlossary', mapping) };
  }
  const entries = contents.flatMap((content) => [...entriesOf(content, places).values()]);
  entries.sort((a, b) => a.path.length - b.path.length || (pathKey(a.path) < pathKey(b.path) ? -1 : 1));
  for (const entry of entries) yield termRecord(entry, mapping);
  for (const entry of entries) {
    const { path } = entry;
    const related = [...(mapping.related.get(pathKey(path)) ?? [])].sort(([a], [b]) => (a < b ? -1 : 1));
    const { provenance } = termRecord(entry, mapping);
    yield { kind: 'termRelation', path, related: related.map(([, other]) => other), provenance };
  }
}

function entriesOf({ categories, terms }: GlossaryContent, places: GlossaryPlaces): Map<string, Entry> {
  const entries = new Map<string, Entry>();
  const at = (path: NamePath): Entry => {
    const key = pathKey(path);
    let entry = entries.get(key);
    if (!entry) {
      // What holds a remembered place may be gone from Atlas; the target wants it all the same.
      if (path.length > 2) at(path.slice(0, -1));
      entry = { path };
      entries.set(key, entry);
    }
    return entry;
  };
  for (const category of categories) at(places.placeOf(category.guid)!.path).category = category;
  for (const term of terms) at(places.placeOf(term.guid)!.path).term = term;
  return entries;
}

function termRecord({ path, category, term }: Entry, mapping: Mapping): GlossaryTermRecord {
  const kind = 'glossaryTerm';
  if (term) {
    const record = { kind, ...common(term, 'AtlasGlossaryTerm', mapping), ...synonymsOf(term) } as const;
    const held = category && common(category, 'AtlasGlossaryCategory', mapping);
    const description = [record.description, held?.description].filter((part) => part !== undefined);
    return {
      ...record,
      ...(description.length > 0 && { description: description.join('\n\n') }),
      tags: [...record.tags, ...(held?.tags ?? [])],
    };
  }
  if (category) return { kind, ...common(category, 'AtlasGlossaryCategory', mapping) };
  const qualifiedName = path.join('.');
  const provenance = { id: `place:${qualifiedName}`, typeName: 'AtlasGlossaryCategory', qualifiedName };
  const description = 'Kept because terms stand below it; no longer a category in Apache Atlas.';
  return { kind, path, provenance, description, tags: [] };
}

/** Words for the same thing that are no terms: what Atlas calls synonyms are terms. */
function synonymsOf({ abbreviation }: AtlasTerm): Pick<GlossaryTermRecord, 'synonyms'> {
  return { synonyms: text(abbreviation) === undefined ? [] : [abbreviation!.trim()] };
}

function common(thing: AtlasGlossary | AtlasCategory | AtlasTerm, typeName: string, { places, registry }: Mapping) {
  const { guid } = thing;
  const own = places.placeOf(guid)!;
  const description = describe(thing, ({ termGuid, displayText }) => {
    const place = places.placeOf(termGuid);
    if (!place) return undefined;
    const name = displayText ?? place.displayName ?? place.path.at(-1)!;
    return place.path[0] === own.path[0] ? name : `${name} in ${place.path[0]}`;
  });
  return {
    ...own,
    provenance: { id: guid, typeName, qualifiedName: thing.qualifiedName ?? thing.name },
    ...(description !== undefined && { description }),
    tags: tagUses(guid, thing.classifications ?? [], registry),
  };
}

/** A term's relations of every kind, and its categories but the one that it stands in. */
function relatedPaths(
  contents: readonly GlossaryContent[],
  places: GlossaryPlaces,
): ReadonlyMap<string, ReadonlyMap<string, NamePath>> {
  const related = new Map<string, Map<string, NamePath>>();
  const add = (from: NamePath, to: NamePath): void => {
    const known = related.get(pathKey(from)) ?? new Map<string, NamePath>();
    known.set(pathKey(to), to);
    related.set(pathKey(from), known);
  };
  for (const term of contents.flatMap(({ terms }) => terms)) {
    const own = places.placeOf(term.guid)!.path;
    const holder = pathKey(own.slice(0, -1));
    const others = [
      ...termRelations.flatMap((relation) => (term[relation] ?? []).filter(stillHolds)).map(({ termGuid }) => termGuid),
    ].map((guid) => places.placeOf(guid)?.path);
    for (const path of [...others, ...places.categoriesOf(term)]) {
      if (path === undefined || pathKey(path) === pathKey(own) || pathKey(path) === holder) continue;
      // Both ends tell it, and it counts both ways: it is told once, where a person's removal is seen once.
      if (pathKey(own) < pathKey(path)) add(own, path);
      else add(path, own);
    }
  }
  return related;
}
