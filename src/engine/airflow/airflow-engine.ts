import { setTimeout as sleep } from 'node:timers/promises';
import { renderDag } from '../../airflow/dag/render-dag.ts';
import { type Deployed, dagFile } from '../../airflow/deploy/deploy-dag.ts';
import type { AirflowDeployment } from '../../airflow/deployment.ts';
import { ConfigurationError } from '../../errors.ts';
import { checkPipeline } from '../embedded/check-pipeline.ts';
import { Schedule } from '../embedded/schedule.ts';
import type { DeployOutcome, Engine, LogChunk, PipelineDefinition, PipelineRun, PipelineSummary } from '../engine.ts';
import type { DagAnswer } from './airflow-answers.ts';
import { AirflowClient, type AirflowClientOptions, statusOf } from './airflow-client.ts';
import { fillConnections, removeConnections } from './airflow-connections.ts';
import { AirflowHistory, airflowId } from './airflow-history.ts';
import { AirflowRuns } from './airflow-runs.ts';
import { pieceOf } from './log-piece.ts';
import { pipelineDeployment, withEnabled } from './pipeline-deployment.ts';
import { PipelineFiles, type PipelineFolders } from './pipeline-files.ts';
import { untilParsed, type WaitOptions } from './until-parsed.ts';

export interface AirflowEngineOptions extends AirflowClientOptions, PipelineFolders {
  /** How workers start Meridian; this installation unless set. */
  readonly command?: readonly string[];
  /** Seconds that Airflow may take to read a DAG file; 600 unless set. */
  readonly parseTimeoutSeconds?: number;
  /** Milliseconds between two looks; 1000 unless set. */
  readonly pollMs?: number;
}

/** Pipelines as DAGs of an Airflow: their files by the DAGs folder, all else by its REST API. */
export class AirflowEngine implements Engine {
  readonly name: string;
  /** For a console. */
  readonly history: AirflowHistory;
  readonly #client: AirflowClient;
  readonly #runs: AirflowRuns;
  readonly #files: PipelineFiles;
  readonly #options: AirflowEngineOptions;
  readonly #wait: WaitOptions;

  private constructor(client: AirflowClient, options: AirflowEngineOptions) {
    this.name = `airflow ${client.version}`;
    this.#client = client;
    this.#runs = new AirflowRuns(client);
    this.#files = new PipelineFiles(options);
    this.#options = options;
    const { dags, pollMs = 1000 } = options;
    this.history = new AirflowHistory(this.#runs, this.#files, dags, pollMs);
    this.#wait = { timeoutSeconds: options.parseTimeoutSeconds ?? 600, pollMs };
  }

  /** @throws ConnectionError, AuthenticationError */
  static async open(options: AirflowEngineOptions): Promise<AirflowEngine> {
    return new AirflowEngine(await AirflowClient.connect(options), options);
  }

  async deploy({ pipeline }: { readonly pipeline: PipelineDefinition }): Promise<DeployOutcome> {
    checkPipeline(pipeline);
    const { deployment, secrets } = await pipelineDeployment(pipeline, this.#options.command);
    const since = Date.now();
    await fillConnections(this.#client, pipeline.id, secrets);
    const deployed = await this.#files.write(deployment);
    const outcome = outcomeOf(deployed);
    try {
      const dag = await this.#untilParsed(deployment, since);
      if (pipeline.enabled && dag.is_paused) await this.#pause(pipeline.id, false);
    } catch (error) {
      if (outcome === 'created') await this.#files.remove(pipeline.id);
      throw error;
    }
    return outcome;
  }

  async trigger(params: {
    readonly pipelineId: string;
    readonly conf?: Readonly<Record<string, unknown>>;
  }): Promise<{ readonly runId: string }> {
    this.#files.known(params.pipelineId);
    return { runId: await this.#runs.trigger(params.pipelineId, params.conf ?? {}) };
  }

  async stop({ pipelineId, runId }: { readonly pipelineId: string; readonly runId?: string }): Promise<number> {
    this.#files.known(pipelineId);
    let stopped = 0;
    // Those that wait go first: stopping what runs would let them begin.
    for (const state of ['queued', 'running']) {
      for (const run of await this.#runs.list(pipelineId, 1_000, state)) {
        if (runId !== undefined && run.dag_run_id !== airflowId(pipelineId, runId)) continue;
        await this.#runs.stop(pipelineId, run.dag_run_id);
        stopped += 1;
      }
    }
    return stopped;
  }

  async enable({ pipelineId }: { readonly pipelineId: string }): Promise<void> {
    await this.#setEnabled(pipelineId, true);
    await this.#pause(pipelineId, false);
  }

  async disable({ pipelineId }: { readonly pipelineId: string }): Promise<void> {
    await this.#setEnabled(pipelineId, false);
  }

  async status(params: {
    readonly pipelineId: string;
    readonly limit?: number;
    readonly onlyQueued?: boolean;
  }): Promise<readonly PipelineRun[]> {
    const { pipelineId, limit = 10, onlyQueued } = params;
    this.#files.known(pipelineId);
    const runs = await this.#runs.list(pipelineId, limit, onlyQueued ? 'queued' : undefined);
    return Promise.all(runs.map((run) => this.#runs.describe(pipelineId, run)));
  }

  async logs(params: {
    readonly pipelineId: string;
    readonly runId?: string;
    readonly after?: string;
    readonly maxCharacters?: number;
  }): Promise<LogChunk> {
    const { pipelineId, after, maxCharacters } = params;
    this.#files.known(pipelineId);
    const asked = params.runId && airflowId(pipelineId, params.runId);
    const runId = asked ?? (await this.#runs.list(pipelineId, 1))[0]?.dag_run_id;
    if (runId === undefined) return { text: '', total: 0 };
    return pieceOf(await this.#logOf(pipelineId, runId), after, maxCharacters);
  }

  async #logOf(pipelineId: string, runId: string): Promise<string> {
    try {
      return await this.#runs.log(pipelineId, runId);
    } catch (error) {
      if (statusOf(error) !== 404) throw error;
      throw new ConfigurationError('engine.unknown-run', `${pipelineId} has no run ${runId}.`, {
        help: 'Only so many runs of a pipeline are kept.',
      });
    }
  }

  async delete({ pipelineId }: { readonly pipelineId: string }): Promise<void> {
    const { data } = this.#files.known(pipelineId);
    await this.stop({ pipelineId });
    await this.#files.remove(pipelineId);
    await removeConnections(this.#client, pipelineId, data.connections ?? []);
    await this.#forget(pipelineId);
  }

  async list(): Promise<readonly PipelineSummary[]> {
    const paused = await this.#pausedDags();
    const now = Date.now();
    return this.#files.all().map(({ data, engine }) => {
      const { fqn, pipelineType, schedule } = engine;
      const enabled = engine.enabled && !paused.has(data.dagId!);
      const next = enabled ? new Schedule(schedule).next(now) : undefined;
      return {
        id: data.dagId!,
        ...(fqn !== undefined && { fqn }),
        pipelineType,
        enabled,
        schedule,
        ...(next !== undefined && { nextRun: new Date(next).toISOString() }),
      };
    });
  }

  /** Airflow goes on with what was deployed to it. */
  async close(): Promise<void> {
    await this.#client.close();
  }

  #untilParsed(deployment: AirflowDeployment, since: number): Promise<DagAnswer> {
    const { dags, version } = this.#options;
    const { dagId } = deployment;
    const text = renderDag(deployment, version);
    return untilParsed(this.#client, { dagId, path: dagFile(dags, dagId), text, since }, this.#wait);
  }

  async #setEnabled(pipelineId: string, enabled: boolean): Promise<void> {
    const known = this.#files.known(pipelineId);
    if (known.engine.enabled === enabled) return;
    const deployment = withEnabled(await this.#files.deploymentOf(known), enabled);
    const since = Date.now();
    await this.#files.write(deployment);
    await this.#untilParsed(deployment, since);
  }

  async #pause(pipelineId: string, isPaused: boolean): Promise<void> {
    const path = `/dags/${encodeURIComponent(pipelineId)}`;
    await this.#client.send({ method: 'PATCH', path, body: { is_paused: isPaused } });
  }

  /**
   * Removes a DAG from Airflow's database, once Airflow has seen that its file is gone: its DAG processor ends with an error
   * when a row goes that it is about to mark (seen with 3.3.2).
   */
  async #forget(pipelineId: string): Promise<void> {
    const path = `/dags/${encodeURIComponent(pipelineId)}`;
    const giveUpAt = Date.now() + this.#wait.timeoutSeconds * 1000;
    for (;;) {
      const dag = await this.#client.find<DagAnswer>(path);
      if (!dag) return;
      const isLate = Date.now() > giveUpAt;
      if (isStale(dag) || isLate) {
        try {
          await this.#client.send({ method: 'DELETE', path, isRetryable: () => false });
        } catch (error) {
          // 409: tasks of it are still ending.
          if (statusOf(error) !== 404 && (statusOf(error) !== 409 || isLate)) throw error;
        }
      } else await sleep(this.#wait.pollMs);
    }
  }

  async #pausedDags(): Promise<ReadonlySet<string>> {
    const paused = new Set<string>();
    for (let offset = 0; ; ) {
      const { dags } = await this.#client.get<{ dags: readonly DagAnswer[] }>('/dags', {
        limit: 100,
        offset,
        paused: true,
      });
      for (const dag of dags) if (dag.is_paused) paused.add(dag.dag_id);
      offset += dags.length;
      if (dags.length < 100) return paused;
    }
  }
}

/** Airflow 3 calls it stale, Airflow 2 not active. */
function isStale({ is_stale, is_active }: DagAnswer): boolean {
  return is_stale ?? is_active === false;
}

function outcomeOf({ files }: Deployed): DeployOutcome {
  if (files.some(({ kind, outcome }) => kind === 'dag' && outcome === 'created')) return 'created';
  return files.every(({ outcome }) => outcome === 'unchanged') ? 'unchanged' : 'updated';
}
