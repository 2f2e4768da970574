import type { Capabilities } from './capabilities.ts';
import { columnBodies, labelBody } from './column-body.ts';
import type { EntityReference, LineageDetails, TagLabel, TargetLineage, TargetTable } from './entities.ts';

/**
 * Bodies of the requests that write, by the server's version. Unknown keys are refused by 1.1 and silently dropped by
 * later servers, so each version gets exactly its own keys.
 */
export type Body = Readonly<Record<string, unknown>>;

interface Common {
  readonly name: string;
  readonly displayName?: string;
  readonly description?: string;
  readonly tags?: readonly TagLabel[];
  readonly owners?: readonly EntityReference[];
  readonly extension?: Readonly<Record<string, unknown>>;
}

export interface TargetDatabase extends Common {
  /** FQN of the service. */
  readonly service: string;
}

export interface TargetSchema extends Common {
  /** FQN of the database. */
  readonly database: string;
}

const VIEW_TYPES: ReadonlySet<string> = new Set(['View', 'SecureView', 'MaterializedView']);

/** The server takes one team or up to five users, never both. */
function ownerKeys(owners: readonly EntityReference[] | undefined, capabilities: Capabilities): Body {
  const team = owners?.find((owner) => owner.type === 'team');
  const chosen = (team ? [team] : (owners ?? []).slice(0, 5)).map(({ id, type }) => ({ id, type }));
  if (chosen.length === 0) return {};
  return capabilities.ownerKey === 'owner' ? { owner: chosen[0] } : { owners: chosen };
}

function common(input: Common, capabilities: Capabilities): Body {
  const { name, displayName, description, tags, owners, extension } = input;
  return {
    name,
    ...(displayName !== undefined && { displayName }),
    ...(description && { description }),
    ...(tags?.length && { tags: tags.map(labelBody) }),
    ...ownerKeys(owners, capabilities),
    ...(extension && Object.keys(extension).length > 0 && { extension }),
  };
}

export function databaseBody(input: TargetDatabase, capabilities: Capabilities): Body {
  return { ...common(input, capabilities), service: input.service };
}

export function schemaBody(input: TargetSchema, capabilities: Capabilities): Body {
  return { ...common(input, capabilities), database: input.database };
}

function viewKeys(table: TargetTable, capabilities: Capabilities): Body {
  if (table.viewDefinition === undefined) return {};
  if (capabilities.viewTextNeedsViewType && !VIEW_TYPES.has(table.tableType ?? '')) return {};
  return { [capabilities.viewKey]: table.viewDefinition };
}

/** Table type is left out where this version does not know it; the server then stores none. */
export function tableBody(table: TargetTable, capabilities: Capabilities): Body {
  const { tableType, tableConstraints, sourceUrl, sourceHash } = table;
  return {
    ...common(table, capabilities),
    databaseSchema: table.databaseSchema,
    ...(tableType !== undefined && capabilities.tableTypes.has(tableType) && { tableType }),
    columns: columnBodies(table.columns, capabilities),
    ...(tableConstraints?.length && { tableConstraints }),
    ...viewKeys(table, capabilities),
    ...(sourceUrl !== undefined && capabilities.sourceUrl && { sourceUrl }),
    ...(sourceHash !== undefined && capabilities.sourceHash && { sourceHash }),
  };
}

/** Both name and description are mandatory. */
export interface TargetClassification {
  readonly name: string;
  readonly displayName?: string;
  readonly description: string;
}

export interface TargetTag extends TargetClassification {
  /** FQN of the classification. */
  readonly classification: string;
  /** FQN of the tag above, for a nested tag. */
  readonly parent?: string;
}

export function classificationBody({ name, displayName, description }: TargetClassification): Body {
  // The server refuses an empty description here, unlike anywhere else.
  return { name, ...(displayName !== undefined && { displayName }), description: description || name };
}

export function tagBody(input: TargetTag): Body {
  return {
    ...classificationBody(input),
    classification: input.classification,
    ...(input.parent !== undefined && { parent: input.parent }),
  };
}

/** Both ends need ids. The server replaces the whole edge: `details` must hold all that shall stay. */
export function lineageBody({ from, to, details }: TargetLineage, capabilities: Capabilities): Body {
  const end = ({ id, type }: EntityReference): Body => ({ id, type });
  const tables = from.type === 'table' && to.type === 'table';
  const lineageDetails =
    tables || capabilities.lineageDetailsForAnyPair ? detailsBody(details, capabilities) : undefined;
  return { edge: { fromEntity: end(from), toEntity: end(to), ...(lineageDetails && { lineageDetails }) } };
}

function detailsBody(details: LineageDetails | undefined, capabilities: Capabilities): Body | undefined {
  if (!details) return undefined;
  const { sqlQuery, description, source, columnsLineage, pipeline } = details;
  const body = {
    ...(sqlQuery !== undefined && { sqlQuery }),
    ...(description !== undefined && { description }),
    ...(source !== undefined && capabilities.lineageSource && { source }),
    ...(columnsLineage?.length && {
      columnsLineage: columnsLineage.map((pair) => ({
        fromColumns: [...pair.fromColumns],
        toColumn: pair.toColumn,
        ...(pair.function !== undefined && { function: pair.function }),
      })),
    }),
    ...(pipeline && { pipeline: { id: pipeline.id, type: pipeline.type } }),
  };
  return Object.keys(body).length === 0 ? undefined : body;
}
