import type { FieldChange } from './change.ts';
import { type EdgeDetails, type EdgePair, pairKey } from './merge-lineage.ts';
import { asBefore, changedSince } from './undo-structure.ts';

export interface EdgeUndoInput {
  /** Undefined where the write has made the edge. */
  readonly before: EdgeDetails | undefined;
  /** Undefined where the write has taken the edge away. */
  readonly after: EdgeDetails | undefined;
  /** The edge as it is now; undefined where there is none. */
  readonly now: EdgeDetails | undefined;
}

/**
 * - `delete`, `put`: what reverts the write
 * - `keep`: somebody has changed the edge since, so that it stays as it is
 * - `back`: it is as it was before the write
 */
export interface EdgeUndo {
  readonly action: 'delete' | 'put' | 'keep' | 'back';
  /** The whole edge, for `put`. */
  readonly details?: EdgeDetails;
  readonly fields: readonly FieldChange[];
}

const texts = ['sqlQuery', 'description'] as const;

/** What reverts one write of an edge: what still is as the write left it goes back, what others made of it stays. */
export function undoEdge({ before, after, now }: EdgeUndoInput): EdgeUndo {
  if (!after) {
    if (now || !before) return { action: 'back', fields: [] };
    return { action: 'put', details: before, fields: pairChanges('add', before.columnsLineage) };
  }
  if (!before) {
    if (!now) return { action: 'back', fields: [] };
    if (!isSame(now, after)) return { action: 'keep', fields: [kept('edge')] };
    return { action: 'delete', fields: pairChanges('remove', now.columnsLineage) };
  }
  if (!now) return { action: 'keep', fields: [kept('edge')] };
  return undoUpdate(before, after, now);
}

function undoUpdate(before: EdgeDetails, after: EdgeDetails, now: EdgeDetails): EdgeUndo {
  const fields: FieldChange[] = [];
  const details: { -readonly [K in keyof EdgeDetails]: EdgeDetails[K] } = { ...now };
  for (const field of texts) {
    const [was, ours, held] = [before[field] || undefined, after[field] || undefined, now[field] || undefined];
    if (held === was || was === ours) continue;
    if (held !== ours) {
      fields.push(kept(field, held));
      continue;
    }
    if (was === undefined) delete details[field];
    else details[field] = was;
    const action = was === undefined ? 'remove' : held === undefined ? 'add' : 'replace';
    fields.push({ field, action, reason: asBefore, ...(held && { from: held }), ...(was && { to: was }) });
  }
  const pipeline = [before, after, now].map(({ pipeline: held }) => idOf(held)) as [string, string, string];
  if (pipeline[0] !== pipeline[1] && pipeline[2] === pipeline[1]) {
    if (before.pipeline === undefined) delete details.pipeline;
    else details.pipeline = before.pipeline;
    fields.push({ field: 'pipeline', action: before.pipeline === undefined ? 'remove' : 'replace', reason: asBefore });
  }
  const pairs = undoPairs(before, after, now);
  details.columnsLineage = pairs.pairs;
  fields.push(...pairs.fields);
  const writes = fields.some(({ action }) => action !== 'keep');
  if (writes) return { action: 'put', details, fields };
  return { action: fields.length > 0 ? 'keep' : 'back', fields };
}

/** Pairs that the write has added go, those that it took away or told otherwise are as they were; others stay. */
function undoPairs(
  before: EdgeDetails,
  after: EdgeDetails,
  now: EdgeDetails,
): { readonly pairs: readonly EdgePair[]; readonly fields: readonly FieldChange[] } {
  const was = byKey(before);
  const ours = byKey(after);
  const fields: FieldChange[] = [];
  const pairs: EdgePair[] = [];
  for (const pair of now.columnsLineage) {
    const key = pairKey(pair);
    const [earlier, left] = [was.get(key), ours.get(key)];
    const isOurs = left !== undefined && (left.function ?? '') === (pair.function ?? '');
    if (!isOurs || (earlier && (earlier.function ?? '') === (pair.function ?? ''))) {
      pairs.push(pair);
    } else if (earlier) {
      pairs.push(earlier);
      fields.push({ ...pairChange('replace', earlier), reason: asBefore });
    } else fields.push(pairChange('remove', pair));
  }
  const there = byKey(now);
  for (const [key, pair] of was) {
    if (ours.has(key) || there.has(key)) continue;
    pairs.push(pair);
    fields.push(pairChange('add', pair));
  }
  const places = new Map([...was.keys()].map((key, i) => [key, i]));
  const place = (pair: EdgePair): number => places.get(pairKey(pair)) ?? places.size;
  return { pairs: pairs.sort((a, b) => place(a) - place(b)), fields };
}

function isSame(a: EdgeDetails, b: EdgeDetails): boolean {
  const [mine, others] = [byKey(a), byKey(b)];
  return (
    texts.every((field) => (a[field] ?? '') === (b[field] ?? '')) &&
    idOf(a.pipeline) === idOf(b.pipeline) &&
    mine.size === others.size &&
    [...mine].every(([key, pair]) => {
      const other = others.get(key);
      return other !== undefined && (other.function ?? '') === (pair.function ?? '');
    })
  );
}

function byKey({ columnsLineage }: EdgeDetails): Map<string, EdgePair> {
  return new Map(columnsLineage.map((pair) => [pairKey(pair), pair]));
}

function idOf(reference: unknown): string {
  return String((reference as { id?: unknown } | undefined)?.id ?? '');
}

function pairChange(action: 'add' | 'remove' | 'replace', pair: EdgePair): FieldChange {
  const text = `${pair.fromColumns.join(', ')} → ${pair.toColumn}`;
  return {
    field: 'columnsLineage',
    action,
    reason: asBefore,
    ...(action === 'remove' ? { from: text } : { to: text }),
  };
}

function pairChanges(action: 'add' | 'remove', pairs: readonly EdgePair[]): FieldChange[] {
  return pairs.map((pair) => pairChange(action, pair));
}

function kept(field: string, from?: string): FieldChange {
  return { field, action: 'keep', reason: changedSince, ...(from !== undefined && { from }) };
}
