import type { NamePath } from '../../model/records.ts';
import type { ClassificationDef, EntityDef, TypeDefs } from './atlas-types.ts';
import { BusinessMetadata } from './business-metadata.ts';
import { type TableShape, tableShapeOf } from './table-shape.ts';

/** System attributes that every type has (2.0 and later). */
export const systemAttributes = ['__modificationTimestamp'] as const;

/** The server's type definitions, asked by name. What a type is follows from its supertypes, not from its name. */
export class TypeRegistry {
  readonly #defs = new Map<string, EntityDef>();
  readonly #below = new Map<string, string[]>();
  readonly #classifications = new Map<string, ClassificationDef>();
  readonly #tagPaths = new Map<string, NamePath>();
  readonly business: BusinessMetadata;
  /** Where a glossary term stands, by guid; nowhere until the glossaries are read. */
  termPath: (guid: string) => NamePath | undefined = () => undefined;

  constructor(defs: TypeDefs) {
    this.business = new BusinessMetadata(defs);
    for (const def of defs.classificationDefs ?? []) this.#classifications.set(def.name, def);
    for (const def of defs.entityDefs ?? []) {
      this.#defs.set(def.name, def);
      for (const parent of def.superTypes ?? []) {
        const below = this.#below.get(parent) ?? [];
        below.push(def.name);
        this.#below.set(parent, below);
      }
    }
  }

  /** Every classification, those above before those below. */
  classifications(): readonly { readonly path: NamePath; readonly description: string }[] {
    return [...this.#classifications.values()]
      .map(({ name, description }) => ({ path: this.tagPath(name), description: description ?? '' }))
      .sort((a, b) => a.path.length - b.path.length || (a.path.join('\0') < b.path.join('\0') ? -1 : 1));
  }

  /** A classification's path below ours: its first line of supertypes, then itself. */
  tagPath(name: string): NamePath {
    const known = this.#tagPaths.get(name);
    if (known) return known;
    const path = [name];
    for (let parent = this.#superOf(name); parent && !path.includes(parent); parent = this.#superOf(parent)) {
      path.unshift(parent);
    }
    this.#tagPaths.set(name, path);
    return path;
  }

  #superOf(classification: string): string | undefined {
    return this.#classifications.get(classification)?.superTypes?.[0];
  }

  has(name: string): boolean {
    return this.#defs.has(name);
  }

  /** Every entity type. */
  names(): string[] {
    return [...this.#defs.keys()];
  }

  /** A type and all above it, nearest first. */
  lineage(name: string): string[] {
    const found = new Set([name]);
    for (const type of found) for (const above of this.#defs.get(type)?.superTypes ?? []) found.add(above);
    return [...found];
  }

  /** The server's spelling of a type named in any case. */
  spelling(name: string): string | undefined {
    if (this.#defs.has(name)) return name;
    const lower = name.toLowerCase();
    return [...this.#defs.keys()].find((other) => other.toLowerCase() === lower);
  }

  /** A type and all below it. */
  withSubtypes(name: string): string[] {
    const found = new Set<string>();
    const visit = (type: string): void => {
      if (found.has(type)) return;
      found.add(type);
      for (const below of this.#below.get(type) ?? []) visit(below);
    };
    if (this.has(name)) visit(name);
    return [...found];
  }

  isA(name: string, ancestor: string): boolean {
    return this.lineage(name).includes(ancestor);
  }

  /** All attributes of a type, its supertypes' and its relationships' included: name → type name. */
  attributes(name: string): ReadonlyMap<string, string> {
    const all = new Map<string, string>();
    const seen = new Set<string>();
    const visit = (type: string): void => {
      if (seen.has(type)) return;
      seen.add(type);
      const def = this.#defs.get(type);
      for (const { name: attribute, typeName } of [
        ...(def?.attributeDefs ?? []),
        ...(def?.relationshipAttributeDefs ?? []),
      ]) {
        if (!all.has(attribute)) all.set(attribute, typeName);
      }
      for (const parent of def?.superTypes ?? []) visit(parent);
    };
    visit(name);
    return all;
  }

  /** The attributes among `wanted` that every one of the types has: others would make a search fail (400). */
  common(types: readonly string[], wanted: readonly string[]): string[] {
    const sets = types.map((type) => this.attributes(type));
    return wanted.filter((name) => sets.every((set) => set.has(name)));
  }

  /** What people added to entities: attributes to ask for in a search of these types, beside their own. */
  addedAttributes(types: readonly string[]): string[] {
    const business = this.business.searchAttributes(types, (type, ancestor) => this.isA(type, ancestor));
    return ['__customAttributes', ...business];
  }

  /** Attributes to ask for in a search of assets of these types: those of the wanted that they have, and what was added. */
  assetAttributes(types: readonly string[], wanted: readonly string[]): string[] {
    return [...this.common(types, wanted), ...systemAttributes, ...this.addedAttributes(types)];
  }

  /** How a table-like type is built. Undefined for any other type. */
  tableShape(name: string): TableShape | undefined {
    return tableShapeOf(name, this);
  }

  /** Every table-like type of the server. */
  tableTypes(): string[] {
    return [...this.#defs.keys()].filter((name) => this.tableShape(name) !== undefined).sort();
  }
}
