import { createHash } from 'node:crypto';

/**
 * The merge's base: what we applied to one entity, field by field. Texts are kept as hashes (a person's text may stand
 * beside them in the target, so they need not be stored twice); labels by name.
 */
export interface Applied {
  /** Field → hash of the text we sent. Fields are named as in {@link FieldChange}. */
  readonly texts: Readonly<Record<string, string>>;
  /** `''` for the entity itself or a column's name → labels we put there. */
  readonly labels: Readonly<Record<string, readonly string[]>>;
  /** `type:id` of the owner we set. */
  readonly owner?: string;
}

/** What state knows of one entity. `pending` was about to be sent when it was stored, and has not been confirmed. */
export interface Base {
  readonly applied?: Applied;
  readonly pending?: Applied;
}

export const nothingApplied: Applied = { texts: {}, labels: {} };

/** Short, stable hash of a text: 16 hex characters. */
export function textHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/** True when the target's text is one that we wrote (confirmed or about to be). */
export function isOurText(base: Base, field: string, text: string): boolean {
  const hash = textHash(text);
  return base.applied?.texts[field] === hash || (base.pending?.texts[field] ?? '').split(' ').includes(hash);
}

/**
 * What is about to be sent, added to what was about to be sent before and was never confirmed: either may be what the
 * target holds when the process dies.
 */
export function combinePending(before: Applied | undefined, next: Applied): Applied {
  if (!before) return next;
  const texts: Record<string, string> = { ...before.texts };
  for (const [field, hash] of Object.entries(next.texts)) {
    const held = texts[field];
    texts[field] = held === undefined || held.split(' ').includes(hash) ? hash : `${held} ${hash}`;
  }
  const labels: Record<string, readonly string[]> = { ...before.labels };
  for (const [where, names] of Object.entries(next.labels)) {
    labels[where] = [...new Set([...(labels[where] ?? []), ...names])];
  }
  const owner = next.owner ?? before.owner;
  return { texts, labels, ...(owner !== undefined && { owner }) };
}

/** True when a text of ours is known to have reached the target once. */
export function wroteText(base: Base, field: string): boolean {
  return base.applied?.texts[field] !== undefined;
}

export function ourLabels(base: Base, where: string): ReadonlySet<string> {
  return new Set([...(base.applied?.labels[where] ?? []), ...(base.pending?.labels[where] ?? [])]);
}
