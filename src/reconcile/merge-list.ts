import { type Base, ourLabels } from './applied.ts';
import type { FieldChange } from './change.ts';
import type { FieldHistory } from './history.ts';

export interface ListMerge {
  /** The list to store; undefined where it stays as it is. */
  readonly write?: readonly string[];
  /** Words to remember as ours, a person's removals of them included. */
  readonly ours: readonly string[];
  readonly changes: readonly FieldChange[];
}

/** Where a list stands among the labels that state remembers. */
export const listKey = (field: string): string => `list:${field}`;

/**
 * Merges a list of words, such as a term's synonyms, as labels are merged: what the source has is put there once, what it
 * dropped goes if we had put it there, what a person removed stays removed, what a person added stays.
 */
export function mergeList(input: {
  readonly field: string;
  readonly source: readonly string[];
  readonly target: readonly string[];
  readonly base: Base;
  readonly history: FieldHistory | 'none' | 'unread';
}): ListMerge | 'needs-history' {
  const { field, source, target, base, history } = input;
  const key = listKey(field);
  const ours = ourLabels(base, key);
  const confirmed = new Set(base.applied?.labels[key] ?? []);
  const wanted = new Set(source);
  const present = new Set(target);
  const next = new Set<string>();
  const changes: FieldChange[] = [];
  const stay = target.filter((word) => wanted.has(word) || !ours.has(word));
  for (const from of target) {
    if (!stay.includes(from)) changes.push({ field, action: 'remove', from, reason: 'gone at the source' });
  }
  const add: string[] = [];
  for (const to of wanted) {
    if (present.has(to)) {
      if (ours.has(to)) next.add(to);
      continue;
    }
    let removedByPerson = confirmed.has(to);
    if (!removedByPerson && !ours.has(to) && history !== 'none') {
      if (history === 'unread') return 'needs-history';
      removedByPerson = history.labelRemovedByPerson(field, to);
    }
    next.add(to);
    if (removedByPerson) {
      changes.push({ field, action: 'keep', to, reason: 'a person removed it in OpenMetadata' });
    } else {
      add.push(to);
      changes.push({ field, action: 'add', to, reason: 'at the source' });
    }
  }
  const writes = changes.some((change) => change.action !== 'keep');
  return { ...(writes && { write: [...stay, ...add] }), ours: [...next].sort(), changes };
}
