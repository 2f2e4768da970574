import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { readDagData } from '../../airflow/dag/render-dag.ts';
import type { AirflowDeployment } from '../../airflow/deployment.ts';
import { StandInRun, type StandInTask } from './stand-in-run.testing.ts';

export interface StandInOptions {
  readonly dags: string;
  /** v1: as Airflow 2 answers. v2 unless set. */
  readonly api?: 'v1' | 'v2';
  /** Who may sign in; anybody unless set. */
  readonly user?: { readonly username: string; readonly password: string };
  /** Environment of the tasks. */
  readonly env: NodeJS.ProcessEnv;
}

interface StandInDag {
  readonly deployment: AirflowDeployment;
  readonly file: string;
  readonly text: string;
  paused: boolean;
  readonly runs: StandInRun[];
}

interface Answer {
  readonly status?: number;
  readonly body?: unknown;
}

/**
 * A stand-in of Airflow for tests, not an Airflow: the part of its REST API that the engine uses, in the form that a real one
 * was seen to answer in, over a scheduler that runs the tasks of Meridian's DAG files as their Bash operator does. It reads the
 * DAGs folder at every request, where a real one takes its time.
 */
export class StandInAirflow {
  readonly options: StandInOptions;
  readonly connections = new Map<string, Record<string, unknown>>();
  /** Files that cannot be imported, with what Python says. */
  readonly importErrors = new Map<string, string>();
  /** True: connections are refused, in words that repeat what was sent. */
  refusesConnections = false;
  /** True: the DAG processor does not run. */
  blind = false;
  readonly #dags = new Map<string, StandInDag>();
  readonly #server: Server;
  readonly #token = randomUUID();

  private constructor(options: StandInOptions) {
    this.options = options;
    this.#server = createServer((request, response) => void this.#handle(request, response));
  }

  static async start(options: StandInOptions): Promise<StandInAirflow> {
    const standIn = new StandInAirflow(options);
    await new Promise<void>((resolve) => standIn.#server.listen(0, '127.0.0.1', resolve));
    return standIn;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get token(): string {
    return this.#token;
  }

  dag(dagId: string): StandInDag | undefined {
    this.#parse();
    return this.#dags.get(dagId);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#dags.values()].flatMap(({ runs }) => runs.map((run) => run.end())));
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #parse(): void {
    if (this.blind) return;
    for (const file of readdirSync(this.options.dags).filter((name) => name.endsWith('.py'))) {
      if (this.importErrors.has(file)) continue;
      const text = readFileSync(join(this.options.dags, file), 'utf8');
      const deployment = readDagData(text) as AirflowDeployment;
      const known = this.#dags.get(deployment.dagId);
      if (known?.text === text) continue;
      this.#dags.set(deployment.dagId, {
        deployment,
        file,
        text,
        paused: known?.paused ?? deployment.settings.isPausedUponCreation,
        runs: known?.runs ?? [],
      });
    }
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = chunks.length > 0 ? (JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>) : {};
    const url = new URL(request.url ?? '/', this.url);
    this.#parse();
    const { status = 200, body: answer } = this.#answer(request, url, body);
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(answer === undefined ? '' : JSON.stringify(answer));
  }

  #answer(request: IncomingMessage, url: URL, body: Record<string, unknown>): Answer {
    const { api = 'v2' } = this.options;
    if (url.pathname === '/auth/token') return this.#signIn(request.method!, body);
    const [, root, version, ...path] = url.pathname.split('/').map(decodeURIComponent);
    if (root !== 'api' || version !== api) return notFound;
    if (path[0] === 'version') return { body: { version: api === 'v2' ? '3.3.2' : '2.10.5', git_version: null } };
    if (!this.#isLetIn(request)) return { status: 401, body: { detail: 'Not authenticated' } };
    return this.#route(`${request.method} ${path[0]}`, path.slice(1), url.searchParams, body);
  }

  #signIn(method: string, { username, password }: Record<string, unknown>): Answer {
    const { user } = this.options;
    const isRight = user ? method === 'POST' && username === user.username && password === user.password : true;
    return isRight
      ? { status: 201, body: { access_token: this.#token } }
      : { status: 401, body: { detail: 'Invalid credentials' } };
  }

  #isLetIn({ headers: { authorization } }: IncomingMessage): boolean {
    const { api = 'v2', user } = this.options;
    if (api === 'v2') return authorization === `Bearer ${this.#token}`;
    return !user || authorization === `Basic ${Buffer.from(`${user.username}:${user.password}`).toString('base64')}`;
  }

  #route(what: string, path: string[], query: URLSearchParams, body: Record<string, unknown>): Answer {
    switch (what) {
      case 'GET dags':
      case 'PATCH dags':
      case 'POST dags':
      case 'DELETE dags':
        return this.#dagsRoute(what.split(' ')[0]!, path, query, body);
      case 'GET dagSources': {
        const found = [...this.#dags.values()].find(({ deployment, file }) =>
          [deployment.dagId, file].includes(path[0]!),
        );
        return found ? { body: { content: found.text, dag_id: found.deployment.dagId } } : notFound;
      }
      case 'GET importErrors':
        return {
          body: {
            import_errors: [...this.importErrors].map(([filename, stack_trace]) => ({
              timestamp: new Date().toISOString(),
              filename,
              stack_trace,
            })),
          },
        };
      case 'POST connections':
        if (this.refusesConnections) return { status: 422, body: { detail: [{ msg: 'bad', input: body }] } };
        this.connections.set(String(body['connection_id']), body);
        return { status: 201, body: { ...body, password: '***' } };
      default:
        return this.#connectionRoute(what, path[0]!, body);
    }
  }

  #connectionRoute(what: string, id: string, body: Record<string, unknown>): Answer {
    const found = this.connections.get(id);
    if (!/ connections$/.test(what) || !found) return notFound;
    if (what.startsWith('DELETE')) {
      this.connections.delete(id);
      return { status: 204 };
    }
    if (what.startsWith('PATCH')) this.connections.set(id, { ...found, ...body });
    return { body: { ...this.connections.get(id), password: '***' } };
  }

  #dagsRoute(method: string, path: string[], query: URLSearchParams, body: Record<string, unknown>): Answer {
    const [dagId, runs, ...rest] = path;
    if (dagId === undefined) {
      const all = [...this.#dags.values()].filter(({ paused }) => query.get('paused') !== 'true' || paused);
      return { body: { dags: all.map((dag) => this.#dagAnswer(dag)), total_entries: all.length } };
    }
    const dag = this.#dags.get(dagId);
    if (!dag) return notFound;
    if (runs === 'dagRuns') return this.#runsRoute(dag, method, rest, query, body);
    if (method === 'DELETE') {
      if (dag.runs.some((run) => run.isBusy))
        return { status: 409, body: { detail: 'Task instances are still running' } };
      this.#dags.delete(dagId);
      return { status: 204 };
    }
    if (method === 'PATCH') dag.paused = body['is_paused'] === true;
    return { body: this.#dagAnswer(dag) };
  }

  #runsRoute(
    dag: StandInDag,
    method: string,
    path: string[],
    query: URLSearchParams,
    body: Record<string, unknown>,
  ): Answer {
    const [runId, what, taskId, of, key] = path;
    if (runId === undefined) {
      if (method === 'POST') return { body: this.#trigger(dag, body).answer(this.options.api) };
      const state = query.get('state');
      const found = dag.runs.toReversed().filter((run) => state === null || run.state === state);
      const from = Number(query.get('offset') ?? 0);
      const page = found.slice(from, from + Number(query.get('limit') ?? 50));
      return { body: { dag_runs: page.map((run) => run.answer(this.options.api)), total_entries: found.length } };
    }
    const run = dag.runs.find(({ id }) => id === runId);
    if (!run) return notFound;
    if (method === 'PATCH') {
      if (typeof body['note'] === 'string') run.note = body['note'];
      if (body['state'] === 'failed') void run.markFailed();
      return { body: run.answer(this.options.api) };
    }
    if (what !== 'taskInstances') return { body: run.answer(this.options.api) };
    if (taskId === undefined) {
      const from = Number(query.get('offset') ?? 0);
      return { body: { task_instances: run.tasks.slice(from, from + 100).map((task) => task.answer()) } };
    }
    if (of === 'xcomEntries') {
      const value = run.xcoms.get(`${taskId}.${key}`);
      return value === undefined ? notFound : { body: { key, value } };
    }
    const index = Number(query.get('map_index') ?? -1);
    const task = run.tasks.find((each) => each.taskId === taskId && each.mapIndex === index);
    return task ? this.#log(task, Number(key)) : notFound;
  }

  #log(task: StandInTask, attempt: number): Answer {
    const lines = task.logs[attempt - 1];
    if (!lines) return notFound;
    if (this.options.api !== 'v1') {
      const where = { event: `<dir>/task_id=${task.taskId}/attempt=${attempt}.log` };
      const head = [{ event: '::group::Log message source details' }, where, { event: '::endgroup::' }];
      return { body: { content: [...head, ...lines], continuation_token: null } };
    }
    const text = lines.map(airflow2Line).join('');
    const quoted = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");
    return { body: { content: `[('host', '${quoted}')]`, continuation_token: 'eyJ' } };
  }

  #dagAnswer({ deployment, paused, file }: StandInDag) {
    const isThere = existsSync(join(this.options.dags, file));
    return {
      dag_id: deployment.dagId,
      is_paused: paused,
      file_token: file,
      ...(this.options.api === 'v1' ? { is_active: isThere } : { is_stale: !isThere }),
    };
  }

  #trigger(dag: StandInDag, { conf, dag_run_id: id }: Record<string, unknown>): StandInRun {
    const runId = typeof id === 'string' ? id : `manual__${new Date().toISOString()}_${randomUUID().slice(0, 4)}`;
    const run = new StandInRun(runId, dag.deployment, (conf ?? {}) as object, this.options.env, (connection) =>
      this.connections.get(connection),
    );
    dag.runs.push(run);
    const begin = (): void => {
      if (dag.paused) return;
      const running = dag.runs.filter(({ state }) => state === 'running').length;
      const next = dag.runs
        .filter(({ state }) => state === 'queued')
        .slice(0, Math.max(0, dag.deployment.settings.maxActiveRuns - running));
      for (const each of next) void each.go().then(begin);
    };
    begin();
    return run;
  }
}

const notFound: Answer = { status: 404, body: { detail: 'Not found' } };

function airflow2Line({ timestamp, level, event, error_detail: thrown }: StandInTask['logs'][number][number]): string {
  const [detail] = (thrown ?? []) as { exc_type: string; exc_value: string }[];
  const traceback = detail
    ? `Traceback (most recent call last):\n  File "taskinstance.py", line 1, in run\nairflow.exceptions.${detail.exc_type}: ${detail.exc_value}\n`
    : '';
  return `[${timestamp.replace('Z', '+0000')}] {subprocess.py:93} ${level.toUpperCase()} - ${event}\n${traceback}`;
}
