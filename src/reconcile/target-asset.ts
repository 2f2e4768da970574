/**
 * How reconcile sees the target: one form for all server versions (`owner`/`owners`, `viewDefinition`/`schemaDefinition`
 * are unified by src/openmetadata). Names are the target's own (encoded), texts as stored.
 */
export interface Label {
  readonly tagFQN: string;
  readonly source: 'Classification' | 'Glossary';
  readonly labelType: 'Manual' | 'Propagated' | 'Automated' | 'Derived' | 'Generated';
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

export interface ColumnNode extends ColumnType {
  readonly name: string;
  readonly displayName?: string;
  readonly description?: string;
  readonly constraint?: string;
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
  readonly deleted: boolean;
  readonly tags: readonly Label[];
  readonly owners: readonly OwnerReference[];
  readonly extension?: Readonly<Record<string, unknown>>;
  readonly tableType?: string;
  readonly viewDefinition?: string;
  readonly columns?: readonly TargetColumn[];
  /** Keys that are not ours and that a PUT must send back, or the server clears them. */
  readonly carried?: Readonly<Record<string, unknown>>;
}

export type AssetType = 'database' | 'databaseSchema' | 'table';

export interface DesiredColumn extends ColumnNode {
  readonly tags: readonly Label[];
}

/** What the source wants an entity to be, in the target's names. */
export interface DesiredAsset {
  readonly entityType: AssetType;
  readonly fqn: string;
  readonly parentFqn: string;
  readonly name: string;
  /** Set only where the name had to be encoded: the original. */
  readonly displayName?: string;
  readonly description?: string;
  readonly tags: readonly Label[];
  readonly owner?: OwnerReference;
  /** Custom properties, each a text. */
  readonly extension: Readonly<Record<string, string>>;
  readonly tableType?: string;
  readonly viewDefinition?: string;
  readonly columns?: readonly DesiredColumn[];
  /** What the target holds beside, to be sent back with a PUT. */
  readonly carried?: Readonly<Record<string, unknown>>;
  /** False where the source knows only part of the structure: columns are then left alone. */
  readonly structureComplete: boolean;
}
