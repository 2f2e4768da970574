import type { Capabilities } from './capabilities.ts';
import type { TagLabel, TargetColumn } from './entities.ts';

const NEEDS_LENGTH: ReadonlySet<string> = new Set(['CHAR', 'VARCHAR', 'BINARY', 'VARBINARY']);

/** The keys of a label that may be sent: what else an answer holds is refused or ignored. One without a state is confirmed. */
export function labelBody({
  tagFQN,
  source,
  labelType,
  state = 'Confirmed',
}: Omit<TagLabel, 'state'> & Partial<TagLabel>): TagLabel {
  return { tagFQN, source, labelType, state };
}

/** Precision and scale that the server takes: a scale never without a precision, nor above it. */
function numberShape({ precision, scale }: TargetColumn): Pick<TargetColumn, 'precision' | 'scale'> {
  if (precision === undefined) return {};
  return { precision, ...(scale !== undefined && scale <= precision && { scale }) };
}

/** One name stands once at each level, or the server refuses the whole table: the first stays. */
function distinct(columns: readonly TargetColumn[]): TargetColumn[] {
  const seen = new Set<string>();
  return columns.filter(({ name }) => !seen.has(name) && seen.add(name));
}

/**
 * Request form of a column, such that the server takes it: a type that this version does not know becomes `UNKNOWN` with
 * its text kept as display, lengths and children stand where they must. The display text is lower-cased, since the
 * server stores it so and a comparison would otherwise always find a difference.
 */
export function columnBody(column: TargetColumn, capabilities: Capabilities): TargetColumn {
  const known = (type: string): string => (capabilities.dataTypes.has(type) ? type : 'UNKNOWN');
  const dataType = known(column.dataType);
  const children = column.children ?? (dataType === 'STRUCT' ? [] : undefined);
  const dataLength = column.dataLength ?? (NEEDS_LENGTH.has(dataType) ? 1 : undefined);
  return {
    name: column.name,
    ...(column.displayName !== undefined && { displayName: column.displayName }),
    dataType,
    ...(dataType === 'ARRAY' && { arrayDataType: known(column.arrayDataType ?? 'UNKNOWN') }),
    ...(dataLength !== undefined && { dataLength }),
    ...numberShape(column),
    dataTypeDisplay: (column.dataTypeDisplay ?? column.dataType).toLowerCase(),
    ...(column.description && { description: column.description }),
    ...(column.constraint !== undefined && { constraint: column.constraint }),
    ...(column.tags?.length && { tags: column.tags.map(labelBody) }),
    ...(children && { children: columnBodies(children, capabilities) }),
  };
}

/** Request form of a table's or a struct's columns, in their order. */
export function columnBodies(columns: readonly TargetColumn[], capabilities: Capabilities): TargetColumn[] {
  return distinct(columns).map((column) => columnBody(column, capabilities));
}
