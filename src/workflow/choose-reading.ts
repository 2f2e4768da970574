import type { ResolvedSettings } from '../config/resolve-settings.ts';
import { soundsSecret } from '../config/secret-keys.ts';
import type { ReadScope, Source, SourceMemory } from '../connectors/source.ts';
import { canonicalHash } from '../model/canonical-hash.ts';
import type { StateStore } from '../state/state-store.ts';

/** What the user (or the change feed) asks for; undefined leaves it to the recipe. */
export type ReadingWish = 'full' | 'incremental' | { readonly entities: readonly string[] };

/** How a run reads its source, and why. */
export interface Reading {
  readonly kind: 'full' | 'incremental';
  readonly reason: string;
}

interface FullReading extends Reading {
  readonly kind: 'full';
}

/** What the last run without any failure has left: where the next one may begin. */
export interface Mark {
  /** Epoch milliseconds on the source's clock when that run began to read. */
  readonly at: number;
  /** Epoch milliseconds on our clock of the last one that read everything. */
  readonly fullAt: number;
  /** What the records depend on beside the source: other settings make other records. */
  readonly shape: string;
}

/** Meta key of the mark that the last good run has left; without it the next run reads everything. */
export const markKey = 'reading.mark';
/** Key of the shape of the last run that read everything to its end, even if it failed to write some of it. */
const baseKey = 'reading.base';

export interface ReadingInput {
  readonly wish: ReadingWish | undefined;
  readonly settings: ResolvedSettings;
  /** Version of the target: another one may hold more. */
  readonly targetVersion: string;
  readonly source: Source;
  readonly memory: SourceMemory;
  readonly state: StateStore;
  readonly signal: AbortSignal;
  /** Epoch milliseconds. */
  readonly now: number;
}

/**
 * Decides between everything and what has changed, and narrows the source. Everything is read unless something later can
 * be relied upon: a mark of an earlier run, made with the same settings, that is not too old.
 *
 * @throws what the source throws when it cannot be asked
 */
export async function chooseReading(input: ReadingInput): Promise<Reading> {
  const { wish, settings, source, memory, signal } = input;
  if (wish === 'full') return full('asked for');
  if (wish === undefined && !settings.incremental.enabled) return full('the recipe asks for no incremental runs');
  if (!source.narrow) return full('this kind of source is always read whole');
  const scope = await scopeOf(input);
  if (scope.kind === 'full') return scope;
  const outcome = await source.narrow(scope, memory, signal);
  if (!outcome.kept) return full(outcome.reason);
  const reason =
    scope.kind === 'entities' ? 'told by the change feed' : `changed since ${new Date(scope.since).toISOString()}`;
  return { kind: 'incremental', reason };
}

/** What of the source there is to read; everything where nothing earlier can be relied upon. */
async function scopeOf({ wish, settings, state, now, targetVersion }: ReadingInput): Promise<ReadScope | FullReading> {
  const shape = shapeOf(settings, targetVersion);
  const changed = 'the recipe or the target has changed';
  if (typeof wish === 'object') {
    // Certain entities need no time to begin from: what else has failed before is not made worse by them.
    const base = await state.getMeta(baseKey);
    if (base === undefined) return full('nothing has been read to its end before');
    return base === shape ? { kind: 'entities', guids: wish.entities } : full(changed);
  }
  const mark = await readMark(state);
  if (!mark) return full('no run has ended without a failure before');
  if (mark.shape !== shape) return full(changed);
  const { marginMs, fullEveryMs } = settings.incremental;
  if (isFullDue(mark, fullEveryMs, now)) return full('by schedule (meridian.incremental.fullEveryDays)');
  return { kind: 'changedSince', since: Math.max(0, mark.at - marginMs) };
}

/** Only reading everything shows what was purged at the source. */
function isFullDue(mark: Mark, fullEveryMs: number, now: number): boolean {
  return fullEveryMs > 0 && now - mark.fullAt >= fullEveryMs;
}

export async function readMark(state: StateStore): Promise<Mark | undefined> {
  const text = await state.getMeta(markKey);
  if (text === undefined) return undefined;
  try {
    const { at, fullAt, shape } = JSON.parse(text) as Partial<Mark>;
    return typeof at === 'number' && typeof fullAt === 'number' && typeof shape === 'string'
      ? { at, fullAt, shape }
      : undefined;
  } catch {
    // Somebody has set it by hand: reading everything is always right.
    return undefined;
  }
}

/**
 * Leaves a mark after a run without any failure. Its time is the source's own, from the answer to the run's first request:
 * what is changed while a run reads is read again by the next one. (The newest change that was read would not do: it may be
 * later than rows that were read before it.) A run of the change feed leaves none, since it has not looked at the rest.
 */
export async function leaveMark(
  input: Omit<ReadingInput, 'memory' | 'signal' | 'source'> & { readonly source: Pick<Source, 'clock'> },
  reading: Reading,
): Promise<void> {
  const { wish, settings, source, state, now } = input;
  const at = source.clock;
  if (at === undefined || (typeof wish === 'object' && reading.kind === 'incremental')) return;
  const before = await readMark(state);
  const fullAt = reading.kind === 'full' ? now : (before?.fullAt ?? now);
  const mark: Mark = { at, fullAt, shape: shapeOf(settings, input.targetVersion) };
  await state.setMeta(markKey, JSON.stringify(mark));
}

/** Notes that everything was read to its end with these settings, whatever became of the writes. */
export async function leaveBase(input: Pick<ReadingInput, 'settings' | 'targetVersion' | 'state'>): Promise<void> {
  await input.state.setMeta(baseKey, shapeOf(input.settings, input.targetVersion));
}

/** Settings that say how a run goes, and not what it makes. */
const notShaping: ReadonlySet<string> = new Set<keyof ResolvedSettings>([
  'atlasLimits',
  'concurrency',
  'deadLettersPath',
  'incremental',
  'maxDeleteShare',
  'openMetadata',
  'partitions',
  'pipelineRunId',
  'raiseOnError',
  'recipeDirectory',
  'source',
  'stateConnection',
  'statePath',
  'stateType',
  'successThreshold',
  'watch',
]);

function shapeOf(settings: ResolvedSettings, targetVersion: string): string {
  const shaping = Object.entries(settings).filter(([name]) => !notShaping.has(name));
  const { connection, source } = settings;
  const shape = source.connector.shape?.(connection) ?? withoutSecrets(connection);
  return canonicalHash({ ...Object.fromEntries(shaping), connection: shape, targetVersion });
}

function withoutSecrets(connection: object): object {
  return Object.fromEntries(Object.entries(connection).filter(([name]) => !soundsSecret(name)));
}

function full(reason: string): FullReading {
  return { kind: 'full', reason };
}
