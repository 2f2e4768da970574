import { isDeepStrictEqual } from 'node:util';
import { ConfigurationError } from '../../errors.ts';
import type { DeployOutcome, PipelineDefinition, PipelineSummary } from '../engine.ts';
import { checkPipeline } from './check-pipeline.ts';
import type { EngineStore } from './engine-store.ts';
import { iso } from './run-row.ts';
import { Schedule } from './schedule.ts';
import type { ScheduledPipeline } from './scheduler.ts';

type Definition = Omit<PipelineDefinition, 'recipe'>;

export interface RegisteredPipeline extends ScheduledPipeline {
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** The deployed pipelines: in memory without their recipes, in the store whole. */
export class PipelineRegistry {
  readonly pipelines = new Map<string, RegisteredPipeline>();
  readonly #store: EngineStore;
  readonly #now: () => number;

  constructor(store: EngineStore, now: () => number) {
    this.#store = store;
    this.#now = now;
    for (const stored of store.pipelines()) this.pipelines.set(stored.definition.id, registered(stored));
  }

  /** @throws ConfigurationError `engine.unknown-pipeline` */
  get(id: string): RegisteredPipeline {
    const found = this.pipelines.get(id);
    if (found) return found;
    throw new ConfigurationError('engine.unknown-pipeline', `There is no pipeline “${id.slice(0, 250)}”.`, {
      help: 'Deploy it first, or look at the list of pipelines for its right name.',
    });
  }

  /** @throws ConfigurationError, see `checkPipeline`, and `engine.pipeline-taken` */
  deploy(pipeline: PipelineDefinition): DeployOutcome {
    const schedule = checkPipeline(pipeline);
    const { recipe, ...definition } = withoutUndefined(pipeline);
    const before = this.pipelines.get(definition.id);
    if (before && before.definition.fqn !== definition.fqn) throw taken(before.definition);
    if (before && isDeepStrictEqual(before.definition, definition)) {
      if (isDeepStrictEqual(this.#store.recipe(definition.id), JSON.parse(JSON.stringify(recipe)))) return 'unchanged';
    }
    const now = this.#now();
    const next = registered({
      definition,
      createdAt: before?.createdAt ?? now,
      updatedAt: now,
      handledUntil: handledUntil(definition, schedule, before, now),
    });
    this.#store.savePipeline(next, recipe);
    this.pipelines.set(definition.id, next);
    return before ? 'updated' : 'created';
  }

  /** Pauses a schedule, or lets it go on: with the times it has missed if it catches up, with the next one else. */
  setEnabled(id: string, enabled: boolean): void {
    const before = this.get(id);
    if (before.definition.enabled === enabled) return;
    const now = this.#now();
    const next = registered({
      ...before,
      definition: { ...before.definition, enabled },
      updatedAt: now,
      handledUntil: enabled && !before.definition.schedule.catchup ? now : before.handledUntil,
    });
    this.#store.savePipeline(next, this.#store.recipe(id));
    this.pipelines.set(id, next);
  }

  remove(id: string): void {
    this.#store.removePipeline(id);
    this.pipelines.delete(id);
  }

  summaries(): PipelineSummary[] {
    return [...this.pipelines.values()].map((pipeline) => {
      const { id, fqn, pipelineType, enabled, schedule } = pipeline.definition;
      const next = nextRun(pipeline);
      return {
        id,
        pipelineType,
        enabled,
        schedule,
        ...(fqn !== undefined && { fqn }),
        ...(next !== undefined && { nextRun: next }),
      };
    });
  }
}

/** ISO 8601; undefined for one that is paused, or never due again. */
export function nextRun({ definition, nextAt }: RegisteredPipeline): string | undefined {
  return definition.enabled && nextAt !== undefined ? iso(nextAt) : undefined;
}

function registered(stored: {
  readonly definition: Definition;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly handledUntil: number;
}): RegisteredPipeline {
  const { definition, createdAt, updatedAt, handledUntil } = stored;
  const schedule = new Schedule(definition.schedule);
  return { definition, createdAt, updatedAt, handledUntil, schedule, nextAt: schedule.next(handledUntil) };
}

/** A new or changed schedule begins now; one that newly catches up, with its start date. */
function handledUntil(
  { schedule: written }: Definition,
  schedule: Schedule,
  before: RegisteredPipeline | undefined,
  now: number,
): number {
  const was = before?.definition.schedule;
  if (before && isDeepStrictEqual(was, written)) return before.handledUntil;
  if (!written.catchup) return now;
  if (before && was?.catchup && was.startDate === written.startDate) return before.handledUntil;
  return Math.min(now, Number.isFinite(schedule.start) ? schedule.start - 1 : now);
}

function taken({ id, fqn }: Definition): ConfigurationError {
  const owner = fqn === undefined ? 'a pipeline that was made here' : `the pipeline ${fqn}`;
  return new ConfigurationError('engine.pipeline-taken', `“${id}” is ${owner} already.`, {
    help: 'Give the new pipeline another name, or delete the old one first.',
  });
}

/** What is stored as JSON has no keys without a value. */
function withoutUndefined(pipeline: PipelineDefinition): PipelineDefinition {
  return JSON.parse(JSON.stringify(pipeline));
}
