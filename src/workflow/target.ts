import type { CustomPropertyRecord, PipelineRunRecord, ServiceKind } from '../model/records.ts';
import type { FieldHistory } from '../reconcile/history.ts';
import type { EdgeDetails } from '../reconcile/merge-lineage.ts';
import type { PatchOperation } from '../reconcile/patch.ts';
import type { HeldProperty } from '../reconcile/property-values.ts';
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
  /** The server's own: the same on every server, and not to be changed. */
  readonly system?: boolean;
}

/** Services that the workflow makes: those of assets, and the one that stands for the source itself. */
export type TargetServiceKind = ServiceKind | 'metadataService';

export interface ServiceEntity {
  readonly id: string;
  readonly name: string;
  readonly deleted: boolean;
}

/** One row's outcome of a bulk write. */
export type BulkOutcome = {
  readonly fqn: string;
  readonly error?: Error;
  /** Put once more, since what it refers to came in the same request or later: its version is the second. */
  readonly putAgain?: boolean;
};

/** The target as the workflow uses it; `src/openmetadata` speaks to the server behind it. */
export interface Target {
  readonly naming: TargetNaming;
  /** Server version as told. */
  readonly version: string;
  /** How many assets one bulk request takes; 0 where the server has no bulk endpoint. */
  readonly bulkSize: number;
  requestCount(): number;

  /**
   * An asset as a server of this version can hold it: keys, words and custom properties that it does not know are left
   * out or replaced. Compare with this, or what the target cannot hold differs for ever. Fitting twice changes nothing.
   */
  fit(asset: DesiredAsset): DesiredAsset;
  /** The same for an edge: which details it may have depends on its ends. */
  fitEdge(from: Endpoint, to: Endpoint, details: EdgeDetails): EdgeDetails;

  findService(kind: TargetServiceKind, name: string): Promise<ServiceEntity | undefined>;
  /** Makes a service, or restores it. A type that cannot be made without a sign-in becomes the kind's custom type. */
  createService(
    kind: TargetServiceKind,
    name: string,
    serviceType: string,
    connection: Readonly<Record<string, unknown>>,
    more?: {
      readonly displayName?: string;
      readonly description?: string;
      /** The type stands also without a connection, where the server lets it. */
      readonly isExact?: boolean;
    },
  ): Promise<ServiceEntity>;

  /**
   * Every asset of a kind under a service, soft-deleted ones included: with all they hold if `full`, else no more than
   * names, ids and versions.
   * Terms are listed by their glossary; a glossary by its own name, all glossaries by `''`.
   */
  listAssets(type: AssetType, service: string, full: boolean): AsyncIterable<TargetAsset>;
  /** How many live or deleted assets of a kind there are under a service (glossary). */
  countAssets(type: AssetType, service: string): Promise<number>;
  /** One asset with all its fields, soft-deleted or not; undefined where there is none. */
  readAsset(type: AssetType, by: { readonly id: string } | { readonly fqn: string }): Promise<TargetAsset | undefined>;
  /** The id of an asset, soft-deleted or not: much less to send than all its fields. Undefined where there is none. */
  findAssetId(type: AssetType, fqn: string): Promise<string | undefined>;
  /** True when the last author of a (deleted) asset is a bot. */
  lastAuthorIsBot(type: AssetType, id: string): Promise<boolean>;
  /** Makes an asset, restores it or replaces its structure. A deleted term is better restored by `restoreAsset`. */
  putAsset(asset: DesiredAsset): Promise<Stored>;
  /**
   * Puts a table whose structure a plain PUT did not store. On 1.1 a PUT that changes only a view's text, a display text
   * or the order of columns is answered with 200 and stored nowhere; it is stored beside another change, so the table's
   * type is changed there and back.
   */
  putBesideAnother(asset: DesiredAsset): Promise<Stored>;
  putAssets(type: AssetType, assets: readonly DesiredAsset[]): Promise<readonly BulkOutcome[]>;
  /**
   * Soft-deletes, never hard. A database, schema or container goes with what it holds; a glossary or a term that holds
   * live terms is refused instead (RecordError `target.not-empty`), since labels do not come back with a restore.
   *
   * @returns undefined when it is not there at all
   */
  deleteAsset(type: AssetType, id: string): Promise<Stored | undefined>;
  /** Brings a soft-deleted asset back, and what was deleted with it. */
  restoreAsset(type: AssetType, id: string): Promise<Stored>;
  /** Tells one run of a pipeline. The server keeps one run a timestamp and refuses tasks that the pipeline lacks. */
  putPipelineRun(pipelineFqn: string, run: PipelineRun): Promise<void>;
  /**
   * Throws PatchConflict when a `test` of the patch fails, RecordError `target.term-missing` for a related term that is
   * not there.
   */
  patchAsset(type: AssetType, id: string, patch: readonly PatchOperation[]): Promise<Stored>;
  history(type: AssetType, id: string): Promise<FieldHistory>;
  /** The request that putting an asset sends, for the dead-letter file. */
  describePut(asset: DesiredAsset): { readonly method: string; readonly path: string; readonly body: unknown };

  findClassification(name: string): Promise<{ readonly id: string; readonly deleted: boolean } | undefined>;
  createClassification(
    name: string,
    description: string,
    more?: { readonly displayName?: string; readonly mutuallyExclusive?: boolean },
  ): Promise<void>;
  listTags(classification: string): AsyncIterable<TargetTag>;
  createTag(tag: {
    readonly classification: string;
    readonly parent?: string;
    readonly name: string;
    readonly displayName?: string;
    readonly description: string;
  }): Promise<Stored>;
  describeTag(id: string, description: string, held: string): Promise<void>;

  /** The custom properties that a kind of asset has, by name; undefined where the server has none for this kind. */
  customProperties(type: AssetType): Promise<ReadonlyMap<string, HeldProperty> | undefined>;
  /** Names of the types of value that a new custom property may have there. */
  valueTypes(): Promise<ReadonlySet<string>>;
  /**
   * Makes a custom property (of texts unless told otherwise), or widens an enum that is there by the words it lacks.
   *
   * @returns the type of value that it has now, which may be another (`string` for an enum on 1.1 and 1.2); undefined
   * where the server has no custom properties for this kind
   */
  createCustomProperty(
    type: AssetType,
    name: string,
    description: string,
    values?: PropertyValues,
  ): Promise<string | undefined>;

  findOwner(nameOrMail: string): Promise<OwnerReference | undefined>;

  readEdge(from: Endpoint, to: Endpoint): Promise<EdgeDetails | undefined>;
  /**
   * Replaces an edge. A column that the target does not have makes it refuse the whole edge, so it is put without it.
   *
   * @returns the columns that were left out, with the pairs that name them
   */
  putEdge(from: Endpoint, to: Endpoint, details: EdgeDetails): Promise<readonly string[]>;
  /** @returns false when there was no such edge */
  deleteEdge(from: Endpoint, to: Endpoint): Promise<boolean>;
}

/** What the values of a custom property are. */
export type PropertyValues = Pick<CustomPropertyRecord, 'propertyType' | 'values' | 'multiSelect'>;

/** A run as the source tells it, tasks by their names at the target. */
export type PipelineRun = Pick<PipelineRunRecord, 'timestamp' | 'outcome' | 'tasks'>;

export interface Endpoint {
  readonly type: AssetType;
  readonly id: string;
  readonly fqn: string;
}
