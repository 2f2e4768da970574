import { type Base, ourLabels } from './applied.ts';
import type { FieldChange } from './change.ts';
import type { FieldHistory } from './history.ts';
import type { Label } from './target-asset.ts';

export interface LabelMerge {
  readonly add: readonly Label[];
  /** Labels to take off. */
  readonly remove: readonly string[];
  /** Labels to remember as ours, a person's removals of them included. */
  readonly ours: readonly string[];
  readonly changes: readonly FieldChange[];
}

export interface LabelInput {
  /** `''` for the entity, else the column's name at the target. */
  readonly where: string;
  readonly source: readonly Label[];
  readonly target: readonly Label[];
  readonly base: Base;
  readonly history: FieldHistory | 'none' | 'unread';
  /** Classification that holds our labels. */
  readonly ownClassification: string;
  /** Label names that the earlier connector used for the same things → ours. */
  readonly takenOver: (tagFqn: string) => string | undefined;
}

/**
 * Merges labels: what the source has is put there once, what it dropped goes if we had put it there, what a person
 * removed stays removed, what a person added stays.
 */
export function mergeLabels(input: LabelInput): LabelMerge | 'needs-history' {
  const { where, base, history } = input;
  const field = where === '' ? 'tags' : `columns.${where}.tags`;
  const ours = ourLabels(base, where);
  const confirmed = new Set(base.applied?.labels[where] ?? []);
  const wanted = new Map(input.source.map((label) => [label.tagFQN, label]));
  const present = new Set(input.target.map((label) => label.tagFQN));
  const add: Label[] = [];
  const remove: string[] = [];
  const next = new Set<string>();
  const changes: FieldChange[] = [];

  for (const [tagFqn, label] of wanted) {
    if (present.has(tagFqn)) {
      if (ours.has(tagFqn)) next.add(tagFqn);
      continue;
    }
    let removedByPerson = confirmed.has(tagFqn);
    if (!removedByPerson && !ours.has(tagFqn) && history !== 'none') {
      if (history === 'unread') return 'needs-history';
      removedByPerson = history.labelRemovedByPerson(field, tagFqn);
    }
    next.add(tagFqn);
    if (removedByPerson) {
      changes.push({ field, action: 'keep', to: tagFqn, reason: 'a person removed it in OpenMetadata' });
    } else {
      add.push(label);
      changes.push({ field, action: 'add', to: tagFqn, reason: 'at the source' });
    }
  }

  for (const { tagFQN } of input.target) {
    if (wanted.has(tagFQN)) continue;
    const successor = input.takenOver(tagFQN);
    if (successor !== undefined && wanted.has(successor)) {
      remove.push(tagFQN);
      changes.push({ field, action: 'remove', from: tagFQN, reason: `taken over as ${successor}` });
      continue;
    }
    let isOurs = ours.has(tagFQN);
    // Without a base (lost state), a label of our own classification that a bot put there is ours.
    if (!isOurs && base.applied === undefined && tagFQN.startsWith(`${input.ownClassification}.`)) {
      if (history === 'unread') return 'needs-history';
      isOurs = history !== 'none' && history.labelIsBots(field, tagFQN);
    }
    if (!isOurs) continue;
    remove.push(tagFQN);
    changes.push({ field, action: 'remove', from: tagFQN, reason: 'gone at the source' });
  }
  return { add, remove, ours: [...next].sort(), changes };
}
