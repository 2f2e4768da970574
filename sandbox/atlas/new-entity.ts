import { stableGuid } from '../stable-guid.ts';
import type { ClassificationUse, EntityStatus, Json, RelatedEnds, StoredEntity } from './stored-entity.ts';
import type { TypeRegistry } from './type-registry.ts';

export interface NewEntity {
  readonly typeName: string;
  readonly attributes: Json & { readonly name: string; readonly qualifiedName: string };
  /** Epoch milliseconds. */
  readonly createTime: number;
  /** Epoch milliseconds; `createTime` unless given. */
  readonly updateTime?: number;
  readonly status?: EntityStatus;
  readonly isIncomplete?: boolean;
  readonly labels?: readonly string[];
  readonly customAttributes?: Record<string, string>;
  readonly businessAttributes?: Record<string, Json>;
  readonly classifications?: readonly Omit<ClassificationUse, 'entityGuid' | 'entityStatus'>[];
  /** Derived from type and qualifiedName unless given. */
  readonly guid?: string;
}

/**
 * Makes an entity as the server would store it: every attribute of its type present, unset ones null (numbers and
 * dates 0), every relationship attribute empty.
 * @throws {TypeError} for an unknown type or attribute
 */
export function newEntity(types: TypeRegistry, from: NewEntity): StoredEntity {
  const known = types.attributes(from.typeName);
  const related = types.relationshipAttributes(from.typeName);
  if (types.entity(from.typeName) === undefined) {
    throw new TypeError(`No entity type ${from.typeName}`);
  }
  const stranger = Object.keys(from.attributes).find((name) => !known.has(name));
  if (stranger !== undefined) {
    throw new TypeError(`${from.typeName} has no attribute ${stranger}`);
  }
  const attributes: Json = {};
  for (const [name, def] of known) {
    attributes[name] = from.attributes[name] ?? unset(def.typeName);
  }
  const relationshipAttributes: Record<string, RelatedEnds> = {};
  for (const def of related) {
    const array = def.typeName.startsWith('array<');
    relationshipAttributes[def.name] = array ? [] : null;
    if (def.isLegacyAttribute) {
      attributes[def.name] = array ? [] : null;
    }
  }
  const guid = from.guid ?? stableGuid(`${from.typeName} ${from.attributes.qualifiedName}`);
  return {
    typeName: from.typeName,
    attributes,
    guid,
    isIncomplete: from.isIncomplete ?? false,
    status: from.status ?? 'ACTIVE',
    createdBy: 'admin',
    updatedBy: 'admin',
    createTime: from.createTime,
    updateTime: from.updateTime ?? from.createTime,
    version: 0,
    relationshipAttributes,
    classifications: (from.classifications ?? []).map((use) => toUse(use, guid)),
    ...(from.customAttributes === undefined ? {} : { customAttributes: from.customAttributes }),
    ...(from.businessAttributes === undefined ? {} : { businessAttributes: from.businessAttributes }),
    labels: [...(from.labels ?? [])],
  };
}

/** A classification as an entity carries it that it was put on directly. */
export function toUse(use: Omit<ClassificationUse, 'entityGuid' | 'entityStatus'>, guid: string): ClassificationUse {
  return {
    ...use,
    typeName: String(use['typeName']),
    propagate: use['propagate'] === true,
    entityGuid: guid,
    entityStatus: 'ACTIVE',
    removePropagationsOnEntityDelete: false,
  };
}

function unset(typeName: string): unknown {
  if (typeName === 'boolean') {
    return false;
  }
  return ['int', 'long', 'float', 'double', 'date'].includes(typeName) ? 0 : null;
}
