import { badRequest, unknownAttribute } from './atlas-error.ts';
import { attributeValue } from './entity-header.ts';
import type { EntityPredicate } from './entity-store.ts';
import type { Json, StoredEntity } from './stored-entity.ts';
import type { TypeRegistry } from './type-registry.ts';

type Compare = (value: unknown, wanted: string) => boolean;

const text = (value: unknown): string => (value === undefined || value === null ? '' : String(value));
const isSet = (value: unknown): boolean => text(value) !== '';

/** Orders numbers by size and everything else as text. */
function order(value: unknown, wanted: string): number {
  if (typeof value === 'number') {
    return value - Number(wanted);
  }
  return text(value) < wanted ? -1 : Number(text(value) > wanted);
}

const OPERATORS: ReadonlyMap<string, { readonly symbol: string; readonly compare: Compare }> = new Map(
  (
    [
      [['=', '==', 'eq'], '=', (value, wanted) => text(value) === wanted],
      [['!=', 'neq'], '!=', (value, wanted) => text(value) !== wanted],
      [['<', 'lt'], '<', (value, wanted) => isSet(value) && order(value, wanted) < 0],
      [['<=', 'lte'], '<=', (value, wanted) => isSet(value) && order(value, wanted) <= 0],
      [['>', 'gt'], '>', (value, wanted) => isSet(value) && order(value, wanted) > 0],
      [['>=', 'gte'], '>=', (value, wanted) => isSet(value) && order(value, wanted) >= 0],
      [['startsWith', 'begins_with', 'STARTSWITH'], 'startsWith', (value, wanted) => text(value).startsWith(wanted)],
      [['endsWith', 'ends_with', 'ENDSWITH'], 'endsWith', (value, wanted) => text(value).endsWith(wanted)],
      [['contains', 'CONTAINS'], 'contains', (value, wanted) => text(value).includes(wanted)],
      [['like', 'LIKE'], 'like', (value, wanted) => wildcard(wanted).test(text(value))],
      [['in', 'IN'], 'in', (value, wanted) => wanted.split(',').includes(text(value))],
      [['is_null', 'isNull'], 'isNull', (value) => !isSet(value)],
      [['not_null', 'notNull'], 'notNull', (value) => isSet(value)],
    ] satisfies [string[], string, Compare][]
  ).flatMap(([names, symbol, compare]) => names.map((name) => [name, { symbol, compare }] as const)),
);

function wildcard(pattern: string): RegExp {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, 's');
}

/**
 * Makes a search's `entityFilters` into a predicate.
 * @param typeNames the types named in the search: each must know each attribute.
 * @throws {AtlasError} 400 for an unknown attribute or operator
 */
export function compileFilter(types: TypeRegistry, typeNames: readonly string[], filter: Json): EntityPredicate {
  const parts = filter['criterion'];
  if (Array.isArray(parts) && filter['condition'] !== undefined) {
    const inner = parts.map((part) => compileFilter(types, typeNames, part as Json));
    if (inner.length === 1 && inner[0] !== undefined) {
      return inner[0];
    }
    const any = String(filter['condition']).toUpperCase() === 'OR';
    return {
      matches: (entity) =>
        any ? inner.some((part) => part.matches(entity)) : inner.every((part) => part.matches(entity)),
    };
  }
  return compileCondition(types, typeNames, filter);
}

function compileCondition(types: TypeRegistry, typeNames: readonly string[], filter: Json): EntityPredicate {
  const name = String(filter['attributeName']);
  const operator = OPERATORS.get(String(filter['operator']));
  if (operator === undefined) {
    throw badRequest(`Unknown filter operator ${String(filter['operator'])}`);
  }
  const stranger = typeNames.find((typeName) => types.attribute(typeName, name) === undefined);
  if (stranger !== undefined) {
    throw unknownAttribute(name, stranger);
  }
  const wanted = text(filter['attributeValue']);
  const { compare } = operator;
  return {
    matches: (entity: StoredEntity) => compare(attributeValue(types, entity, name), wanted),
    ...(name === '__modificationTimestamp' ? { modifiedAt: (at: number) => compare(at, wanted) } : {}),
  };
}

/** The filter as the answer's `searchParameters` repeat it: operators by their symbol. */
export function echoFilter(filter: Json): Json {
  const parts = filter['criterion'];
  const symbol = OPERATORS.get(String(filter['operator']))?.symbol;
  return {
    ...filter,
    ...(symbol === undefined ? {} : { operator: symbol }),
    ...(Array.isArray(parts) ? { criterion: parts.map((part) => echoFilter(part as Json)) } : {}),
  };
}
