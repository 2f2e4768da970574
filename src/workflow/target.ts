import type { FieldHistory } from '../reconcile/history.ts';
import type { EdgeDetails } from '../reconcile/merge-lineage.ts';
import type { PatchOperation } from '../reconcile/patch.ts';
import type { AssetType, DesiredAsset, OwnerReference, TargetAsset } from '../reconcile/target-asset.ts';
import type { TargetNaming } from '../reconcile/target-naming.ts';

export interface Stored {
  readonly id: string;
  /** Entity version after the write; unknown where the server does not tell (bulk). */
  readonly version?: number;
}

export interface TargetTag {
  readonly fqn: string;
  readonly id: string;
  readonly description: string;
  readonly deleted: boolean;
}

export interface ServiceEntity {
  readonly id: string;
  readonly name: string;
  readonly deleted: boolean;
}

/** One row's outcome of a bulk write. */
export type BulkOutcome = { readonly fqn: string; readonly error?: Error };

/** The target as the workflow uses it; `src/openmetadata` speaks to the server behind it. */
export interface Target {
  readonly naming: TargetNaming;
  /** Server version as told. */
  readonly version: string;
  /** How many assets one bulk request takes; 0 where the server has no bulk endpoint. */
  readonly bulkSize: number;
  requestCount(): number;

  findService(kind: 'databaseService' | 'metadataService', name: string): Promise<ServiceEntity | undefined>;
  createService(
    kind: 'databaseService' | 'metadataService',
    name: string,
    serviceType: string,
    connection: Readonly<Record<string, unknown>>,
  ): Promise<ServiceEntity>;

  /** Every asset of a kind under a service, soft-deleted ones included. `full` also reads labels, owners, extension. */
  listAssets(type: AssetType, service: string, full: boolean): AsyncIterable<TargetAsset>;
  /** How many live or deleted assets of a kind there are under a service. */
  countAssets(type: AssetType, service: string): Promise<number>;
  /** One asset with all its fields, soft-deleted or not; undefined where there is none. */
  readAsset(type: AssetType, by: { readonly id: string } | { readonly fqn: string }): Promise<TargetAsset | undefined>;
  /** True when the last author of a (deleted) asset is a bot. */
  lastAuthorIsBot(type: AssetType, id: string): Promise<boolean>;
  putAsset(asset: DesiredAsset): Promise<Stored>;
  /**
   * Puts a table whose structure a plain PUT did not store. On 1.1 a PUT that changes only a view's text, a display text
   * or the order of columns is answered with 200 and stored nowhere; it is stored beside another change, so the table's
   * type is changed there and back.
   */
  putBesideAnother(asset: DesiredAsset): Promise<Stored>;
  putAssets(type: AssetType, assets: readonly DesiredAsset[]): Promise<readonly BulkOutcome[]>;
  /** Throws PatchConflict when a `test` of the patch fails. */
  patchAsset(type: AssetType, id: string, patch: readonly PatchOperation[]): Promise<Stored>;
  history(type: AssetType, id: string): Promise<FieldHistory>;
  /** The request that putting an asset sends, for the dead-letter file. */
  describePut(asset: DesiredAsset): { readonly method: string; readonly path: string; readonly body: unknown };

  findClassification(name: string): Promise<{ readonly id: string; readonly deleted: boolean } | undefined>;
  createClassification(name: string, description: string): Promise<void>;
  listTags(classification: string): AsyncIterable<TargetTag>;
  createTag(tag: {
    readonly classification: string;
    readonly parent?: string;
    readonly name: string;
    readonly displayName?: string;
    readonly description: string;
  }): Promise<Stored>;
  describeTag(id: string, description: string, held: string): Promise<void>;

  /** True where the custom property is there already. */
  hasCustomProperty(type: AssetType, name: string): Promise<boolean>;
  createCustomProperty(type: AssetType, name: string, description: string): Promise<void>;

  findOwner(nameOrMail: string): Promise<OwnerReference | undefined>;

  readEdge(from: Endpoint, to: Endpoint): Promise<EdgeDetails | undefined>;
  putEdge(from: Endpoint, to: Endpoint, details: EdgeDetails): Promise<void>;
}

export interface Endpoint {
  readonly id: string;
  readonly fqn: string;
}
