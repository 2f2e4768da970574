import type { Base } from './applied.ts';
import type { FieldChange } from './change.ts';
import type { FieldHistory } from './history.ts';
import { mergeText } from './merge-text.ts';
import type { PatchBuilder } from './patch.ts';
import type { DesiredAsset, TargetAsset } from './target-asset.ts';

/** Custom properties with this beginning are written by us alone: they follow the source. */
export const ownPropertyPrefix = 'atlas';

const prefix = 'extension.';

export interface ExtensionMerge {
  readonly changes: readonly FieldChange[];
  /** Field → hash of the value to remember as ours. */
  readonly ours: Readonly<Record<string, string>>;
}

export interface ExtensionOptions {
  readonly history: FieldHistory | 'none' | 'unread';
  readonly override: boolean;
  /** Properties that stay as they are. */
  readonly left: readonly string[];
}

/** A property's value as a text that two sides can be compared by. */
export function valueText(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/**
 * Merges the custom properties, each by itself and like a text: a value that a person set, changed or removed is kept.
 * What the source and we never had is not looked at.
 */
export function mergeExtension(
  desired: DesiredAsset,
  target: TargetAsset,
  base: Base,
  { history, override, left }: ExtensionOptions,
  patch: PatchBuilder,
): ExtensionMerge | 'needs-history' {
  const changes: FieldChange[] = [];
  const ours: Record<string, string> = {};
  const hadAny = target.extension !== undefined;
  const before = Object.keys({ ...base.applied?.texts, ...base.pending?.texts }).filter((key) =>
    key.startsWith(prefix),
  );
  const names = new Set([...Object.keys(desired.extension), ...before.map((key) => key.slice(prefix.length))]);
  for (const name of [...names].sort()) {
    const stored = target.extension?.[name];
    const field = `${prefix}${name}`;
    if (left.includes(name)) {
      const kept = base.applied?.texts[field];
      if (kept !== undefined) ours[field] = kept;
      continue;
    }
    const source = valueText(desired.extension[name]);
    const own = name.startsWith(ownPropertyPrefix);
    const merged = mergeText({
      field,
      source,
      target: valueText(stored),
      base,
      history: own ? 'none' : history,
      override: override || (own && source !== undefined),
    });
    if (merged === 'needs-history') return merged;
    if (merged.ours !== undefined) ours[field] = merged.ours;
    if (merged.change) {
      const { reason } = merged.change;
      changes.push({ ...merged.change, reason: own && source !== undefined ? 'changed at the source' : reason });
    }
    if (merged.write === null) patch.remove(`/extension/${name}`, stored);
    else if (merged.write !== undefined) patch.extension(name, desired.extension[name], hadAny);
  }
  return { changes, ours };
}
