import { type AssetKind, assetKinds, isAssetKind } from '../model/records.ts';
import type { AssetState, EdgeState, JournalEntry } from './state-store.ts';

export type StateKind = 'state' | 'asset' | 'edge' | 'journalRun' | 'journal' | 'meta' | 'end';

type Check = (value: unknown) => boolean;
type Checks = Readonly<Record<string, Check>>;

const isText: Check = (value) => typeof value === 'string' && value !== '';
const isTexts: Check = (value) => Array.isArray(value) && value.every((item) => typeof item === 'string');
const isNumber: Check = (value) => typeof value === 'number' && Number.isFinite(value);
const isFlag: Check = (value) => typeof value === 'boolean';
const isMap: Check = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
const isKind: Check = (value) => typeof value === 'string' && isAssetKind(value);
const anything: Check = () => true;
const isMapOf =
  (inner: Check): Check =>
  (value) =>
    isMap(value) && Object.values(value as object).every(inner);

const isApplied: Check = (value) => {
  const { texts, labels } = (isMap(value) ? value : {}) as Record<string, unknown>;
  return isMapOf((text) => typeof text === 'string')(texts) && isMapOf(isTexts)(labels);
};
const isFieldChange: Check = (value) => {
  const { field, action, reason } = (isMap(value) ? value : {}) as Record<string, unknown>;
  return isText(field) && isText(action) && typeof reason === 'string';
};
const isEnd: Check = (value) => {
  const { entityType, fqn } = (isMap(value) ? value : {}) as Record<string, unknown>;
  return isKind(entityType) && isText(fqn);
};

type Optional<Row> = { [Key in keyof Row]-?: object extends Pick<Row, Key> ? Key : never }[keyof Row];

/** Every key of a row: a key that the store's types gain must be added here. */
interface Shape<Row> {
  readonly required: Readonly<Record<Exclude<keyof Row, Optional<Row>>, Check>>;
  readonly optional: Readonly<Record<Optional<Row>, Check>>;
}

const ownTypes: Readonly<Record<Exclude<AssetState['entityType'], AssetKind>, true>> = {
  tag: true,
  termRelation: true,
};

/** All kinds of rows that are remembered. */
export const rememberedTypes = [...assetKinds, ...Object.keys(ownTypes)] as readonly AssetState['entityType'][];

const asset: Shape<AssetState> = {
  required: {
    entityType: (value) => (rememberedTypes as readonly unknown[]).includes(value),
    fqn: isText,
    sourceId: isText,
  },
  optional: {
    sourceType: isText,
    path: isTexts,
    targetId: isText,
    targetVersion: isNumber,
    sourceHash: isText,
    applied: isApplied,
    pending: isApplied,
    kept: (value) => Array.isArray(value) && value.every(isFieldChange),
    deletedByUs: isFlag,
    undone: isText,
    dropped: isMap,
  },
};

const edge: Shape<EdgeState> = {
  required: { from: isEnd, to: isEnd, pairs: isTexts },
  optional: { sourceHash: isText, sourceId: isText, created: isFlag, undone: isText },
};

const journal: Shape<JournalEntry> = {
  required: {
    runId: isText,
    sequence: (value) => Number.isSafeInteger(value),
    action: isText,
    entityType: isText,
    fqn: isText,
  },
  optional: { targetId: isText, versionAfter: isNumber, before: anything, after: anything },
};

/** What is wrong with a row from outside; undefined when it may be stored. */
export const assetProblem = (value: unknown): string | undefined => problem(value, asset);
export const edgeProblem = (value: unknown): string | undefined => problem(value, edge);
export const journalProblem = (value: unknown): string | undefined => problem(value, journal);

function problem(
  value: unknown,
  { required, optional }: { readonly required: Checks; readonly optional: Checks },
): string | undefined {
  if (!isMap(value)) return 'the row is no object';
  const row = value as Readonly<Record<string, unknown>>;
  for (const [key, check] of Object.entries(required)) {
    if (row[key] === undefined) return `${key} is missing`;
    if (!check(row[key])) return `${key} is not as it should be`;
  }
  for (const [key, found] of Object.entries(row)) {
    if (Object.hasOwn(required, key)) continue;
    if (!Object.hasOwn(optional, key)) return `the key ${key} is unknown`;
    if (!optional[key]!(found)) return `${key} is not as it should be`;
  }
  return undefined;
}
