import type { AtlasEntity } from '../atlas/atlas-types.ts';

/** The other end of a relationship, as an export has it. */
export interface RelatedEnd {
  readonly guid: string;
  readonly typeName?: string;
  readonly qualifiedName?: string;
  readonly displayText?: string;
  readonly entityStatus?: string;
  readonly relationshipStatus?: string;
  readonly relationshipGuid?: string;
  readonly relationshipAttributes?: { readonly attributes?: Readonly<Record<string, unknown>> };
}

/** An entity as an export has it: in full, as the server's own answer for one guid. */
export interface ExportedEntity extends AtlasEntity {
  readonly createTime?: number;
  readonly updateTime?: number;
  readonly createdBy?: string;
  readonly updatedBy?: string;
  readonly labels?: readonly string[];
  readonly customAttributes?: Readonly<Record<string, string>>;
  readonly businessAttributes?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** True for what has the shape of an entity. */
export function isEntity(value: unknown): value is ExportedEntity {
  return (
    isMap(value) &&
    typeof value['guid'] === 'string' &&
    typeof value['typeName'] === 'string' &&
    isMap(value['attributes'])
  );
}

/** The live ends of an entity's relationship. */
export function endsOf(entity: ExportedEntity, name: string): readonly RelatedEnd[] {
  const value = entity.relationshipAttributes?.[name];
  return [value ?? []]
    .flat()
    .filter((end): end is RelatedEnd => typeof (end as RelatedEnd | undefined)?.guid === 'string')
    .filter(({ relationshipStatus }) => (relationshipStatus ?? 'ACTIVE') === 'ACTIVE');
}
