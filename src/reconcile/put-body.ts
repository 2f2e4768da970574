import type { FieldChange } from './change.ts';
import { columnKey } from './merge-columns.ts';
import {
  type DesiredAsset,
  type DesiredColumn,
  type Label,
  labelKey,
  partsOf,
  type TargetAsset,
  type TargetColumn,
} from './target-asset.ts';

/** Words and labels of parts that are gone, by the part's name in lower case. */
export type LostParts = Readonly<Record<string, Pick<TargetColumn, 'description' | 'displayName' | 'tags'>>>;

/**
 * The body of a PUT on something that exists: the source's structure with the target's own words, so that nothing a
 * person wrote depends on what the server does with an omitted field.
 *
 * @param options.structure false: the structure stays the target's too (a plain restore)
 * @param options.lost what people wrote on parts that were dropped: a part that comes back gets it back
 */
export function putBody(
  desired: DesiredAsset,
  target: TargetAsset,
  fields: readonly FieldChange[],
  { structure, lost }: { readonly structure: boolean; readonly lost: LostParts },
): DesiredAsset {
  const parts = partsOf[desired.entityType]?.field ?? 'columns';
  const held = new Map((target.columns ?? []).map((column) => [columnKey(column.name), column]));
  const notAgain = new Set(fields.filter((f) => f.action === 'keep').map((f) => `${f.field} ${f.to}`));
  const goes = new Set(fields.filter((f) => f.action === 'remove').map((f) => `${f.field} ${f.from}`));
  const union = (field: string, wanted: readonly Label[], present: readonly Label[]): Label[] => {
    const names = new Set(present.map(labelKey));
    return [
      ...present.filter((label) => !goes.has(`${field} ${labelKey(label)}`)),
      ...wanted.filter((label) => !names.has(labelKey(label)) && !notAgain.has(`${field} ${labelKey(label)}`)),
    ];
  };
  const words = (field: string, wanted: readonly string[], present: readonly string[]): string[] => [
    ...present.filter((word) => !goes.has(`${field} ${word}`)),
    ...wanted.filter((word) => !present.includes(word) && !notAgain.has(`${field} ${word}`)),
  ];
  const cleared = (field: string): boolean => fields.some((f) => f.field === field && f.action === 'keep' && !f.from);
  const textOf = (field: string, source: string | undefined, present: string | undefined): string | undefined =>
    present || (cleared(field) ? undefined : source);
  const described = (field: string, source: string | undefined, present: string | undefined) => {
    const value = textOf(field, source, present);
    return value === undefined ? {} : { description: value };
  };
  const { description: _d, displayName: _n, columns, lists, owner: _o, ownerless: _l, ...rest } = desired;
  const displayName = textOf('displayName', desired.displayName, target.displayName);
  const attributes = structure ? { ...target.attributes, ...desired.attributes } : target.attributes;
  const allLists = { ...target.lists, ...lists };
  return {
    ...rest,
    ...(target.carried && { carried: target.carried }),
    ...(attributes && { attributes }),
    ...described('description', desired.description, target.description),
    ...(displayName !== undefined && { displayName }),
    tags: union('tags', desired.tags, target.tags),
    ...(Object.keys(allLists).length > 0 && {
      lists: Object.fromEntries(
        Object.keys(allLists).map((key) => [key, words(key, lists?.[key] ?? [], target.lists?.[key] ?? [])]),
      ),
    }),
    ...((columns || target.columns) && {
      columns: (columns ?? target.columns ?? []).map((column) => {
        const other = held.get(columnKey(column.name));
        if (!other) return { ...column, ...regained(column, lost[columnKey(column.name)]) };
        const { description, displayName: shown, ...shape } = column;
        const display = textOf(`${parts}.${other.name}.displayName`, shown, other.displayName);
        return {
          ...shape,
          name: other.name,
          ...(shape.constraint === undefined && other.constraint !== undefined && { constraint: other.constraint }),
          ...((shape.attributes || other.attributes) && { attributes: { ...other.attributes, ...shape.attributes } }),
          ...described(`${parts}.${other.name}.description`, description, other.description),
          ...(display !== undefined && { displayName: display }),
          tags: union(`${parts}.${other.name}.tags`, column.tags, other.tags),
        };
      }),
    }),
  };
}

function regained(column: DesiredColumn, lost: LostParts[string] | undefined): Partial<DesiredColumn> {
  if (!lost) return {};
  const { description, displayName, tags } = lost;
  const names = new Set(tags.map(labelKey));
  return {
    ...(description !== undefined && { description }),
    ...(displayName !== undefined && { displayName }),
    tags: [...tags, ...column.tags.filter((label) => !names.has(labelKey(label)))],
  };
}
