import type {
  AttributeDef,
  ClassificationDef,
  EntityDef,
  RelationshipAttributeDef,
  RelationshipDef,
  TypeDefinitions,
} from './type-definitions.ts';

/** Attributes that every entity has without any type defining them. */
export const SYSTEM_ATTRIBUTES = [
  '__guid',
  '__typeName',
  '__state',
  '__createdBy',
  '__modifiedBy',
  '__timestamp',
  '__modificationTimestamp',
  '__isIncomplete',
  '__labels',
  '__customAttributes',
  '__classificationNames',
  '__propagatedClassificationNames',
] as const;

export type AttributeKind =
  | { readonly kind: 'own'; readonly def: AttributeDef }
  | { readonly kind: 'relationship'; readonly def: RelationshipAttributeDef }
  | { readonly kind: 'business'; readonly group: string; readonly name: string }
  | { readonly kind: 'system' };

/** Attributes that a search header carries without being asked, where the type has them. */
const HEADER_ATTRIBUTES = ['name', 'qualifiedName', 'description', 'owner', 'createTime'];

/** Answers questions about types: what they inherit, what inherits from them, which attributes they know. */
export class TypeRegistry {
  readonly definitions: TypeDefinitions;
  readonly #entities: Map<string, EntityDef>;
  readonly #classifications: Map<string, ClassificationDef>;
  readonly #relationships: Map<string, RelationshipDef>;
  readonly #attributes = new Map<string, Map<string, AttributeDef>>();
  readonly #headers = new Map<string, readonly AttributeDef[]>();

  constructor(definitions: TypeDefinitions) {
    this.definitions = definitions;
    this.#entities = new Map(definitions.entityDefs.map((def) => [def.name, def]));
    this.#classifications = new Map(definitions.classificationDefs.map((def) => [def.name, def]));
    this.#relationships = new Map(definitions.relationshipDefs.map((def) => [def.name, def]));
  }

  entity(name: string): EntityDef | undefined {
    return this.#entities.get(name);
  }

  classification(name: string): ClassificationDef | undefined {
    return this.#classifications.get(name);
  }

  relationship(name: string): RelationshipDef | undefined {
    return this.#relationships.get(name);
  }

  /** The type itself and everything below it. */
  withSubTypes(name: string): Set<string> {
    return closure(name, (each) => this.#entities.get(each)?.subTypes);
  }

  /** The type itself and everything above it. */
  withSuperTypes(name: string): Set<string> {
    return closure(name, (each) => this.#entities.get(each)?.superTypes);
  }

  /** The classification itself and everything below it. */
  withSubClassifications(name: string): Set<string> {
    return closure(name, (each) => this.#classifications.get(each)?.subTypes);
  }

  /** Own and inherited attributes of an entity type, by name. */
  attributes(typeName: string): ReadonlyMap<string, AttributeDef> {
    const known = this.#attributes.get(typeName);
    if (known !== undefined) {
      return known;
    }
    const all = new Map<string, AttributeDef>();
    for (const each of [...this.withSuperTypes(typeName)].reverse()) {
      for (const def of this.#entities.get(each)?.attributeDefs ?? []) {
        all.set(def.name, def);
      }
    }
    this.#attributes.set(typeName, all);
    return all;
  }

  /** The attributes that a header of this type always carries. */
  headerAttributes(typeName: string): readonly AttributeDef[] {
    let defs = this.#headers.get(typeName);
    if (defs === undefined) {
      const all = this.attributes(typeName);
      defs = HEADER_ATTRIBUTES.flatMap((name) => all.get(name) ?? []);
      this.#headers.set(typeName, defs);
    }
    return defs;
  }

  /** Every relationship attribute that entities of this type have, supertypes' included. */
  relationshipAttributes(typeName: string): readonly RelationshipAttributeDef[] {
    return this.#entities.get(typeName)?.relationshipAttributeDefs ?? [];
  }

  /** What a name means on a type; undefined when a search for it is refused. */
  attribute(typeName: string, name: string): AttributeKind | undefined {
    const related = this.relationshipAttributes(typeName).find((def) => def.name === name);
    if (related !== undefined) {
      return { kind: 'relationship', def: related };
    }
    const own = this.attributes(typeName).get(name);
    if (own !== undefined) {
      return { kind: 'own', def: own };
    }
    if ((SYSTEM_ATTRIBUTES as readonly string[]).includes(name)) {
      return { kind: 'system' };
    }
    const dot = name.indexOf('.');
    const group = name.slice(0, Math.max(dot, 0));
    const business = this.#entities.get(typeName)?.businessAttributeDefs[group];
    const field = name.slice(dot + 1);
    return business?.some((def) => def.name === field) ? { kind: 'business', group, name: field } : undefined;
  }
}

function closure(start: string, next: (name: string) => readonly string[] | undefined): Set<string> {
  const seen = new Set([start]);
  for (const name of seen) {
    for (const each of next(name) ?? []) {
      seen.add(each);
    }
  }
  return seen;
}
