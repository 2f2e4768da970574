import type { LoadedRecipe } from '../config/load-recipe.ts';
import { MeridianError } from '../errors.ts';
import { type AssetKind, isAssetKind, serviceKindOf } from '../model/records.ts';
import type { Change, ChangeAction, ChangedEntityType } from '../reconcile/change.ts';
import type { Guard } from '../reconcile/deletion-guards.ts';
import { pipelineName } from '../state/state-location.ts';
import { identityOf } from './identity.ts';

export type RunState = 'success' | 'partialSuccess' | 'failed' | 'stopped';

/** Counts of one stage (one kind of entity). */
export interface StageCounts {
  /** Records the source yielded. */
  read: number;
  filtered: number;
  created: number;
  updated: number;
  restored: number;
  unchanged: number;
  /** Entities where a person's words were kept instead of the source's. */
  kept: number;
  /** Softly, behind the guards. */
  deleted: number;
  gone: number;
  skipped: number;
  failed: number;
  /** Requests to source and target while the stage ran. */
  requests: number;
  /** Seconds from the stage's first record to its last write. */
  seconds: number;
}

export interface RunFailure {
  readonly stage: ChangedEntityType | 'source' | 'processor';
  /** What failed: an FQN, a type name, a qualifiedName. */
  readonly name: string;
  readonly code: string;
  readonly message: string;
}

export interface SkippedGroup {
  readonly reason: string;
  readonly message: string;
  count: number;
  /** At most ten names. */
  readonly samples: string[];
}

export interface GuardObjection {
  readonly guard: Guard;
  readonly entityType: AssetKind | 'lineage';
  /** How many would have gone. */
  readonly count: number;
  readonly message: string;
  /** Percent that would have to be allowed, where the guard is `share`. */
  readonly share?: number;
}

/** The outcome of a run; `--report` writes it as JSON (schema: `meridian schema report`). */
export interface RunReport {
  readonly reportVersion: 1;
  readonly runId: string;
  readonly command: 'ingest' | 'plan' | 'undo' | 'profile';
  /** The run that this one undoes. */
  undoes?: string;
  readonly pipeline: string;
  state: RunState;
  readonly startedAt: string;
  endedAt: string;
  /** Seconds. */
  seconds: number;
  readonly source: { readonly type: string; readonly host: string; version?: string; requests: number };
  readonly target: { readonly host: string; version?: string; requests: number; writes: number };
  readonly mode: 'enrich' | 'create';
  /** Whether everything was read, or only what had changed. */
  reading: 'full' | 'incremental';
  /** Why, for people. */
  readingReason?: string;
  readonly stages: Partial<Record<ChangedEntityType, StageCounts>>;
  /** At most 100; `failureCount` has them all. */
  readonly failures: RunFailure[];
  failureCount: number;
  readonly skipped: SkippedGroup[];
  /** Kinds that were not read whole. */
  readonly partial: string[];
  /** Guards that kept something from being deleted, and that somebody should look into. */
  readonly guards: GuardObjection[];
  readonly warnings: string[];
  /** Records that went well, in percent of all that were tried. */
  successPercent: number;
  /** Path of the dead-letter file, when something was written to it. */
  deadLetters?: string;
}

export function emptyStage(): StageCounts {
  return {
    read: 0,
    filtered: 0,
    created: 0,
    updated: 0,
    restored: 0,
    unchanged: 0,
    kept: 0,
    deleted: 0,
    gone: 0,
    skipped: 0,
    failed: 0,
    requests: 0,
    seconds: 0,
  };
}

const counterOf: Readonly<Record<ChangeAction, keyof StageCounts>> = {
  create: 'created',
  update: 'updated',
  restore: 'restored',
  unchanged: 'unchanged',
  kept: 'kept',
  delete: 'deleted',
  gone: 'gone',
  skipped: 'skipped',
};

/** The counts of a stage, made when they are first asked for. */
export function stageOf(report: RunReport, type: ChangedEntityType): StageCounts {
  const stage = report.stages[type] ?? emptyStage();
  report.stages[type] = stage;
  return stage;
}

/** Adds one applied (or planned) change to the counts of its stage. */
export function countChange(report: RunReport, change: Change): void {
  stageOf(report, change.entityType)[counterOf[change.action]] += 1;
}

/** A report with nothing in it yet. */
export function newReport(
  recipe: LoadedRecipe,
  command: RunReport['command'],
  runId: string,
  now = new Date().toISOString(),
): RunReport {
  const identity = identityOf(recipe);
  return {
    reportVersion: 1,
    runId,
    command,
    pipeline: pipelineName(identity),
    state: 'failed',
    startedAt: now,
    endedAt: now,
    seconds: 0,
    source: { type: identity.sourceType, host: recipe.settings.sourceHost, requests: 0 },
    target: { host: identity.targetHost, requests: 0, writes: 0 },
    mode: recipe.settings.mode,
    reading: 'full',
    stages: {},
    failures: [],
    failureCount: 0,
    skipped: [],
    partial: [],
    guards: [],
    warnings: [],
    successPercent: 0,
  };
}

const shownFailures = 100;
const shownNames = 10;

/** Counts and lists one failure; the run goes on. */
export function noteFailure(
  report: RunReport,
  stage: RunFailure['stage'],
  name: string,
  error: unknown,
  redact: (text: string) => string,
): void {
  const code = error instanceof MeridianError ? error.code : 'run.unexpected';
  const message = redact(error instanceof Error ? error.message : String(error));
  report.failureCount += 1;
  if (stage !== 'source' && stage !== 'processor') stageOf(report, stage).failed += 1;
  if (report.failures.length < shownFailures) report.failures.push({ stage, name, code, message });
}

/** Something has no place in the target, or cannot be had: counted under its reason with a few names. */
export function noteSkipped(report: RunReport, reason: string, message: string, name: string, count = 1): void {
  let group = report.skipped.find((other) => other.reason === reason);
  if (!group) {
    group = { reason, message, count: 0, samples: [] };
    report.skipped.push(group);
  }
  group.count += count;
  if (group.samples.length < shownNames) group.samples.push(name);
}

/** Records that ended well in a stage: written, or rightly left as they are. */
function wentWell(stage: StageCounts): number {
  return stage.created + stage.updated + stage.restored + stage.deleted + stage.unchanged + stage.kept + stage.skipped;
}

/** Assets that the source showed, whatever became of them; vocabularies alone are nothing. */
export function countAssetsRead({ stages }: RunReport): number {
  const isCounted = (kind: string): boolean => isAssetKind(kind) && serviceKindOf(kind) !== undefined;
  return Object.entries(stages).reduce((sum, [kind, stage]) => sum + (isCounted(kind) ? stage.read : 0), 0);
}

/** Whether a run that profiles came to anything: a profile, sample rows, or a table that was looked at. */
function hasProfiled({ stages }: RunReport): boolean {
  return Object.values(stages).some(({ created, updated, unchanged }) => created + updated + unchanged > 0);
}

function nothingProfiled({ stages, failureCount }: RunReport): string {
  const { read = 0, filtered = 0 } = stages.tableProfile ?? {};
  if (read === 0)
    return 'Nothing was profiled: OpenMetadata holds no table of this service. Ingest its metadata first.';
  if (read === filtered) return 'Nothing was profiled: the filters of the recipe keep out every table.';
  return failureCount > 0
    ? 'Nothing was profiled: every table failed.'
    : 'Nothing was profiled: the source has nothing to say of these tables.';
}

/**
 * Closes a report: its times, its share of success and its state. A run that read nothing has failed.
 *
 * @param outcome.successThreshold percent of records that must go well for a partial success
 * @param outcome.sourceTitle the source’s name for people
 * @param outcome.ended how the run ended, when not by itself
 * @param outcome.isPart whether it is the report of a part of a run, which may have found nothing
 */
export function finishReport(
  report: RunReport,
  outcome: {
    readonly successThreshold: number;
    readonly sourceTitle?: string;
    readonly ended?: 'stopped' | 'failed';
    readonly isPart?: boolean;
  },
): void {
  const now = new Date();
  report.endedAt = now.toISOString();
  report.seconds = (now.getTime() - Date.parse(report.startedAt)) / 1000;
  const stages = Object.values(report.stages);
  const well = stages.reduce((sum, stage) => sum + wentWell(stage), 0);
  const assetsRead = countAssetsRead(report);
  const tried = well + report.failureCount;
  // An undo may find that all is as it was.
  const nothing = report.command === 'undo' ? 100 : 0;
  report.successPercent = tried === 0 ? nothing : (100 * well) / tried;
  report.target.writes = stages.reduce(
    (sum, stage) => sum + stage.created + stage.updated + stage.restored + stage.deleted,
    0,
  );
  if (report.command === 'plan') report.target.writes = 0;
  if (outcome.ended) {
    report.state = outcome.ended;
  } else if (report.command === 'profile' && !hasProfiled(report)) {
    report.warnings.unshift(nothingProfiled(report));
    report.state = 'failed';
  } else if (
    report.command !== 'profile' &&
    assetsRead === 0 &&
    !outcome.isPart &&
    report.reading === 'full' &&
    report.command !== 'undo'
  ) {
    report.warnings.unshift(
      `Nothing was read: ${outcome.sourceTitle ?? 'the source'} has no entity that this recipe asks for.`,
    );
    report.state = 'failed';
  } else if (report.failureCount === 0) {
    report.state = 'success';
  } else {
    report.state = report.successPercent < outcome.successThreshold ? 'failed' : 'partialSuccess';
  }
}
