import type { DesiredColumn } from '../reconcile/target-asset.ts';
import type { Capabilities } from './capabilities.ts';
import type { TableConstraint } from './entities.ts';
import { isAtLeast } from './server-version.ts';

function sortColumns(constraint: TableConstraint): TableConstraint {
  const { columns, referredColumns } = constraint;
  const order = columns.map((_, i) => i).sort((a, b) => (columns[a]! < columns[b]! ? -1 : 1));
  const paired = referredColumns?.length === columns.length;
  return {
    ...constraint,
    columns: order.map((i) => columns[i]!),
    ...(paired && { referredColumns: order.map((i) => referredColumns[i]!) }),
  };
}

/**
 * Constraints in one order, and the columns of each. Newer servers sort both on their own, the columns of a foreign key
 * without those that they refer to; what is sorted beforehand keeps its pairs, and does not differ from what is read.
 */
export function sortConstraints(constraints: readonly TableConstraint[]): TableConstraint[] {
  const key = ({ constraintType, columns }: TableConstraint): string => [constraintType, ...columns].join('\n');
  return constraints.map(sortColumns).sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

function fitConstraint(constraint: TableConstraint, capabilities: Capabilities): TableConstraint {
  const { relationshipType, ...kept } = constraint;
  const known = relationshipType !== undefined && isAtLeast(capabilities.version, 1, 6);
  return known ? { ...kept, relationshipType } : kept;
}

/** Two alike are refused by newer servers. */
function distinct(constraints: readonly TableConstraint[]): TableConstraint[] {
  const seen = new Set<string>();
  return constraints.filter((constraint) => {
    const text = JSON.stringify(constraint);
    return !seen.has(text) && seen.add(text);
  });
}

/**
 * Constraints as the server takes them: each column must be there, and a primary key stands either at one column or
 * among the constraints, never at both.
 */
export function fitKeys(
  constraints: readonly TableConstraint[] | undefined,
  columns: readonly DesiredColumn[] | undefined,
  capabilities: Capabilities,
): { constraints: readonly TableConstraint[] | undefined; columns: readonly DesiredColumn[] | undefined } {
  const names = new Set(columns?.map(({ name }) => name));
  const fitted = constraints
    ?.filter((constraint) => !columns || constraint.columns.every((column) => names.has(column)))
    .map((constraint) => fitConstraint(constraint, capabilities));
  const keys = columns?.filter(({ constraint }) => constraint === 'PRIMARY_KEY').map(({ name }) => name) ?? [];
  const named = fitted?.some(({ constraintType }) => constraintType === 'PRIMARY_KEY') ?? false;
  const ordered = (some: readonly TableConstraint[]): TableConstraint[] => distinct(sortConstraints(some));
  if (keys.length === 0 || (keys.length === 1 && !named)) {
    return { constraints: fitted && ordered(fitted), columns };
  }
  const key = { constraintType: 'PRIMARY_KEY', columns: keys };
  return {
    constraints: ordered(named ? fitted! : [...(fitted ?? []), key]),
    columns: columns?.map((column) => {
      const { constraint, ...rest } = column;
      return constraint === 'PRIMARY_KEY' ? rest : column;
    }),
  };
}
