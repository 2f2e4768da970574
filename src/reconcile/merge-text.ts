import { type Base, isOurText, textHash, wroteText } from './applied.ts';
import type { FieldChange } from './change.ts';
import type { FieldHistory } from './history.ts';

export interface TextMerge {
  readonly change?: FieldChange;
  /** The text to store; `null` clears it; undefined leaves it. */
  readonly write?: string | null;
  /** Hash to remember as ours; undefined when the field is not ours. */
  readonly ours?: string;
}

export interface TextInput {
  readonly field: string;
  readonly source: string | undefined;
  readonly target: string | undefined;
  readonly base: Base;
  readonly override: boolean;
  /** Versions of the entity; `unread` when they have not been fetched. */
  readonly history: FieldHistory | 'none' | 'unread';
}

const keptByPerson = 'a person changed it in OpenMetadata';
const clearedByPerson = 'a person cleared it in OpenMetadata';

/**
 * Three-way merge of one text. A text that a person wrote is kept, one that we wrote follows the source, an empty one
 * is filled unless a person emptied it.
 *
 * @returns `needs-history` when only the entity's versions can tell whose text it is
 */
export function mergeText(input: TextInput): TextMerge | 'needs-history' {
  const { field, base, history } = input;
  const source = input.source || undefined;
  const target = input.target || undefined;
  if (source === target) return source === undefined ? {} : { ours: textHash(source) };
  const known = base.applied?.texts[field];
  const keep = (reason: string): TextMerge => ({
    change: {
      field,
      action: 'keep',
      reason,
      ...(target !== undefined && { from: target }),
      ...(source !== undefined && { to: source }),
    },
    ...(known !== undefined && { ours: known }),
  });

  if (source === undefined) {
    // The source has no text (any more): only a text known to be ours goes with it.
    if (target !== undefined && isOurText(base, field, target)) {
      return { write: null, change: { field, action: 'remove', from: target, reason: 'gone at the source' } };
    }
    return known === undefined ? {} : { ours: known };
  }

  const write = (reason: string): TextMerge => ({
    write: source,
    ours: textHash(source),
    change: {
      field,
      action: target === undefined ? 'add' : 'replace',
      to: source,
      reason,
      ...(target !== undefined && { from: target }),
    },
  });
  if (input.override) return write('overrideMetadata: the source wins');

  if (target === undefined) {
    if (wroteText(base, field)) return keep(clearedByPerson);
    if (base.pending?.texts[field] !== undefined || history === 'none') return write('empty in OpenMetadata');
    if (history === 'unread') return 'needs-history';
    return history.clearedByPerson(field) ? keep(clearedByPerson) : write('empty in OpenMetadata');
  }
  if (isOurText(base, field, target)) return write('changed at the source');
  if (wroteText(base, field)) return keep(keptByPerson);
  if (history === 'none') return keep(keptByPerson);
  if (history === 'unread') return 'needs-history';
  return history.lastAuthorIsBot(field) ? write('last written by a bot') : keep(keptByPerson);
}
