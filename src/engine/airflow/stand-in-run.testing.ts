import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AirflowDeployment, AirflowStep, AirflowTaskInput, AirflowTaskResult } from '../../airflow/deployment.ts';

interface LogLine {
  readonly timestamp: string;
  readonly event: string;
  readonly level: string;
  readonly [field: string]: unknown;
}

const now = (): string => new Date().toISOString();

/** A task of a run of the stand-in. */
export class StandInTask {
  readonly taskId: AirflowStep;
  readonly mapIndex: number;
  state: string | null = null;
  tryNumber = 0;
  startDate: string | null = null;
  /** By try. */
  readonly logs: LogLine[][] = [];

  constructor(taskId: AirflowStep, mapIndex = -1) {
    this.taskId = taskId;
    this.mapIndex = mapIndex;
  }

  log(event: string, level = 'info', more: object = {}): void {
    this.logs.at(-1)!.push({ timestamp: now(), event, level, logger: 'airflow.task', ...more });
  }

  answer() {
    const { taskId: task_id, mapIndex: map_index, state, tryNumber: try_number, startDate: start_date } = this;
    return { task_id, map_index, state, try_number, start_date };
  }
}

/** A run of the stand-in: `plan`, then `ingest` mapped over its list, then `finish`, as the Bash operator calls them. */
export class StandInRun {
  readonly id: string;
  readonly tasks: StandInTask[] = [new StandInTask('plan')];
  readonly xcoms = new Map<string, unknown>();
  state: 'queued' | 'running' | 'success' | 'failed' = 'queued';
  note: string | null = null;
  readonly #deployment: AirflowDeployment;
  readonly #conf: object;
  readonly #env: NodeJS.ProcessEnv;
  readonly #connection: (id: string) => object | undefined;
  readonly #queuedAt = now();
  #startDate: string | null = null;
  #endDate: string | null = null;
  readonly #children = new Set<ChildProcess>();
  /** Ends waits between tries. */
  readonly #stopped = new AbortController();

  constructor(
    id: string,
    deployment: AirflowDeployment,
    conf: object,
    env: NodeJS.ProcessEnv,
    connection: (id: string) => object | undefined,
  ) {
    this.id = id;
    this.#deployment = deployment;
    this.#conf = conf;
    this.#env = env;
    this.#connection = connection;
  }

  get isBusy(): boolean {
    return this.#children.size > 0;
  }

  answer(api = 'v2') {
    return {
      dag_run_id: this.id,
      dag_id: this.#deployment.dagId,
      state: this.state,
      run_type: 'manual',
      logical_date: api === 'v1' ? this.#queuedAt : null,
      ...(api === 'v2' && { queued_at: this.#queuedAt, run_after: this.#queuedAt }),
      start_date: this.#startDate,
      end_date: this.#endDate,
      note: this.note,
    };
  }

  async go(): Promise<void> {
    this.state = 'running';
    this.#startDate = now();
    const goesOn = await this.#run(this.tasks[0]!);
    const parts = goesOn ? (this.xcoms.get('plan.return_value') as unknown[]) : [];
    const ingests = parts.map((_, i) => new StandInTask('ingest', i));
    const finish = new StandInTask('finish');
    this.tasks.push(...ingests, finish);
    const done = await Promise.all(ingests.map((task) => this.#run(task)));
    // Its trigger rule is all_done.
    const isSummedUp = await this.#run(finish);
    const isWhole = goesOn && done.every(Boolean) && isSummedUp;
    if (this.state === 'running') {
      this.state = isWhole ? 'success' : 'failed';
      this.#endDate = now();
    }
  }

  /** What the API does at once; its processes hear of it at the next heartbeat. */
  async markFailed(): Promise<void> {
    if (this.state === 'running' || this.state === 'queued') {
      this.state = 'failed';
      this.#endDate = now();
    }
    for (const task of this.tasks) if (task.state === 'running') task.state = 'failed';
    await this.end();
  }

  async end(): Promise<void> {
    this.#stopped.abort();
    await Promise.all([...this.#children].map(endChild));
  }

  async #run(task: StandInTask): Promise<boolean> {
    const { retries, retryDelaySeconds } = this.#deployment.settings;
    for (let left = retries; ; left -= 1) {
      if (this.state !== 'running') return false;
      task.tryNumber += 1;
      task.logs.push([]);
      task.state = 'running';
      task.startDate ??= now();
      const failure = await this.#attempt(task);
      if (failure === undefined) {
        task.state = 'success';
        return true;
      }
      task.log('Task failed with exception', 'error', {
        error_detail: [{ exc_type: 'AirflowException', exc_value: failure.message }],
      });
      if (this.state !== 'running' || left === 0 || !failure.retry) {
        task.state = 'failed';
        return false;
      }
      task.state = 'up_for_retry';
      await sleep(retryDelaySeconds * 1000, undefined, { signal: this.#stopped.signal }).catch(() => undefined);
    }
  }

  async #attempt(task: StandInTask): Promise<{ message: string; retry: boolean } | undefined> {
    const folder = await mkdtemp(join(tmpdir(), 'meridian-stand-in-'));
    try {
      const file = (name: string): string => join(folder, `${name}.json`);
      await writeFile(file('deployment'), JSON.stringify(this.#deployment));
      await writeFile(file('input'), JSON.stringify(this.#inputOf(task)));
      const [program, ...first] = this.#deployment.command;
      const files = ['deployment', 'input', 'result'].flatMap((name) => [`--${name}`, file(name)]);
      const child = spawn(program!, [...first, 'airflow', 'task', task.taskId, ...files], {
        env: { ...this.#env, ...this.#values() },
      });
      this.#children.add(child);
      const ended = once(child, 'close');
      for (const stream of [child.stdout, child.stderr]) {
        createInterface({ input: stream }).on('line', (line) => task.log(line));
      }
      let isLate = false;
      const limit = setTimeout(() => {
        isLate = true;
        void endChild(child);
      }, this.#deployment.settings.executionTimeoutSeconds * 1000);
      const [code] = (await ended) as [number | null];
      clearTimeout(limit);
      this.#children.delete(child);
      if (isLate) return { message: 'Timeout, PID: 4711', retry: true };
      return await this.#take(task, code, file('result'));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  async #take(
    task: StandInTask,
    code: number | null,
    file: string,
  ): Promise<{ message: string; retry: boolean } | undefined> {
    const text = await readFile(file, 'utf8').catch(() => '{}');
    const { value, xcoms = {}, error } = JSON.parse(text) as AirflowTaskResult;
    const place = task.mapIndex >= 0 ? `${task.taskId}[${task.mapIndex}]` : task.taskId;
    for (const [key, content] of Object.entries(xcoms)) this.xcoms.set(`${place}.${key}`, content);
    if (error) return { message: `${error.message} (${error.code})`, retry: error.retry };
    if (code !== 0) return { message: `Meridian ended with exit code ${code}.`, retry: true };
    this.xcoms.set(`${place}.return_value`, value);
    return undefined;
  }

  #inputOf(task: StandInTask): AirflowTaskInput {
    const parts = this.xcoms.get('plan.return_value') as unknown[] | undefined;
    return {
      runId: this.id,
      tryNumber: task.tryNumber,
      maxTries: this.#deployment.settings.retries,
      logicalDate: null,
      conf: this.#conf as Record<string, unknown>,
      ...(task.taskId === 'ingest' && { part: parts![task.mapIndex], mapIndex: task.mapIndex }),
      ...(task.taskId !== 'plan' && { plan: { plan: this.xcoms.get('plan.plan') } }),
      ...(task.taskId === 'finish' && {
        reports: (parts ?? []).map((_, i) => this.xcoms.get(`ingest[${i}].return_value`)),
      }),
    };
  }

  #values(): Record<string, string> {
    return Object.fromEntries(
      this.#deployment.connections.map((id) => [
        `AIRFLOW_CONN_${id.toUpperCase()}`,
        JSON.stringify(this.#connection(id) ?? {}),
      ]),
    );
  }
}

/** SIGTERM, and five seconds later SIGKILL, as Airflow does. */
async function endChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'close');
  child.kill('SIGTERM');
  const grace = setTimeout(() => child.kill('SIGKILL'), 5_000);
  await ended;
  clearTimeout(grace);
}
