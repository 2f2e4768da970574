import type { AssetRecord, ServiceRecord, TagUse } from '../model/records.ts';
import { type DesiredOptions, labelsOf } from './desired-labels.ts';
import { structureOf } from './desired-structure.ts';
import type { DesiredAsset, OwnerReference } from './target-asset.ts';
import { assetFqn, assetName, type TargetNaming } from './target-naming.ts';

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
  if (record.kind === 'table' || record.kind === 'container') {
    for (const column of record.columns ?? []) collect(column.tags, column.name);
  }
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

/**
 * What the target should hold for a source record, in the target's names.
 *
 * @param owner `none` where the source says that there is no owner; undefined where nothing is known of it
 */
export function toDesired(
  record: AssetRecord,
  options: DesiredOptions,
  owner: OwnerReference | 'none' | undefined,
): DesiredAsset {
  const { naming } = options;
  const encoded = assetName(record.kind, record.path.at(-1)!, naming);
  const { name } = encoded;
  const displayName = record.displayName ?? encoded.displayName;
  const property = options.includeTags ? classificationsProperty(record) : undefined;
  return {
    entityType: record.kind,
    fqn: assetFqn(record, naming),
    parentFqn: record.path.length > 1 ? assetFqn({ kind: record.kind, path: record.path.slice(0, -1) }, naming) : '',
    name,
    ...(displayName !== undefined && { displayName }),
    ...(record.description && { description: record.description }),
    tags: labelsOf(record, options),
    ...(owner === 'none' ? { ownerless: true } : owner && { owner }),
    extension: {
      ...record.properties,
      ...(property !== undefined && { atlasClassifications: property }),
      // Goes when the real entity arrives: what the source drops is taken off again.
      ...(record.incomplete && { atlasIncomplete: 'true' }),
    },
    ...structureOf(record, options),
    ...(record.native && { native: record.native }),
    // A shell that a hook made before the real entity arrived knows no columns.
    structureComplete: !record.incomplete,
  };
}

export function serviceName(record: ServiceRecord, naming: TargetNaming): string {
  return naming.service(record.path[0]!).name;
}
