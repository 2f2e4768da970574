import type { AssetType } from '../../reconcile/target-asset.ts';
import type { Target, TargetServiceKind } from '../target.ts';

/** What a run may have made beside assets. */
export type SurroundingType = TargetServiceKind | 'classification' | 'tag';

/** Something that holds others, or stands for itself, by its type and its name. */
export interface EntityName {
  readonly type: AssetType | SurroundingType | 'ingestionPipeline';
  readonly fqn: string;
}

export interface DeletedAsset {
  readonly type: AssetType;
  readonly id: string;
  readonly fqn: string;
}

export interface Surrounding {
  readonly id: string;
  readonly version: number;
  readonly deleted: boolean;
  readonly description: string;
}

/** What an undo asks of the target beside what a run does. */
export interface UndoTarget extends Target {
  /** A service, classification or tag, soft-deleted or not; undefined where there is none. */
  findSurrounding(type: SurroundingType, fqn: string): Promise<Surrounding | undefined>;
  /** Soft-deletes it. The caller has made sure that it holds nothing that shall stay. */
  deleteSurrounding(type: SurroundingType, id: string): Promise<void>;
  /** True when somebody else than the author of a version has changed an entity after it. */
  touchedSince(type: AssetType | SurroundingType, id: string, version: number): Promise<boolean>;
  /** True when a bot has made something. */
  madeByBot(type: AssetType | SurroundingType, id: string): Promise<boolean>;
  /** True when the last author of something is a bot. */
  lastIsBot(type: AssetType | SurroundingType, id: string): Promise<boolean>;
  /** What is alive directly in something: schemas of a database, tags of a classification, what is in a service. */
  heldIn(type: AssetType | SurroundingType, id: string, fqn: string): AsyncIterable<EntityName>;
  /** Everything below a database, schema or container that is soft-deleted. */
  deletedBelow(type: AssetType, fqn: string): AsyncIterable<DeletedAsset>;
  /** How many labels of a tag or a term there are, those of soft-deleted assets perhaps included. */
  labelsInUse(type: 'tag' | 'glossaryTerm', id: string): Promise<number>;
}
