import type { EntityVersion, FieldChangeEntry } from '../openmetadata/entities.ts';
import { isOurText, ourLabels } from '../reconcile/applied.ts';
import type { TargetAsset } from '../reconcile/target-asset.ts';
import type { AssetState } from '../state/state-store.ts';
import type { ExplainedField } from './explained-field.ts';

export interface Explanation {
  readonly fqn: string;
  readonly entityType: string;
  /** Atlas guid; missing when Meridian has never handled the entity. */
  readonly sourceId?: string;
  readonly fields: readonly ExplainedField[];
}

export interface ExplainInput {
  readonly entityType: string;
  readonly target: TargetAsset;
  /** Newest first. */
  readonly versions: readonly EntityVersion[];
  readonly state: AssetState | undefined;
}

/** Says of every text, label and owner that the target holds where it comes from. Pure. */
export function explainAsset(input: ExplainInput): Explanation {
  const { target, state, entityType } = input;
  const fields = [...texts(input), ...labels(input), ...owners(input), ...removals(input), ...undone(input)];
  return { fqn: target.fqn, entityType, ...(state && { sourceId: state.sourceId }), fields };
}

function* texts(input: ExplainInput): Iterable<ExplainedField> {
  const { target } = input;
  yield* text(input, 'description', target.description);
  yield* text(input, 'displayName', target.displayName);
  for (const column of target.columns ?? []) {
    yield* text(input, `columns.${column.name}.description`, column.description);
  }
  for (const [name, value] of Object.entries(target.extension ?? {})) {
    yield* text(input, `extension.${name}`, typeof value === 'string' ? value : JSON.stringify(value));
  }
}

function* text(input: ExplainInput, field: string, value: string | undefined): Iterable<ExplainedField> {
  if (value === undefined || value === '') return;
  const kept = keptReason(input, field);
  const ours = input.state !== undefined && isOurText(input.state, field, value);
  const [origin, reason] = kept
    ? (['kept', kept] as const)
    : ours
      ? (['source', 'written by Meridian, follows the source'] as const)
      : (['openmetadata', 'not written by Meridian'] as const);
  yield { field, origin, value, reason, ...lastChange(input.versions, field) };
}

function* labels(input: ExplainInput): Iterable<ExplainedField> {
  const { target } = input;
  const places = [
    { where: '', field: 'tags', tags: target.tags },
    ...(target.columns ?? []).map(({ name, tags }) => ({ where: name, field: `columns.${name}.tags`, tags })),
  ];
  for (const { where, field, tags } of places) {
    const ours = ourLabels(input.state ?? {}, where);
    for (const { tagFQN } of tags) {
      yield ours.has(tagFQN)
        ? { field, origin: 'source', value: tagFQN, reason: 'put by Meridian, follows the source' }
        : { field, origin: 'openmetadata', value: tagFQN, reason: 'not put by Meridian' };
    }
  }
}

function* owners({ target, state }: ExplainInput): Iterable<ExplainedField> {
  for (const { type, id, name } of target.owners) {
    const ours = state?.applied?.owner === `${type}:${id}`;
    const reason = ours ? 'set by Meridian, follows the source' : 'not set by Meridian';
    yield { field: 'owner', origin: ours ? 'source' : 'openmetadata', value: name ?? id, reason };
  }
}

/** What the source has and the target does not, because a person took it away. */
function* removals({ target, state }: ExplainInput): Iterable<ExplainedField> {
  const held = new Set<string>();
  if (target.description) held.add('description');
  for (const column of target.columns ?? []) if (column.description) held.add(`columns.${column.name}.description`);
  for (const { field, action, reason, to } of state?.kept ?? []) {
    if (action === 'keep' && !held.has(field)) yield { field, origin: 'removed', reason, ...(to && { value: to }) };
  }
}

function* undone({ state }: ExplainInput): Iterable<ExplainedField> {
  if (state?.undone === undefined) return;
  const reason = `undone with run ${state.undone}; stays as it is until the source changes it`;
  yield { field: 'undone', origin: 'kept', reason };
}

function keptReason({ state }: ExplainInput, field: string): string | undefined {
  return state?.kept?.find((kept) => kept.field === field && kept.action === 'keep')?.reason;
}

function lastChange(
  versions: readonly EntityVersion[],
  field: string,
): Pick<ExplainedField, 'changedBy' | 'changedAt'> {
  const names = (entries: readonly FieldChangeEntry[]): boolean =>
    entries.some(({ name }) => name.replaceAll('"', '') === field);
  const version =
    versions.find(({ changeDescription: { fieldsAdded, fieldsUpdated, fieldsDeleted } }) =>
      [fieldsAdded, fieldsUpdated, fieldsDeleted].some(names),
    ) ?? versions.at(-1);
  if (!version) return {};
  const changedAt = version.updatedAt === undefined ? undefined : new Date(version.updatedAt).toISOString();
  return { changedBy: version.updatedBy, ...(changedAt && { changedAt }) };
}
