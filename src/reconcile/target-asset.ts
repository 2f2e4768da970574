import type { AssetKind } from '../model/records.ts';

/**
 * How reconcile sees the target: one form for all server versions (`owner`/`owners`, `viewDefinition`/`schemaDefinition`
 * are unified by src/openmetadata). Names are the target's own (encoded), texts as stored.
 */
export interface Label {
  readonly tagFQN: string;
  readonly source: 'Classification' | 'Glossary';
  readonly labelType: 'Manual' | 'Propagated' | 'Automated' | 'Derived' | 'Generated';
}

/** A label's name among all labels: a term of a glossary and a tag may be called the same. */
export function labelKey({ tagFQN, source }: Pick<Label, 'tagFQN' | 'source'>): string {
  return source === 'Glossary' ? `Glossary:${tagFQN}` : tagFQN;
}

/** What {@link labelKey} was made of. */
export function labelOfKey(key: string): Pick<Label, 'tagFQN' | 'source'> {
  const term = /^Glossary:(.*)$/s.exec(key)?.[1];
  return term === undefined ? { tagFQN: key, source: 'Classification' } : { tagFQN: term, source: 'Glossary' };
}

export interface OwnerReference {
  readonly id: string;
  readonly type: 'user' | 'team';
  readonly name?: string;
}

/** A column's type, comparable between source and target. */
export interface ColumnType {
  readonly dataType: string;
  readonly dataLength?: number;
  readonly precision?: number;
  readonly scale?: number;
  readonly arrayDataType?: string;
  readonly dataTypeDisplay?: string;
  readonly children?: readonly ColumnNode[];
}

/**
 * A named part of an asset that has words and labels of its own: a column, a field of a message's schema, a task of a
 * pipeline, a feature of a model. A task's `taskType` and a feature's type stand in `dataType`, empty where it has none.
 */
export interface ColumnNode extends ColumnType {
  readonly name: string;
  readonly displayName?: string;
  readonly description?: string;
  readonly constraint?: string;
  /** Keys beside, in the target's own words, compared and sent as they are: a task's `taskSQL`, `downstreamTasks` … */
  readonly attributes?: Readonly<Record<string, unknown>>;
}

export interface TargetColumn extends ColumnNode {
  readonly tags: readonly Label[];
}

/** An entity as the target holds it now. */
export interface TargetAsset {
  readonly id: string;
  readonly fqn: string;
  readonly name: string;
  readonly displayName?: string;
  readonly description?: string;
  /** Entity version, such as 0.3. */
  readonly version: number;
  /** Epoch milliseconds of its last change. */
  readonly updatedAt?: number;
  readonly deleted: boolean;
  readonly tags: readonly Label[];
  readonly owners: readonly OwnerReference[];
  readonly extension?: Readonly<Record<string, unknown>>;
  readonly tableType?: string;
  readonly viewDefinition?: string;
  /** Columns of a table or a container, fields of a topic, tasks of a pipeline, features of a model. */
  readonly columns?: readonly TargetColumn[];
  /** Structure beside the columns, in the target's own keys (`partitions`, `fullPath`, `tableConstraints` …). */
  readonly attributes?: Readonly<Record<string, unknown>>;
  /** Lists of words, merged one by one: a term's `synonyms` and `relatedTerms` (FQNs). */
  readonly lists?: Readonly<Record<string, readonly string[]>>;
  /** Keys that are not ours and that a PUT must send back, or the server clears them. */
  readonly carried?: Readonly<Record<string, unknown>>;
}

export type AssetType = AssetKind;

export interface DesiredColumn extends ColumnNode {
  readonly tags: readonly Label[];
}

/** What the source wants an entity to be, in the target's names. */
export interface DesiredAsset {
  readonly entityType: AssetType;
  readonly fqn: string;
  /** FQN of the service, database, schema, container, glossary or term above; empty for a glossary. */
  readonly parentFqn: string;
  readonly name: string;
  /** What the source calls it, or the original of a name that had to be encoded. */
  readonly displayName?: string;
  readonly description?: string;
  readonly tags: readonly Label[];
  readonly owner?: OwnerReference;
  /** The source says that it has no owner (not merely that none was found or asked for). */
  readonly ownerless?: boolean;
  /** Custom properties, each as its type wants it. */
  readonly extension: Readonly<Record<string, unknown>>;
  readonly tableType?: string;
  readonly viewDefinition?: string;
  /** See {@link TargetAsset.columns}; undefined where the source says nothing of them. */
  readonly columns?: readonly DesiredColumn[];
  /** See {@link TargetAsset.attributes}; only what the source knows. */
  readonly attributes?: Readonly<Record<string, unknown>>;
  /** See {@link TargetAsset.lists}; a list that the source does not tell is left alone. */
  readonly lists?: Readonly<Record<string, readonly string[]>>;
  /** What the target holds beside, to be sent back with a PUT. */
  readonly carried?: Readonly<Record<string, unknown>>;
  /** Keys of the target's own that a new asset shall have; those that one has already (`carried`) go before them. */
  readonly native?: Readonly<Record<string, unknown>>;
  /** False where the source knows only part of the structure: columns are then left alone. */
  readonly structureComplete: boolean;
}

/** Where the parts of a kind of asset stand: as a JSON Pointer, and as the server's version history names them. */
export const partsOf: Readonly<Partial<Record<AssetType, { readonly path: string; readonly field: string }>>> = {
  table: { path: '/columns', field: 'columns' },
  container: { path: '/dataModel/columns', field: 'dataModel.columns' },
  topic: { path: '/messageSchema/schemaFields', field: 'messageSchema.schemaFields' },
  pipeline: { path: '/tasks', field: 'tasks' },
  mlmodel: { path: '/mlFeatures', field: 'mlFeatures' },
};

/**
 * Structure beside the parts that a kind of asset may have: the keys of {@link DesiredAsset.attributes} and
 * {@link TargetAsset.attributes}, flat, in OpenMetadata's words. The target puts `schemaText` and `schemaType` into its
 * `messageSchema`, `storage` into its `mlStore`, dates into its own form.
 */
export const attributesOf: Readonly<Record<AssetType, readonly string[]>> = {
  database: [],
  databaseSchema: [],
  table: ['tableConstraints'],
  topic: [
    'partitions',
    'replicationFactor',
    'retentionTime',
    'retentionSize',
    'maximumMessageSize',
    'cleanupPolicies',
    'schemaText',
    'schemaType',
  ],
  container: ['fullPath', 'prefix', 'size', 'numberOfObjects', 'fileFormats'],
  pipeline: ['sourceUrl'],
  mlmodel: ['algorithm', 'target', 'server', 'storage', 'mlHyperParameters'],
  glossary: [],
  glossaryTerm: ['references'],
};

/** Keys of a part's own {@link ColumnNode.attributes}: those of tasks. Dates are epoch milliseconds here. */
export const taskAttributes = ['taskSQL', 'downstreamTasks', 'startDate', 'endDate'] as const;
