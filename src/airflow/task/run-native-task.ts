import { createConnection, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redactor } from '../../config/redactor.ts';
import { ConfigurationError, ConnectionError } from '../../errors.ts';
import { type AirflowDeployment, type AirflowStep, airflowSteps } from '../deployment.ts';
import type { FinalMessage, RequestMessage, StartupDetails } from '../wire/messages.ts';
import { Supervisor } from '../wire/supervisor.ts';
import { TaskLog } from '../wire/task-log.ts';
import { airflowConnection, airflowValues } from './airflow-values.ts';
import { errorFields, errorText } from './error-words.ts';
import { nativeInput } from './native-input.ts';
import { runStep, type StepResult } from './run-step.ts';
import { overTime, TaskStopped, worthAnotherTry } from './task-error.ts';

export interface NativeTask {
  /** Why it cannot be had is told in the task's log: before there is a connection nobody would see it. */
  readonly deployment: () => Promise<AirflowDeployment>;
  /** `127.0.0.1:PORT`, as Airflow gives them. */
  readonly comm: string;
  readonly logs: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** For tests: milliseconds in place of those below. */
  readonly patience?: Partial<typeof patience>;
}

/** Milliseconds. */
const patience = {
  /** Airflow sends SIGKILL 5 s after SIGTERM: by then everything has been said. */
  afterSignal: 2500,
  /** What is under way after the time limit may come to its end so long. */
  afterTimeout: 20_000,
  /** Without a supervisor nobody reads what we say. */
  afterGone: 3000,
  /** A busy API server was seen to need 30 s to note the end of a task. */
  lastMessage: 90_000,
};

/** Characters that Airflow keeps of a name. */
const longestName = 250;

/** Exit codes: Airflow looks at them only where there was no last message, and after `TaskState`. */
const exit = { ended: 0, failed: 1, stopped: 143 };

/**
 * Runs one task of a DAG as Airflow's own Python would: it asks for what it needs, says what it does, keeps its time limit, ends
 * within the grace period, tells by mail, and always says how it ended.
 *
 * @returns the exit code; the process is to leave with it at once
 */
export async function runNativeTask(task: NativeTask): Promise<number> {
  const [comm, logs] = await Promise.all([connected(task.comm), connected(task.logs)]);
  // Airflow first notes the start: the time is used to load what comes next.
  void Promise.all([import('../../config/load-recipe.ts'), import('../../workflow/parts/plan-partitions.ts')]).catch(
    () => undefined,
  );
  return new NativeRun(task, comm, logs).run();
}

class NativeRun {
  readonly #task: NativeTask;
  readonly #supervisor: Supervisor;
  readonly #log: TaskLog;
  readonly #patience: typeof patience;
  readonly #abort = new AbortController();
  /** Told when the work does not end by itself in time. */
  readonly #forced = Promise.withResolvers<StepResult>();
  #redactor = new Redactor([]);
  #deployment: AirflowDeployment | undefined;
  #renderedMapIndex: string | undefined;

  constructor(task: NativeTask, comm: Socket, logs: Socket) {
    this.#task = task;
    this.#patience = { ...patience, ...task.patience };
    this.#supervisor = new Supervisor(comm);
    this.#log = new TaskLog(logs, { env: task.env, redact: (text) => this.#redactor.redact(text) });
  }

  async run(): Promise<number> {
    const { gone } = this.#supervisor;
    const onSignal = (): void => {
      this.#log.write('warning', 'Airflow has told this task to end: it stops after what is under way.');
      this.#end(new TaskStopped(), this.#patience.afterSignal);
    };
    const onGone = (): void => this.#end(gone.reason, this.#patience.afterGone);
    const onCrash = (error: unknown): void => this.#end(error, 0);
    // Node would print what nobody has caught, and leave without a last message.
    const crashes = ['uncaughtException', 'unhandledRejection'] as const;
    const before = crashes.map((event) => [event, process.listeners(event as 'uncaughtException')] as const);
    for (const event of crashes) process.removeAllListeners(event).on(event, onCrash);
    process.on('SIGTERM', onSignal).on('SIGINT', onSignal);
    gone.addEventListener('abort', onGone, { once: true });
    if (gone.aborted) onGone();
    try {
      return await this.#run();
    } finally {
      process.off('SIGTERM', onSignal).off('SIGINT', onSignal);
      for (const [event, listeners] of before) {
        process.removeAllListeners(event);
        for (const listener of listeners) process.on(event, listener);
      }
      // What was left behind in the middle still holds the pipeline: nobody may have to wait for that.
      if (this.#abort.signal.aborted) await Promise.race([releaseLocks(), sleep(500)]);
      await Promise.race([Promise.all([this.#log.close(), this.#supervisor.close()]), sleep(500)]);
    }
  }

  async #run(): Promise<number> {
    let startup: StartupDetails;
    try {
      startup = await Promise.race([
        this.#supervisor.startup,
        this.#forced.promise.then(({ error }) => Promise.reject(error)),
      ]);
    } catch (error) {
      this.#sayError(error);
      return error instanceof TaskStopped ? exit.stopped : exit.failed;
    }
    try {
      this.#deployment = await this.#task.deployment();
    } catch (error) {
      return this.#conclude(startup, { error });
    }
    const seconds = this.#deployment.settings.executionTimeoutSeconds;
    const limit = setTimeout(() => this.#end(overTime(seconds), this.#patience.afterTimeout), seconds * 1000);
    try {
      const result = await Promise.race([this.#work(startup, this.#deployment), this.#forced.promise]);
      return await this.#conclude(startup, result);
    } finally {
      clearTimeout(limit);
    }
  }

  /** Stops the work; what has not ended after the grace period is left behind. */
  #end(reason: unknown, graceMs: number): void {
    if (!this.#abort.signal.aborted) this.#abort.abort(reason);
    const force = (): void => this.#forced.resolve({ error: this.#abort.signal.reason });
    if (graceMs === 0) this.#forced.resolve({ error: reason });
    else setTimeout(force, graceMs).unref();
  }

  async #work(startup: StartupDetails, deployment: AirflowDeployment): Promise<StepResult> {
    const { env } = this.#task;
    const { ti, ti_context: context } = startup;
    try {
      const step = stepOf(ti.task_id);
      this.#log.write('info', `Meridian: ${step} of ${deployment.pipeline}`, {
        dag: ti.dag_id,
        run: ti.run_id,
        try_number: ti.try_number,
      });
      const place = { dag_id: ti.dag_id, run_id: ti.run_id, task_id: ti.task_id, map_index: ti.map_index };
      const [values, input] = await Promise.all([
        airflowValues(this.#supervisor, deployment),
        nativeInput(this.#supervisor, startup, step),
        // What an earlier try has left would be taken for this one's.
        ...context.xcom_keys_to_clear.map((key) => this.#supervisor.request({ type: 'DeleteXCom', key, ...place })),
      ]);
      this.#redactor = new Redactor(values.secrets);
      const name = (input.part as { name?: unknown } | undefined)?.name;
      if (typeof name === 'string') await this.#name(name);
      const result = await runStep({
        step,
        deployment,
        input,
        env: { ...env, ...values.env },
        signal: this.#abort.signal,
        log: (level, text, fields) => this.#log.write(level, text, fields),
        onRecipe: (recipe) => {
          for (const secret of values.secrets) recipe.redactor.learn(secret);
          this.#redactor = recipe.redactor;
          for (const secret of new Set(recipe.secrets)) this.#mask(secret);
        },
      });
      await this.#leave(result, place);
      return result;
    } catch (error) {
      return { error: this.#abort.signal.aborted ? this.#abort.signal.reason : error };
    }
  }

  /** Shows in place of the map index in Airflow's pages. */
  async #name(name: string): Promise<void> {
    this.#renderedMapIndex = name.slice(0, longestName);
    await this.#supervisor.request({ type: 'SetRenderedMapIndex', rendered_map_index: this.#renderedMapIndex });
  }

  /** Airflow, too, is to mask it, in what others print. That it does not is no reason to end. */
  #mask(value: string): void {
    this.#supervisor.request({ type: 'MaskSecret', value }).catch(() => undefined);
  }

  async #leave(
    { value, xcoms = {} }: StepResult,
    place: Omit<Extract<RequestMessage, { type: 'SetXCom' }>, 'type' | 'key' | 'value' | 'mapped_length'>,
  ): Promise<void> {
    const entries = Object.entries({ ...xcoms, ...(value !== undefined && { return_value: value }) });
    await Promise.all(
      entries.map(([key, item]) =>
        this.#supervisor.request({
          type: 'SetXCom',
          key,
          value: item,
          ...place,
          // Tasks are mapped over a list that was returned.
          ...(key === 'return_value' && Array.isArray(item) && { mapped_length: item.length }),
        }),
      ),
    );
  }

  /** Says how it ended, and why. */
  async #conclude(startup: StartupDetails, { error, event }: StepResult): Promise<number> {
    const { gone } = this.#supervisor;
    if (error !== undefined) this.#sayError(error);
    if (gone.aborted) return exit.failed;
    const stopped = error instanceof TaskStopped;
    const { should_retry: mayRetry } = startup.ti_context;
    const again = error !== undefined && mayRetry && worthAnotherTry(error, stepOf(startup.ti.task_id));
    const last = this.#lastMessage(error, event, again && !stopped);
    try {
      await this.#supervisor.request(last, { timeoutMs: stopped ? 1000 : this.#patience.lastMessage });
    } catch (refusal) {
      // It decides by the exit code then.
      this.#sayError(refusal);
      return stopped ? exit.stopped : error === undefined || again ? exit.failed : exit.ended;
    }
    // Where somebody has ended the run in Airflow, it stays ended; where a worker is shut down, this code makes Airflow try again.
    if (stopped) return exit.stopped;
    if (error !== undefined && !again) await this.#tell(startup, error);
    return exit.ended;
  }

  #lastMessage(error: unknown, event: StepResult['event'], again: boolean): FinalMessage {
    const asset = this.#deployment?.asset;
    const common = {
      end_date: new Date().toISOString(),
      ...(this.#renderedMapIndex !== undefined && { rendered_map_index: this.#renderedMapIndex }),
    };
    if (again) {
      const reason = this.#redactor.redact(errorText(error)).slice(0, 500);
      return { type: 'RetryTask', state: 'up_for_retry', retry_reason: reason, ...common };
    }
    if (error !== undefined) return { type: 'TaskState', state: 'failed', ...common };
    return {
      type: 'SucceedTask',
      state: 'success',
      task_outlets: event && asset ? [{ type: 'Asset', ...asset }] : [],
      outlet_events: event && asset ? [{ dest_asset_key: asset, extra: event }] : [],
      ...common,
    };
  }

  #sayError(error: unknown): void {
    this.#log.write('error', errorText(error), errorFields(error));
  }

  async #tell(startup: StartupDetails, error: unknown): Promise<void> {
    const { env } = this.#task;
    const deployment = this.#deployment;
    if (!deployment) return;
    const { email, emailOnFailure, smtpConnectionId } = deployment.settings;
    if (email.length === 0 || !emailOnFailure) return;
    try {
      const connection = await airflowConnection(this.#supervisor, smtpConnectionId);
      if (connection?.password) this.#redactor.learn(connection.password);
      const { sendFailureMail } = await import('./failure-mail.ts');
      await sendFailureMail({ deployment, startup, env, connection, reason: this.#redactor.redact(errorText(error)) });
      this.#log.write('info', `Told by mail: ${email.join(', ')}`);
    } catch (unsent) {
      this.#log.write('warning', `The mail on this failure was not sent. ${errorText(unsent)}`, errorFields(unsent));
    }
  }
}

async function releaseLocks(): Promise<void> {
  const { releaseHeldLocks } = await import('../../state/run-lock.ts');
  await releaseHeldLocks();
}

function stepOf(taskId: string): AirflowStep {
  const name = taskId.slice(taskId.lastIndexOf('.') + 1);
  const step = airflowSteps.find((each) => each === name);
  if (step) return step;
  throw new ConfigurationError('airflow.unknown-task', `Meridian has no task “${taskId}”.`, {
    help: `The tasks of its DAG are called ${airflowSteps.join(', ')}. Deploy the recipe again.`,
  });
}

async function connected(address: string): Promise<Socket> {
  const [, host, port] = /^(.+):(\d+)$/.exec(address) ?? [];
  if (!host || !port) throw new ConfigurationError('airflow.unknown-task', `“${address}” is no HOST:PORT.`);
  const socket = createConnection(Number(port), host);
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve).once('error', ({ message }) =>
      reject(
        new ConnectionError('airflow.gone', `Airflow’s supervisor is not at ${address}: ${message}.`, {
          help: 'Only Airflow starts this; to try a recipe, use “meridian ingest”.',
        }),
      ),
    );
  });
  return socket;
}
