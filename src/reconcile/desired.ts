import { buildFqn } from '../model/fqn.ts';
import type {
  AssetRecord,
  AssetRef,
  ColumnRecord,
  NamePath,
  ServiceRecord,
  TableRecord,
  TagUse,
} from '../model/records.ts';
import { columnKey } from './merge-columns.ts';
import type { DesiredAsset, DesiredColumn, Label, OwnerReference } from './target-asset.ts';

export interface TargetName {
  readonly name: string;
  /** The original, where the name had to be encoded. */
  readonly displayName?: string;
}

/** How names of the source are held by the target's version. */
export interface TargetNaming {
  service(raw: string): TargetName;
  /** Databases, schemas and tables. */
  entity(raw: string): TargetName;
  column(raw: string): TargetName;
  tag(raw: string): TargetName;
  /** Glossaries and their terms. */
  term(raw: string): TargetName;
}

export interface DesiredOptions {
  readonly naming: TargetNaming;
  /** Classification that holds our labels. */
  readonly classification: string;
  /** Classification that holds the source's labels, the free words. */
  readonly labelClassification: string;
  readonly includeTags: boolean;
  /** Labels that can be used: the target has them. An unknown one makes it refuse the whole entity. */
  readonly usable: (tagFqn: string) => boolean;
  /** Glossary terms that can be used. */
  readonly usableTerm: (termFqn: string) => boolean;
  readonly includeViewText: boolean;
}

/** FQN at the target of a path of source names. */
export function fqnOf(path: NamePath, naming: TargetNaming): string {
  return buildFqn(path.map((part, i) => (i === 0 ? naming.service(part) : naming.entity(part)).name));
}

/** FQN at the target of a glossary or a term. */
export function termFqn(path: NamePath, naming: TargetNaming): string {
  return buildFqn(path.map((part) => naming.term(part).name));
}

/** FQN at the target of an asset of any kind. */
export function assetFqn({ kind, path }: AssetRef, naming: TargetNaming): string {
  return kind === 'glossary' || kind === 'glossaryTerm' ? termFqn(path, naming) : fqnOf(path, naming);
}

/** Where tags live at the target. */
export type TagPlaces = Pick<DesiredOptions, 'classification' | 'labelClassification' | 'naming'>;

export function tagFqn(
  use: Pick<TagUse, 'path' | 'mappedTo'> & { readonly vocabulary?: TagUse['vocabulary'] },
  places: TagPlaces,
): string {
  const { classification, labelClassification, naming } = places;
  const vocabulary = use.vocabulary === 'label' ? labelClassification : classification;
  return use.mappedTo ?? buildFqn([vocabulary, ...use.path.map((part) => naming.tag(part).name)]);
}

/** What carries tags and terms: an asset, or a named part of one. */
interface Labelled {
  readonly tags: readonly TagUse[];
  readonly terms?: readonly NamePath[];
}

/** The labels that the target should hold: tags in byte order, then terms. */
export function labelsOf({ tags, terms = [] }: Labelled, options: DesiredOptions): Label[] {
  const labels = new Map<string, Label>();
  for (const use of options.includeTags ? tags : []) {
    const tagFQN = tagFqn(use, options);
    if (!options.usable(tagFQN)) continue;
    // A label that is put there directly and also propagated is a direct one.
    if (labels.get(tagFQN)?.labelType === 'Automated') continue;
    labels.set(tagFQN, { tagFQN, source: 'Classification', labelType: use.propagated ? 'Propagated' : 'Automated' });
  }
  const found = terms.map((path) => termFqn(path, options.naming)).filter(options.usableTerm);
  return [
    ...[...labels.values()].sort((a, b) => (a.tagFQN < b.tagFQN ? -1 : 1)),
    ...[...new Set(found)].sort().map((tagFQN): Label => ({ tagFQN, source: 'Glossary', labelType: 'Automated' })),
  ];
}

/**
 * Attributes and validity of an asset's classifications, its columns' included, as the text of the custom property
 * `atlasClassifications`; undefined when no classification carries any.
 */
function classificationsProperty(record: AssetRecord): string | undefined {
  const rows: Record<string, unknown>[] = [];
  const collect = (tags: readonly TagUse[], column?: string): void => {
    for (const use of tags) {
      const attributes = Object.entries(use.attributes ?? {}).filter(([, value]) => value !== null);
      if (attributes.length === 0 && !use.validityPeriods?.length) continue;
      rows.push({
        classification: use.path.at(-1),
        ...(column !== undefined && { column }),
        ...(use.propagated && { propagated: true }),
        ...(attributes.length > 0 && { attributes: Object.fromEntries(attributes.sort()) }),
        ...(use.validityPeriods?.length && { validityPeriods: use.validityPeriods }),
      });
    }
  };
  collect(record.tags);
  if (record.kind === 'table') for (const column of record.columns) collect(column.tags, column.name);
  if (rows.length === 0) return undefined;
  return JSON.stringify(
    rows
      .map((row) => ({ row, key: JSON.stringify(row) }))
      .sort(byKey)
      .map(({ row }) => row),
  );
}

function byKey(a: { key: string }, b: { key: string }): number {
  return a.key < b.key ? -1 : 1;
}

function desiredColumn(column: ColumnRecord, options: DesiredOptions): DesiredColumn {
  const { name, displayName } = options.naming.column(column.name);
  const { dataType, dataLength, precision, scale, arrayDataType, dataTypeDisplay, children, constraint } = column;
  return {
    name,
    dataType,
    ...(displayName !== undefined && { displayName }),
    ...(dataLength !== undefined && { dataLength }),
    ...(precision !== undefined && { precision }),
    ...(scale !== undefined && { scale }),
    ...(arrayDataType !== undefined && { arrayDataType }),
    dataTypeDisplay: dataTypeDisplay.toLowerCase(),
    ...(children && { children: children.map((child) => desiredColumn({ ...child, tags: [] }, options)) }),
    ...(constraint !== undefined && { constraint }),
    ...(column.description && { description: column.description }),
    tags: labelsOf(column, options),
  };
}

/** A table may name a column twice (a partition key beside a column): the first stands. */
function distinctColumns(columns: readonly DesiredColumn[]): DesiredColumn[] {
  const byName = new Map<string, DesiredColumn>();
  for (const column of columns) {
    const key = columnKey(column.name);
    if (!byName.has(key)) byName.set(key, column);
  }
  return [...byName.values()];
}

function tableParts(record: TableRecord, options: DesiredOptions): Partial<DesiredAsset> {
  const isView = record.tableType === 'View' || record.tableType === 'MaterializedView';
  return {
    tableType: record.tableType,
    columns: distinctColumns(record.columns.map((column) => desiredColumn(column, options))),
    ...(isView && options.includeViewText && record.viewDefinition && { viewDefinition: record.viewDefinition }),
  };
}

/** What the target should hold for a source record, in the target's names. */
export function toDesired(
  record: AssetRecord,
  options: DesiredOptions,
  owner: OwnerReference | undefined,
): DesiredAsset {
  const { naming } = options;
  const ofVocabulary = record.kind === 'glossary' || record.kind === 'glossaryTerm';
  const { name, displayName } = naming[ofVocabulary ? 'term' : 'entity'](record.path.at(-1)!);
  const property = options.includeTags ? classificationsProperty(record) : undefined;
  return {
    entityType: record.kind,
    fqn: assetFqn(record, naming),
    parentFqn: assetFqn({ kind: record.kind, path: record.path.slice(0, -1) }, naming),
    name,
    ...(displayName !== undefined && { displayName }),
    ...(record.description && { description: record.description }),
    tags: labelsOf(record, options),
    ...(owner && { owner }),
    extension: property === undefined ? {} : { atlasClassifications: property },
    ...(record.kind === 'table' && tableParts(record, options)),
    // A shell that a hook made before the real entity arrived knows no columns.
    structureComplete: record.kind !== 'table' || !record.incomplete,
  };
}

export function serviceName(record: ServiceRecord, naming: TargetNaming): string {
  return naming.service(record.path[0]!).name;
}
