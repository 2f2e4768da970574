/** JSON objects as the Atlas API writes them. */
export type Json = Record<string, unknown>;

export type EntityStatus = 'ACTIVE' | 'DELETED';

export interface ClassificationUse extends Json {
  readonly typeName: string;
  readonly attributes?: Json;
  /** The entity that the classification was put on; another guid than the bearer's means it came by propagation. */
  readonly entityGuid: string;
  readonly entityStatus: EntityStatus;
  readonly propagate: boolean;
  readonly validityPeriods?: readonly Json[];
}

/** One end of a relationship as `relationshipAttributes` lists it. */
export interface RelatedEnd extends Json {
  readonly guid: string;
  readonly typeName: string;
  entityStatus: EntityStatus;
  displayText: string;
  readonly relationshipType: string;
  readonly relationshipGuid: string;
  relationshipStatus: EntityStatus;
  readonly relationshipAttributes: Json;
  readonly qualifiedName?: string;
}

export type RelatedEnds = RelatedEnd | RelatedEnd[] | null;

/** An entity in full, in the form of `GET /v2/entity/guid/{guid}`. */
export interface StoredEntity {
  readonly guid: string;
  readonly typeName: string;
  status: EntityStatus;
  readonly isIncomplete: boolean;
  readonly createdBy: string;
  updatedBy: string;
  /** Epoch milliseconds. */
  readonly createTime: number;
  /** Epoch milliseconds; searched as `__modificationTimestamp`. */
  updateTime: number;
  readonly version: number;
  readonly attributes: Json;
  readonly relationshipAttributes: Record<string, RelatedEnds>;
  classifications: ClassificationUse[];
  readonly customAttributes?: Record<string, string>;
  readonly businessAttributes?: Record<string, Json>;
  labels: string[];
  /** Recorded search values, where a search shows something else than the full entity: these win in headers. */
  readonly headerAttributes?: Json;
}

/** All ends of a relationship attribute as a list. */
export function endsOf(ends: RelatedEnds | undefined): readonly RelatedEnd[] {
  if (ends === null || ends === undefined) {
    return [];
  }
  return Array.isArray(ends) ? ends : [ends];
}
