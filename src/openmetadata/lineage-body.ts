import { splitFqn } from '../model/fqn.ts';
import type { Body } from './bodies.ts';
import type { Capabilities } from './capabilities.ts';
import type { ColumnLineage, EntityReference, LineageDetails, TargetLineage } from './entities.ts';

/** Kinds that have columns, fields or features which an edge may lead between. */
const WITH_COLUMNS: ReadonlySet<string> = new Set(['table', 'container', 'topic', 'mlmodel']);

function isNested(column: string, asset: string | undefined): boolean {
  return asset !== undefined && column.startsWith(`${asset}.`) && splitFqn(column.slice(asset.length + 1)).length > 1;
}

/**
 * The pairs that this version takes: one that it refuses loses the whole edge. Up to 1.4 a column may come from a third
 * table; from 1.5 on each must belong to its end.
 */
function fitPairs(
  pairs: readonly ColumnLineage[],
  from: EntityReference,
  to: EntityReference,
  capabilities: Capabilities,
): readonly ColumnLineage[] {
  const { columnLineageNested, columnLineage } = capabilities;
  const start = from.fullyQualifiedName;
  const fits = (column: string): boolean =>
    (columnLineageNested || !isNested(column, start)) &&
    (columnLineage === 'tables' || start === undefined || column.startsWith(`${start}.`));
  return pairs
    .filter(({ toColumn }) => columnLineageNested || !isNested(toColumn, to.fullyQualifiedName))
    .map((pair) => ({ ...pair, fromColumns: pair.fromColumns.filter(fits) }))
    .filter(({ fromColumns }) => fromColumns.length > 0);
}

/** An edge's details as this version can hold them between these ends (CONTRACT §3.2). */
export function fitDetails(
  details: LineageDetails,
  from: EntityReference,
  to: EntityReference,
  capabilities: Capabilities,
): LineageDetails {
  const tables = from.type === 'table' && to.type === 'table';
  if (!tables && capabilities.lineageDetails === 'tables') return { columnsLineage: [] };
  const { columnsLineage = [], source, ...rest } = details;
  const withColumns = WITH_COLUMNS.has(from.type) && WITH_COLUMNS.has(to.type);
  const paired = tables || (capabilities.columnLineage === 'any' && withColumns);
  return {
    ...rest,
    ...(source !== undefined && capabilities.lineageSource && { source }),
    columnsLineage: paired ? fitPairs(columnsLineage, from, to, capabilities) : [],
  };
}

/** Both ends need ids. The server replaces the whole edge: `details` must hold all that shall stay. */
export function lineageBody({ from, to, details }: TargetLineage, capabilities: Capabilities): Body {
  const end = ({ id, type }: EntityReference): Body => ({ id, type });
  const told = details && detailsBody(fitDetails(details, from, to, capabilities));
  // Where edges are read by themselves, one without any details is answered as if it were not there.
  const lineageDetails = told ?? (capabilities.lineageEdgeRead ? {} : undefined);
  return { edge: { fromEntity: end(from), toEntity: end(to), ...(lineageDetails && { lineageDetails }) } };
}

function detailsBody({ sqlQuery, description, source, columnsLineage, pipeline }: LineageDetails): Body | undefined {
  const body = {
    ...(sqlQuery !== undefined && { sqlQuery }),
    ...(description !== undefined && { description }),
    ...(source !== undefined && { source }),
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
