import { type Base, ourLabels } from './applied.ts';
import type { FieldChange } from './change.ts';
import type { FieldHistory } from './history.ts';
import { type Label, labelKey } from './target-asset.ts';

export interface LabelMerge {
  readonly add: readonly Label[];
  /** Labels to take off, by {@link labelKey}. */
  readonly remove: readonly string[];
  /** Labels to remember as ours, a person's removals of them included. */
  readonly ours: readonly string[];
  readonly changes: readonly FieldChange[];
}

export interface LabelInput {
  /** `''` for the entity, else the column's name at the target. */
  readonly where: string;
  /** The field's name, as versions have it: `tags`, `columns.email.tags`. */
  readonly field: string;
  readonly source: readonly Label[];
  readonly target: readonly Label[];
  readonly base: Base;
  readonly history: FieldHistory | 'none' | 'unread';
  /** Classifications that hold our labels. */
  readonly ownClassifications: readonly string[];
  /** Label names that the earlier connector used for the same things → ours. */
  readonly takenOver: (tagFqn: string) => string | undefined;
}

/**
 * Merges labels: what the source has is put there once, what it dropped goes if we had put it there, what a person
 * removed stays removed, what a person added stays.
 */
export function mergeLabels(input: LabelInput): LabelMerge | 'needs-history' {
  const { where, field, base, history } = input;
  const ours = ourLabels(base, where);
  const confirmed = new Set(base.applied?.labels[where] ?? []);
  const wanted = new Map(input.source.map((label) => [labelKey(label), label]));
  const present = new Set(input.target.map(labelKey));
  const add: Label[] = [];
  const remove: string[] = [];
  const next = new Set<string>();
  const changes: FieldChange[] = [];

  for (const [key, label] of wanted) {
    if (present.has(key)) {
      if (ours.has(key)) next.add(key);
      continue;
    }
    let removedByPerson = confirmed.has(key);
    if (!removedByPerson && !ours.has(key) && history !== 'none') {
      if (history === 'unread') return 'needs-history';
      removedByPerson = history.labelRemovedByPerson(field, label.tagFQN);
    }
    next.add(key);
    if (removedByPerson) {
      changes.push({ field, action: 'keep', to: key, reason: 'a person removed it in OpenMetadata' });
    } else {
      add.push(label);
      changes.push({ field, action: 'add', to: key, reason: 'at the source' });
    }
  }

  for (const label of input.target) {
    const { tagFQN } = label;
    const key = labelKey(label);
    if (wanted.has(key)) continue;
    const successor = input.takenOver(tagFQN);
    if (successor !== undefined && wanted.has(successor)) {
      remove.push(key);
      changes.push({ field, action: 'remove', from: key, reason: `taken over as ${successor}` });
      continue;
    }
    let isOurs = ours.has(key);
    // Without a base (lost state), a label of our own classification that a bot put there is ours.
    if (!isOurs && base.applied === undefined && isOfOurs(label, input.ownClassifications)) {
      if (history === 'unread') return 'needs-history';
      isOurs = history !== 'none' && history.labelIsBots(field, tagFQN);
    }
    if (!isOurs) continue;
    remove.push(key);
    changes.push({ field, action: 'remove', from: key, reason: 'gone at the source' });
  }
  return { add, remove, ours: [...next].sort(), changes };
}

function isOfOurs({ tagFQN, source }: Label, classifications: readonly string[]): boolean {
  return source === 'Classification' && classifications.some((name) => tagFQN.startsWith(`${name}.`));
}
