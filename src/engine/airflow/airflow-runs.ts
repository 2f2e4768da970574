import { type AirflowStep, airflowSteps } from '../../airflow/deployment.ts';
import type { RunReport } from '../../workflow/report.ts';
import type { PipelineRun, PipelineState, RunTrigger } from '../engine.ts';
import type { DagRunAnswer, LogAnswer, TaskInstanceAnswer } from './airflow-answers.ts';
import type { AirflowClient } from './airflow-client.ts';
import { lastError, logLines, mergedLog } from './airflow-log.ts';

/** Note on a run that this engine has stopped: Airflow itself has no such state. */
export const stoppedNote = 'Stopped on request, by Meridian.';

const triggers: Readonly<Record<string, RunTrigger>> = {
  manual: 'manual',
  backfill: 'catchup',
  operator_triggered: 'manual',
};

/** Runs of one Airflow in the words of an engine. */
export class AirflowRuns {
  readonly #client: AirflowClient;
  /** What was found out about runs that have ended, by run and end. */
  readonly #ended = new Map<string, Pick<PipelineRun, 'state' | 'reason'>>();

  constructor(client: AirflowClient) {
    this.#client = client;
  }

  /** Newest first. @param state only these */
  async list(dagId: string, limit: number, state?: string): Promise<readonly DagRunAnswer[]> {
    const found: DagRunAnswer[] = [];
    while (found.length < limit) {
      const { dag_runs: page } = await this.#client.get<{ dag_runs: readonly DagRunAnswer[] }>(`${runsPath(dagId)}`, {
        limit: Math.min(100, limit - found.length),
        offset: found.length,
        order_by: '-id',
        ...(state !== undefined && { state }),
      });
      found.push(...page);
      if (page.length === 0 || page.length < Math.min(100, limit)) break;
    }
    return found;
  }

  async tasks(dagId: string, runId: string): Promise<readonly TaskInstanceAnswer[]> {
    const found: TaskInstanceAnswer[] = [];
    for (;;) {
      const { task_instances: page } = await this.#client.get<{ task_instances: readonly TaskInstanceAnswer[] }>(
        `${runPath(dagId, runId)}/taskInstances`,
        { limit: 100, offset: found.length },
      );
      found.push(...page);
      if (page.length < 100) return found;
    }
  }

  /** A run as an engine tells it; asks for what Airflow's own state does not say. */
  async describe(dagId: string, run: DagRunAnswer): Promise<PipelineRun> {
    const tasks = run.state === 'queued' ? [] : await this.tasks(dagId, run.dag_run_id);
    const { state, reason } = await this.#outcome(dagId, run, tasks);
    const trigger = triggers[run.run_type] ?? 'schedule';
    const queuedAt = run.queued_at ?? run.run_after ?? run.start_date ?? run.logical_date ?? new Date(0).toISOString();
    return {
      pipelineId: dagId,
      runId: run.dag_run_id,
      state,
      trigger,
      attempt: Math.max(1, ...tasks.map(({ try_number: n }) => n)),
      ...(run.logical_date !== null && trigger !== 'manual' && { logicalDate: run.logical_date }),
      queuedAt,
      ...(run.start_date !== null && { startedAt: run.start_date }),
      ...(run.end_date !== null && { endedAt: run.end_date }),
      ...(reason !== undefined && { reason }),
    };
  }

  async #outcome(
    dagId: string,
    run: DagRunAnswer,
    tasks: readonly TaskInstanceAnswer[],
  ): Promise<Pick<PipelineRun, 'state' | 'reason'>> {
    if (run.state === 'queued' || run.state === 'running') return { state: run.state };
    const key = `${dagId}\n${run.dag_run_id}\n${run.end_date}\n${run.state}\n${run.note}`;
    const known = this.#ended.get(key);
    if (known) return known;
    const outcome =
      run.state === 'success'
        ? { state: await this.#successState(dagId, run.dag_run_id) }
        : run.note?.startsWith(stoppedNote)
          ? { state: 'stopped' as const, reason: 'It was stopped on request.' }
          : { state: 'failed' as const, reason: await this.#reason(dagId, run.dag_run_id, tasks) };
    if (this.#ended.size > 5_000) this.#ended.clear();
    this.#ended.set(key, outcome);
    return outcome;
  }

  /** One run, by Airflow's own id; undefined where there is none (any more). */
  async get(dagId: string, runId: string): Promise<DagRunAnswer | undefined> {
    // In an address these would lead to something else.
    if (/^\.{0,2}$/.test(runId)) return undefined;
    return this.#client.find<DagRunAnswer>(runPath(dagId, runId));
  }

  /** What the last task tells of the whole run; undefined before it has, and where it comes in Python's notation only. */
  async report(dagId: string, runId: string): Promise<RunReport | undefined> {
    const value = await this.#reportOf(dagId, runId);
    const report = typeof value === 'string' ? parsed(value) : value;
    const isReport = typeof report === 'object' && report !== null && 'stages' in report && 'failureCount' in report;
    return isReport ? (report as RunReport) : undefined;
  }

  async #reportOf(dagId: string, runId: string): Promise<unknown> {
    const of = (step: AirflowStep) =>
      this.#client.find<{ value?: unknown }>(`${runPath(dagId, runId)}/taskInstances/${step}/xcomEntries/report`);
    return ((await of('finish')) ?? (await of('profile')))?.value;
  }

  /** The report of the last task tells a partial success from a whole one. */
  async #successState(dagId: string, runId: string): Promise<PipelineState> {
    return stateIn(await this.#reportOf(dagId, runId)) === 'partialSuccess' ? 'partialSuccess' : 'success';
  }

  async #reason(dagId: string, runId: string, tasks: readonly TaskInstanceAnswer[]): Promise<string> {
    // The first in their order: `finish` fails, too, when another has.
    const failed = airflowSteps
      .flatMap((step) => tasks.filter(({ task_id: id, state }) => id === step && state === 'failed'))
      .at(0);
    if (!failed) return 'Airflow counts it as failed, although no task has.';
    const name = nameOf(failed);
    try {
      const answer = await this.#logOf(dagId, runId, failed, failed.try_number);
      const told = answer && lastError(answer);
      if (told !== undefined) return `Task ${name}: ${firstLine(told)}`;
    } catch {
      // The log may be gone, or with a worker that is gone.
    }
    return `Task ${name} failed without a word: the log of Airflow’s scheduler or worker may say why.`;
  }

  /** The log of all tasks of a run, by time. */
  async log(dagId: string, runId: string): Promise<string> {
    const tasks = (await this.tasks(dagId, runId)).filter(({ try_number: tries }) => tries > 0);
    const parts = await Promise.all(
      tasks.flatMap((task) =>
        Array.from({ length: task.try_number }, async (_, i) => {
          const answer = await this.#logOf(dagId, runId, task, i + 1);
          const lines = answer ? logLines(answer) : [];
          return { name: i === 0 ? nameOf(task) : `${nameOf(task)} (try ${i + 1})`, lines };
        }),
      ),
    );
    return mergedLog(parts);
  }

  /** Undefined where there is none (any more). */
  #logOf(
    dagId: string,
    runId: string,
    { task_id: id, map_index }: TaskInstanceAnswer,
    attempt: number,
  ): Promise<LogAnswer | undefined> {
    const path = `${runPath(dagId, runId)}/taskInstances/${encodeURIComponent(id)}/logs/${attempt}`;
    // In one piece: in pieces, v1 never says which is the last.
    return this.#client.find<LogAnswer>(path, { map_index, full_content: true });
  }

  /** Marks a run as failed, with a note that tells it from a failure; Airflow then ends its tasks. */
  async stop(dagId: string, runId: string): Promise<void> {
    const path = runPath(dagId, runId);
    if (this.#client.api === 'v2') {
      await this.#client.send({ method: 'PATCH', path, body: { state: 'failed', note: stoppedNote } });
      return;
    }
    await this.#client.send({ method: 'PATCH', path: `${path}/setNote`, body: { note: stoppedNote } });
    await this.#client.send({ method: 'PATCH', path, body: { state: 'failed' } });
  }

  async trigger(dagId: string, conf: Readonly<Record<string, unknown>>): Promise<string> {
    const body = this.#client.api === 'v2' ? { logical_date: null, conf } : { conf };
    return (await this.#client.send<DagRunAnswer>({ method: 'POST', path: runsPath(dagId), body })).dag_run_id;
  }
}

const runsPath = (dagId: string): string => `/dags/${encodeURIComponent(dagId)}/dagRuns`;
const runPath = (dagId: string, runId: string): string => `${runsPath(dagId)}/${encodeURIComponent(runId)}`;

function nameOf({ task_id: id, map_index: index }: TaskInstanceAnswer): string {
  return index >= 0 ? `${id}[${index}]` : id;
}

function firstLine(text: string): string {
  const line = text.trim().split('\n', 1)[0]!;
  return line.length > 500 ? `${line.slice(0, 499)}…` : line;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** v2 gives an XCom as it is or as JSON; v1 as JSON or in Python's notation. */
function stateIn(value: unknown): unknown {
  if (typeof value === 'object' && value !== null) return (value as { state?: unknown }).state;
  if (typeof value !== 'string') return undefined;
  try {
    return stateIn(JSON.parse(value));
  } catch {
    return /(["'])state\1: (["'])(\w+)\2/.exec(value)?.[3];
  }
}
