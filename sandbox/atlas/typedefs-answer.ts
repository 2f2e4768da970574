import { unknownType } from './atlas-error.ts';
import type { ServerFeatures } from './server-features.ts';
import type { Json } from './stored-entity.ts';
import type { TypeDefinitions } from './type-definitions.ts';
import type { TypeRegistry } from './type-registry.ts';

const LISTS = [
  ['enum', 'enumDefs'],
  ['struct', 'structDefs'],
  ['classification', 'classificationDefs'],
  ['entity', 'entityDefs'],
  ['relationship', 'relationshipDefs'],
  ['business_metadata', 'businessMetadataDefs'],
] as const;

/** The answer of `types/typedefs`, all of it or one category (`?type=entity`). */
export function typedefsAnswer(types: TypeRegistry, features: ServerFeatures, type: string | null): Json {
  const definitions = supported(types.definitions, features);
  return Object.fromEntries(
    LISTS.map(([category, list]) => [list, type === null || type.toLowerCase() === category ? definitions[list] : []]),
  );
}

/** The answer of `types/typedefs/headers`. */
export function typedefHeaders(types: TypeRegistry, features: ServerFeatures): Json[] {
  const definitions = supported(types.definitions, features);
  return LISTS.flatMap(([, list]) =>
    definitions[list].map(({ guid, name, serviceType, category }) => ({
      guid,
      name,
      ...(serviceType === undefined ? {} : { serviceType }),
      category,
    })),
  );
}

/**
 * The answer of `types/{category}def/name/{name}`.
 * @throws {AtlasError} 400 for an unknown name, as searches do (the real answer was not recorded)
 */
export function oneTypedef(types: TypeRegistry, features: ServerFeatures, category: string, name: string): unknown {
  const definitions = supported(types.definitions, features);
  const lists = LISTS.filter(([each]) => category === 'type' || each === category);
  const found = lists.flatMap(([, list]) => definitions[list].filter((def) => def.name === name))[0];
  if (found === undefined) {
    throw unknownType(name);
  }
  return found;
}

/** An older server knows no business metadata: its types must not promise any. */
function supported(definitions: TypeDefinitions, features: ServerFeatures): TypeDefinitions {
  if (features.systemAttributes) {
    return definitions;
  }
  return {
    ...definitions,
    entityDefs: definitions.entityDefs.map((def) => ({ ...def, businessAttributeDefs: {} })),
    businessMetadataDefs: [],
  };
}
