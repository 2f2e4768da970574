import { confirmed } from '../reconcile/patch.ts';
import type { ColumnNode, DesiredColumn, TargetColumn as HeldPart, Label } from '../reconcile/target-asset.ts';
import type { Body } from './bodies.ts';
import type { Capabilities } from './capabilities.ts';
import { columnBodies } from './column-body.ts';
import type { TargetColumn } from './entities.ts';
import type { PartStyle } from './kind-facts.ts';
import { isAtLeast } from './server-version.ts';

/** Data types of a message's fields: the same in all versions. */
const FIELD_TYPES: ReadonlySet<string> = new Set(
  (
    'RECORD NULL BOOLEAN INT LONG BYTES FLOAT DOUBLE TIMESTAMP TIMESTAMPZ TIME DATE STRING ARRAY MAP ENUM UNION FIXED ' +
    'ERROR UNKNOWN'
  ).split(' '),
);
const FEATURE_TYPES: ReadonlySet<string> = new Set(['numerical', 'categorical']);

/** Keys of a part beside name, words, labels and type, with the minor version of 1.x that brought each. */
const attributeKeys: Readonly<Record<PartStyle, Readonly<Record<string, number>>>> = {
  column: {},
  field: {},
  // The address of a task has one name on some 1.1 servers and the other on the rest: what is told is what is taken.
  task: { taskSQL: 1, downstreamTasks: 1, startDate: 1, sourceUrl: 1, taskUrl: 1, endDate: 2, owner: 3, owners: 5 },
  feature: { featureAlgorithm: 1, featureSources: 1 },
};

const DATES: ReadonlySet<string> = new Set(['startDate', 'endDate']);

/** Dates travel as text; they are compared as epoch milliseconds. */
function dateText(value: unknown): unknown {
  return typeof value === 'number' ? new Date(value).toISOString() : value;
}

function dateTime(value: unknown): unknown {
  const time = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(time) ? value : time;
}

function fitAttributes(style: PartStyle, part: ColumnNode, capabilities: Capabilities): Record<string, unknown> {
  const known = attributeKeys[style];
  const { ownerKey, version } = capabilities;
  const kept = Object.entries(part.attributes ?? {}).filter(
    ([key, value]) =>
      value !== undefined &&
      isAtLeast(version, 1, known[key] ?? Number.POSITIVE_INFINITY) &&
      !(key === 'owner' && ownerKey !== 'owner'),
  );
  return Object.fromEntries(kept);
}

function fitField(field: ColumnNode): ColumnNode {
  const {
    arrayDataType: _a,
    dataLength: _l,
    precision: _p,
    scale: _s,
    constraint: _c,
    attributes: _x,
    ...kept
  } = field;
  return {
    ...kept,
    dataType: FIELD_TYPES.has(field.dataType) ? field.dataType : 'UNKNOWN',
    ...(field.children && { children: field.children.map(fitField) }),
  };
}

function typeOf(style: PartStyle, { dataType }: ColumnNode): string {
  return style === 'task' || FEATURE_TYPES.has(dataType) ? dataType : '';
}

function fitPart(style: PartStyle, part: DesiredColumn, capabilities: Capabilities): DesiredColumn {
  if (style === 'field') return { ...fitField(part), tags: part.tags };
  const { name, displayName, description, tags } = part;
  const attributes = fitAttributes(style, part, capabilities);
  return {
    name,
    dataType: typeOf(style, part),
    ...(displayName !== undefined && style === 'task' && { displayName }),
    ...(description !== undefined && { description }),
    ...(Object.keys(attributes).length > 0 && { attributes }),
    tags,
  };
}

/** The parts as this version can hold them: what would be refused or stored otherwise is changed beforehand. */
export function fitParts(
  style: PartStyle,
  parts: readonly DesiredColumn[],
  capabilities: Capabilities,
): readonly DesiredColumn[] {
  if (style !== 'column') return parts.map((part) => fitPart(style, part, capabilities));
  const labels = new Map([...parts].reverse().map(({ name, tags }) => [name, tags]));
  const bare = parts.map(({ tags: _, attributes: _a, ...column }) => column as TargetColumn);
  return columnBodies(bare, capabilities).map((column) => ({
    ...(column as ColumnNode),
    // A name that comes twice stands once: the first.
    tags: labels.get(column.name) ?? [],
  }));
}

function childBody(child: ColumnNode & { readonly tags?: readonly Label[] }): Body {
  const { name, dataType, dataTypeDisplay, displayName, description, children, tags } = child;
  return {
    name,
    dataType,
    ...(displayName !== undefined && { displayName }),
    ...(dataTypeDisplay !== undefined && { dataTypeDisplay }),
    ...(description && { description }),
    ...(children && { children: children.map(childBody) }),
    ...(tags?.length && { tags: tags.map(confirmed) }),
  };
}

/** Request form of parts that were fitted before. */
export function partBodies(style: PartStyle, parts: readonly DesiredColumn[]): readonly unknown[] {
  const labels = ({ tags }: DesiredColumn): Body => (tags.length > 0 ? { tags: tags.map(confirmed) } : {});
  switch (style) {
    case 'column':
      return parts.map((part) => {
        const { tags: _t, attributes: _a, ...column } = part;
        return { ...column, ...labels(part) };
      });
    case 'field':
      return parts.map(childBody);
    default:
      return parts.map((part) => ({
        name: part.name,
        ...(part.displayName !== undefined && { displayName: part.displayName }),
        ...(part.description && { description: part.description }),
        ...(part.dataType && { [style === 'task' ? 'taskType' : 'dataType']: part.dataType }),
        ...Object.fromEntries(
          Object.entries(part.attributes ?? {}).map(([key, value]) => [key, DATES.has(key) ? dateText(value) : value]),
        ),
        ...labels(part),
      }));
  }
}

function heldAttributes(style: PartStyle, part: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const held = Object.keys(attributeKeys[style]).filter((key) => part[key] !== undefined && part[key] !== null);
  return {
    ...(style === 'task' && { downstreamTasks: [] }),
    ...Object.fromEntries(held.map((key) => [key, DATES.has(key) ? dateTime(part[key]) : part[key]])),
  };
}

/** A part as an answer holds it, in one form for all kinds; its labels are always there. */
export function readPart(style: PartStyle, part: Readonly<Record<string, unknown>>): HeldPart {
  const tags = (part['tags'] as readonly Label[] | undefined) ?? [];
  if (style === 'column' || style === 'field') return { ...(part as unknown as ColumnNode), tags };
  const { name, displayName, description } = part as unknown as ColumnNode;
  const attributes = heldAttributes(style, part);
  return {
    name,
    dataType: String(part[style === 'task' ? 'taskType' : 'dataType'] ?? ''),
    ...(displayName && { displayName }),
    ...(description && { description }),
    ...(Object.keys(attributes).length > 0 && { attributes }),
    tags,
  };
}
