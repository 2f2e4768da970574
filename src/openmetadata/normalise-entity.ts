import type { AssetKind } from '../model/records.ts';
import type { Capabilities } from './capabilities.ts';
import type { Entity, EntityReference, TableConstraint, TableEntity, TagLabel, TargetColumn } from './entities.ts';

export interface ReadOwner {
  readonly id: string;
  readonly type: 'user' | 'team';
  readonly name?: string;
}

/** A column as read: its labels are always there. */
export interface ReadColumn extends TargetColumn {
  readonly tags: readonly TagLabel[];
}

/** An entity in one form for all server versions. Empty texts count as absent. */
export interface ReadAsset {
  readonly id: string;
  readonly fqn: string;
  readonly name: string;
  readonly displayName?: string;
  readonly description?: string;
  readonly version: number;
  readonly deleted: boolean;
  readonly updatedBy?: string;
  readonly tags: readonly TagLabel[];
  /** Its own owners; those that it only inherits from its parent are left out. */
  readonly owners: readonly ReadOwner[];
  readonly extension?: Readonly<Record<string, unknown>>;
  readonly sourceHash?: string;
}

export interface ReadTable extends ReadAsset {
  readonly tableType?: string;
  readonly viewDefinition?: string;
  /** As stored; a PUT without them would delete them. */
  readonly tableConstraints?: readonly TableConstraint[];
  readonly columns: readonly ReadColumn[];
  /** Keys that a PUT must send back. */
  readonly carried?: Readonly<Record<string, unknown>>;
}

/**
 * What to ask for in `fields`, so that `readAsset` and `readTable` see everything. A table's view text and constraints
 * have to be asked for by name, or they seem absent.
 */
export function assetFields(capabilities: Capabilities, type: AssetKind): readonly string[] {
  const common = [capabilities.ownerKey, 'tags', 'extension'];
  return type === 'table' ? [...common, capabilities.viewKey, 'tableConstraints'] : common;
}

/** What a PUT must send along so that it stays: the server clears what a body leaves out (LIVE-1.1, CONTRACT §4.3). */
const carriedKeys = [
  'tableConstraints',
  'tablePartition',
  'retentionPeriod',
  'sourceUrl',
  'fileFormat',
  'locationPath',
];

function carried(entity: TableEntity): { carried?: Readonly<Record<string, unknown>> } {
  const held = carriedKeys.filter((key) => entity[key] !== undefined && entity[key] !== null);
  return held.length > 0 ? { carried: Object.fromEntries(held.map((key) => [key, entity[key]])) } : {};
}

function ownersOf(entity: Entity): ReadOwner[] {
  const references: readonly (EntityReference & { readonly inherited?: boolean })[] =
    entity.owners ?? (entity.owner ? [entity.owner] : []);
  return references.flatMap(({ id, type, name, inherited }) =>
    inherited || (type !== 'user' && type !== 'team') ? [] : [{ id, type, ...(name !== undefined && { name }) }],
  );
}

export function readAsset(entity: Entity): ReadAsset {
  const { displayName, description, updatedBy, extension, sourceHash } = entity;
  return {
    id: entity.id,
    fqn: entity.fullyQualifiedName ?? entity.name,
    name: entity.name,
    ...(displayName && { displayName }),
    ...(description && { description }),
    version: entity.version ?? 0.1,
    deleted: entity.deleted ?? false,
    ...(updatedBy !== undefined && { updatedBy }),
    tags: entity.tags ?? [],
    owners: ownersOf(entity),
    ...(extension && { extension }),
    ...(sourceHash !== undefined && { sourceHash }),
  };
}

function readColumn(column: TargetColumn): ReadColumn {
  return { ...column, tags: column.tags ?? [] };
}

export function readTable(entity: TableEntity, capabilities: Capabilities): ReadTable {
  const viewDefinition = entity[capabilities.viewKey];
  return {
    ...readAsset(entity),
    ...(entity.tableType !== undefined && { tableType: entity.tableType }),
    ...(viewDefinition && { viewDefinition }),
    ...(entity.tableConstraints?.length && { tableConstraints: entity.tableConstraints }),
    columns: (entity.columns ?? []).map(readColumn),
    ...carried(entity),
  };
}
