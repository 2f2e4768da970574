/** What the catalogue's routes answer, for the console. Names are OpenMetadata's. */
import type { AssetKind, ServiceKind } from '../../../model/records.ts';
import type { ExplainedField } from '../../../workflow/explained-field.ts';

export type CatalogueKind = ServiceKind | AssetKind;

/** A pipeline whose catalogue can be looked at. */
export interface CataloguePipeline {
  readonly id: string;
  readonly name: string;
}

/** One line of the tree, or of what a search found. */
export interface CatalogueNode {
  readonly kind: CatalogueKind;
  readonly fqn: string;
  /** The display name where there is one. */
  readonly name: string;
  /** May have something below it. */
  readonly opens: boolean;
  /** A table's type (`View`, `External` …), or a service's (`Hive`, `Kafka` …). */
  readonly type?: string;
}

export interface CatalogueList {
  readonly nodes: readonly CatalogueNode[];
  /** In all, where it is known. */
  readonly total?: number;
  /** Where the next page begins; absent on the last one. */
  readonly after?: string;
}

/** What a search found of one kind. */
export interface SearchGroup extends CatalogueList {
  readonly kind: AssetKind;
}

export interface CatalogueSearch {
  readonly groups: readonly SearchGroup[];
}

export interface AssetLabel {
  readonly fqn: string;
  /** `Classification` for a tag, `Glossary` for a term. */
  readonly source: 'Classification' | 'Glossary';
  readonly labelType: string;
}

/** A column of a table or container, a field of a message, a task of a pipeline, a feature of a model. */
export interface AssetPart {
  readonly name: string;
  readonly displayName?: string;
  /** As the source writes it, such as `decimal(10,2)`. */
  readonly type: string;
  readonly constraint?: string;
  readonly description?: string;
  readonly labels: readonly AssetLabel[];
  readonly children: readonly AssetPart[];
}

export interface AssetLink {
  readonly kind: CatalogueKind;
  readonly fqn: string;
  readonly name: string;
}

export interface AssetDetails {
  readonly kind: CatalogueKind;
  readonly fqn: string;
  readonly name: string;
  readonly displayName?: string;
  readonly type?: string;
  readonly description?: string;
  readonly deleted: boolean;
  /** From the service down to what holds it. */
  readonly path: readonly AssetLink[];
  readonly labels: readonly AssetLabel[];
  readonly owners: readonly { readonly name: string; readonly type: string }[];
  /** Custom properties with their values as text. */
  readonly properties: readonly { readonly name: string; readonly value: string }[];
  readonly parts: readonly AssetPart[];
  /** What the parts are; absent where the kind has none. */
  readonly partWord?: 'columns' | 'fields' | 'tasks' | 'features';
  readonly viewDefinition?: string;
  /** Structure beside, such as a topic's partitions, each as text. */
  readonly facts: readonly { readonly name: string; readonly value: string }[];
  readonly version: number;
  /** ISO 8601. */
  readonly updatedAt?: string;
  readonly updatedBy?: string;
  /** Where each text, label and owner comes from, and when it was changed last. */
  readonly origins: readonly ExplainedField[];
  /** Atlas guid; absent where this pipeline has never handled it. */
  readonly sourceId?: string;
  /** Its page in OpenMetadata. */
  readonly address: string;
}

export interface LineageNode {
  readonly id: string;
  readonly kind: string;
  readonly fqn: string;
  readonly name: string;
  /** There is more than is shown on this side. */
  readonly moreUpstream: boolean;
  readonly moreDownstream: boolean;
}

export interface LineageLink {
  /** Ids of nodes. */
  readonly from: string;
  readonly to: string;
  /** What made it, such as a job. */
  readonly pipeline?: AssetLink;
  readonly sql?: string;
  /** Names of columns below their tables (`address.city`), as far as they are known. */
  readonly columns: readonly { readonly from: readonly string[]; readonly to: string; readonly function?: string }[];
}

export interface LineageGraph {
  /** Id of what was asked for. */
  readonly root: string;
  readonly nodes: readonly LineageNode[];
  readonly links: readonly LineageLink[];
}
