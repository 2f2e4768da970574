import { AtlasError, badRequest, unknownAttribute, unknownType } from './atlas-error.ts';
import { compileFilter, echoFilter } from './entity-filter.ts';
import { toHeader } from './entity-header.ts';
import type { AtlasEntityStore, EntityQuery, Selection } from './entity-store.ts';
import type { JsonPart } from './json-stream.ts';
import { nextMarker, startOfMarker } from './search-marker.ts';
import type { ServerFeatures } from './server-features.ts';
import type { Json, StoredEntity } from './stored-entity.ts';

/** What `limit` falls back to: when it is missing, and silently when it is above the maximum. */
const DEFAULT_LIMIT = 100;

export interface SearchContext {
  readonly store: AtlasEntityStore;
  readonly features: ServerFeatures;
  readonly maxLimit: number;
}

interface SearchRequest {
  readonly typeNames: readonly string[];
  readonly attributes: readonly string[];
  readonly limit: number;
  readonly offset: number;
  readonly marker: string | undefined;
  readonly echo: Json;
}

/**
 * Answers `search/basic` as parts of one JSON object, its rows made one by one.
 * @throws {AtlasError} 400 for an unknown type, classification or attribute
 */
export function searchBasic(context: SearchContext, parameters: Json): JsonPart[] {
  const request = readRequest(context, parameters);
  const selection = context.store.select(toQuery(context, request, parameters));
  return answer(context, request, selection, parameters['includeClassificationAttributes'] === true);
}

function answer(
  { store }: SearchContext,
  request: SearchRequest,
  selection: Selection,
  includeClassificationAttributes: boolean,
): JsonPart[] {
  const referred = new Set<string>();
  const options = {
    attributes: request.attributes,
    includeClassificationAttributes,
    refer: (guid: string) => referred.add(guid),
  };
  const parts: JsonPart[] = [
    { key: 'queryType', value: 'BASIC' },
    { key: 'searchParameters', value: request.echo },
  ];
  if (request.offset < selection.count) {
    const rows = selection.slice(request.offset, request.limit);
    parts.push({ key: 'entities', items: map(rows, (entity) => toHeader(store.types, entity, options)) });
    parts.push({ key: 'referredEntities', entries: referredHeaders(store, referred), omitEmpty: true });
  }
  parts.push({ key: 'approximateCount', value: selection.count });
  if (request.marker !== undefined) {
    const end = request.offset + request.limit;
    parts.push({ key: 'nextMarker', value: nextMarker(request.echo, end < selection.count ? end : undefined) });
  }
  return parts;
}

function* map<T, R>(items: Iterable<T>, to: (item: T) => R): Iterable<R> {
  for (const item of items) {
    yield to(item);
  }
}

function* referredHeaders(store: AtlasEntityStore, guids: ReadonlySet<string>): Iterable<readonly [string, Json]> {
  for (const guid of guids) {
    const entity: StoredEntity | undefined = store.get(guid);
    if (entity !== undefined) {
      yield [guid, toHeader(store.types, entity)];
    }
  }
}

function readRequest(context: SearchContext, parameters: Json): SearchRequest {
  const { features, maxLimit } = context;
  const typeName = optionalText(parameters['typeName']);
  const attributes = Array.isArray(parameters['attributes']) ? parameters['attributes'].map(String) : [];
  const asked = Number(parameters['limit'] ?? 0);
  const limit = asked <= 0 || asked > maxLimit ? DEFAULT_LIMIT : asked;
  const echo: Json = {
    ...(typeName === undefined ? {} : { typeName }),
    ...pick(parameters, ['query', 'classification']),
    excludeDeletedEntities: parameters['excludeDeletedEntities'] === true,
    includeClassificationAttributes: parameters['includeClassificationAttributes'] === true,
    includeSubTypes: parameters['includeSubTypes'] !== false,
    includeSubClassifications: parameters['includeSubClassifications'] !== false,
    excludeHeaderAttributes: false,
    limit,
    offset: Number(parameters['offset'] ?? 0),
    ...(isObject(parameters['entityFilters']) ? { entityFilters: echoFilter(parameters['entityFilters']) } : {}),
    ...(attributes.length > 0 ? { attributes } : {}),
  };
  if (Number(echo['offset']) < 0 || asked < 0) {
    throw badRequest('Limit/offset should be non-negative');
  }
  const marker = features.marker ? optionalText(parameters['marker']) : undefined;
  const offset = marker === undefined ? Number(echo['offset']) : startOfMarker(echo, marker);
  if (marker !== undefined) {
    echo['marker'] = marker;
  }
  const typeNames = typeName === undefined ? [] : features.severalTypes ? typeName.split(',') : [typeName];
  return { typeNames: typeNames.map((name) => name.trim()), attributes, limit, offset, marker, echo };
}

function toQuery(context: SearchContext, request: SearchRequest, parameters: Json): EntityQuery {
  const { types } = context.store;
  const named = request.typeNames.filter((name) => name !== '_ALL_ENTITY_TYPES');
  const stranger = named.find((name) => types.entity(name) === undefined);
  if (stranger !== undefined) {
    throw unknownType(stranger);
  }
  const classification = optionalText(parameters['classification']);
  const query = optionalText(parameters['query']);
  if (request.typeNames.length === 0 && classification === undefined && query === undefined) {
    throw badRequest('Name a type, a classification or a query');
  }
  checkAttributes(context, named, request.attributes);
  const filters = parameters['entityFilters'];
  const filter = isObject(filters) ? compileChecked(context, named, filters) : undefined;
  return {
    types: named.length === 0 ? undefined : searchedTypes(context, named, parameters['includeSubTypes'] !== false),
    classifications:
      classification === undefined ? undefined : classificationNames(context, classification, parameters),
    excludeDeleted: parameters['excludeDeletedEntities'] === true,
    filter: query === undefined ? filter : withText(filter, query),
  };
}

function searchedTypes({ store }: SearchContext, names: readonly string[], includeSubTypes: boolean): Set<string> {
  return new Set(names.flatMap((name) => (includeSubTypes ? [...store.types.withSubTypes(name)] : [name])));
}

function classificationNames({ store }: SearchContext, name: string, parameters: Json): Set<string> {
  if (name === '*') {
    return new Set(store.types.definitions.classificationDefs.map((def) => def.name));
  }
  if (store.types.classification(name) === undefined) {
    throw new AtlasError(400, 'ATLAS-400-00-00D', `${name}: Unknown/invalid classification`);
  }
  return parameters['includeSubClassifications'] === false ? new Set([name]) : store.types.withSubClassifications(name);
}

/** Every named type must know every attribute: the strictest reading of what was recorded for one type. */
function checkAttributes(context: SearchContext, typeNames: readonly string[], attributes: readonly string[]): void {
  for (const typeName of typeNames) {
    for (const name of attributes) {
      const known = context.store.types.attribute(typeName, name);
      const tooNew = known?.kind === 'system' || known?.kind === 'business';
      if (known === undefined || (tooNew && !context.features.systemAttributes)) {
        throw unknownAttribute(name, typeName);
      }
    }
  }
}

function compileChecked(context: SearchContext, typeNames: readonly string[], filters: Json): EntityQuery['filter'] {
  checkAttributes(context, typeNames, namesIn(filters));
  return compileFilter(context.store.types, typeNames, filters);
}

function namesIn(filter: Json): string[] {
  const parts = filter['criterion'];
  return Array.isArray(parts) ? parts.flatMap((part) => namesIn(part as Json)) : [String(filter['attributeName'])];
}

function withText(filter: EntityQuery['filter'], query: string): NonNullable<EntityQuery['filter']> {
  const wanted = query.replaceAll('*', '').toLowerCase();
  return {
    matches: (entity) =>
      filter?.matches(entity) !== false &&
      ['name', 'qualifiedName', 'description'].some((name) =>
        String(entity.attributes[name] ?? '')
          .toLowerCase()
          .includes(wanted),
      ),
  };
}

const optionalText = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null;

const pick = (from: Json, keys: readonly string[]): Json =>
  Object.fromEntries(keys.flatMap((key) => (optionalText(from[key]) === undefined ? [] : [[key, from[key]]])));
