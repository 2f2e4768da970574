/**
 * OpenMetadata's things as they travel: only the keys that are used. Answers hold many more, by version; what reads
 * them must not mind.
 */

export interface EntityReference {
  readonly id: string;
  readonly type: string;
  readonly name?: string;
  readonly fullyQualifiedName?: string;
  readonly displayName?: string;
  readonly deleted?: boolean;
}

export interface TagLabel {
  readonly tagFQN: string;
  readonly source: 'Classification' | 'Glossary';
  readonly labelType: 'Manual' | 'Propagated' | 'Automated' | 'Derived' | 'Generated';
  readonly state: 'Suggested' | 'Confirmed';
  /** Why it was set; known from 1.10 on. */
  readonly reason?: string;
}

/** Any entity as read. */
export interface Entity {
  readonly id: string;
  readonly name: string;
  readonly fullyQualifiedName?: string;
  readonly displayName?: string;
  readonly description?: string;
  readonly version?: number;
  /** Epoch milliseconds. */
  readonly updatedAt?: number;
  readonly updatedBy?: string;
  readonly deleted?: boolean;
  readonly tags?: readonly TagLabel[];
  /** Up to 1.4. */
  readonly owner?: EntityReference;
  /** From 1.5 on. */
  readonly owners?: readonly EntityReference[];
  readonly extension?: Readonly<Record<string, unknown>>;
  readonly sourceHash?: string;
  readonly [key: string]: unknown;
}

/** A column as it is sent and read. Lengths count characters or bytes. */
export interface TargetColumn {
  readonly name: string;
  readonly displayName?: string;
  readonly dataType: string;
  readonly dataLength?: number;
  readonly precision?: number;
  readonly scale?: number;
  readonly arrayDataType?: string;
  readonly dataTypeDisplay?: string;
  readonly description?: string;
  readonly constraint?: string;
  readonly tags?: readonly TagLabel[];
  readonly children?: readonly TargetColumn[];
}

export interface TableConstraint {
  readonly constraintType: string;
  readonly columns: readonly string[];
  /** Column FQNs. */
  readonly referredColumns?: readonly string[];
  readonly relationshipType?: string;
}

export interface TableEntity extends Entity {
  readonly tableType?: string;
  readonly columns?: readonly TargetColumn[];
  readonly viewDefinition?: string;
  readonly schemaDefinition?: string;
  readonly tableConstraints?: readonly TableConstraint[];
  readonly databaseSchema?: EntityReference;
}

export interface User extends Entity {
  readonly email?: string;
  readonly isBot?: boolean;
  readonly isAdmin?: boolean;
}

/** RFC 6902. */
export interface JsonPatchOperation {
  readonly op: 'add' | 'remove' | 'replace' | 'test';
  readonly path: string;
  readonly value?: unknown;
}

export interface FieldChangeEntry {
  readonly name: string;
  readonly oldValue?: unknown;
  readonly newValue?: unknown;
}

/** One version of an entity and what it changed. */
export interface EntityVersion {
  readonly version: number;
  readonly updatedBy: string;
  readonly updatedAt?: number;
  readonly changeDescription: {
    readonly fieldsAdded: readonly FieldChangeEntry[];
    readonly fieldsUpdated: readonly FieldChangeEntry[];
    readonly fieldsDeleted: readonly FieldChangeEntry[];
    readonly previousVersion?: number;
  };
}

export interface ColumnLineage {
  /** Column FQNs. */
  readonly fromColumns: readonly string[];
  readonly toColumn: string;
  readonly function?: string;
}

export interface LineageDetails {
  readonly sqlQuery?: string;
  readonly description?: string;
  readonly source?: string;
  readonly columnsLineage?: readonly ColumnLineage[];
  readonly pipeline?: EntityReference;
  readonly [key: string]: unknown;
}

/** What a lineage edge shall be; `lineageBody` makes the request of it. */
export interface TargetLineage {
  readonly from: EntityReference;
  readonly to: EntityReference;
  readonly details?: LineageDetails;
}

/** An edge as a lineage answer holds it. */
export interface LineageEdge {
  readonly fromEntity: string;
  readonly toEntity: string;
  readonly lineageDetails?: LineageDetails;
}

export interface EntityLineage {
  readonly entity: EntityReference;
  readonly nodes: readonly EntityReference[];
  readonly upstreamEdges: readonly LineageEdge[];
  readonly downstreamEdges: readonly LineageEdge[];
}

export interface StepSummary {
  readonly name: string;
  readonly records: number;
  readonly updated_records?: number;
  readonly warnings: number;
  readonly errors: number;
  readonly filtered: number;
  readonly failures?: readonly { readonly name: string; readonly error: string; readonly stackTrace?: string }[];
}

/** A run of an ingestion pipeline. Times are epoch milliseconds. */
export interface PipelineStatus {
  readonly runId: string;
  readonly pipelineState: 'queued' | 'success' | 'failed' | 'running' | 'partialSuccess' | 'stopped';
  readonly startDate: number;
  readonly timestamp: number;
  readonly endDate?: number;
  /** Left out where the server does not know it (before 1.3). */
  readonly status?: readonly StepSummary[];
}

/** What became of one row of a bulk write. */
export interface RowResult {
  readonly fqn: string;
  readonly ok: boolean;
  /** HTTP status of the row. */
  readonly status: number;
  readonly message?: string;
}
