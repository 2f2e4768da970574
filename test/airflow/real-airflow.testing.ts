import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { type PostgresServer, startPostgres } from '../../src/state/postgres/postgres-server.testing.ts';
import { installAirflow } from './install-airflow.testing.ts';

const run = promisify(execFile);

export interface AirflowOptions {
  /** Variables of its environment, and so of its tasks’. */
  readonly env?: Readonly<Record<string, string>>;
  /** False: nobody has told it of Meridian's coordinator, as where airflow.cfg may not be changed. True unless set. */
  readonly native?: boolean;
  /** False: nothing runs; for tests of the REST API alone. True unless set. */
  readonly scheduler?: boolean;
}

export interface TaskInstance {
  readonly task_id: string;
  readonly map_index: number;
  readonly state: string | null;
  readonly try_number: number;
  readonly rendered_map_index: string | null;
  readonly pid: number | null;
}

export interface LogLine {
  readonly event: string;
  readonly level?: string;
  readonly logger?: string;
  readonly [field: string]: unknown;
}

const poll = 300;

/**
 * A real Airflow on the loopback address, with a PostgreSQL, a scheduler with four workers, and a folder of its own. With SQLite,
 * which Airflow itself does not want outside of trials, now and then one of its parts is told that the database is locked.
 */
export class RealAirflow {
  readonly url: string;
  readonly home: string;
  readonly dags: string;
  readonly bundles: string;
  /** Of all its processes. */
  readonly env: Readonly<Record<string, string>>;
  readonly #bin: string;
  readonly #processes: ChildProcess[] = [];
  readonly #database: PostgresServer;
  #token = '';

  private constructor(bin: string, home: string, port: number, database: PostgresServer, options: AirflowOptions) {
    this.#bin = bin;
    this.#database = database;
    this.home = home;
    this.url = `http://127.0.0.1:${port}`;
    this.dags = join(home, 'dags');
    this.bundles = join(home, 'bundles');
    this.env = environment(this, bin, port, database, options);
  }

  /** Installs it where it is missing, starts it, and waits until it has said that it is healthy: about 15 s. */
  static async start(options: AirflowOptions = {}): Promise<RealAirflow> {
    const bin = await installAirflow();
    const home = await mkdtemp(join(tmpdir(), 'meridian-airflow-'));
    const airflow = new RealAirflow(bin, home, await freePort(), await startPostgres(), options);
    await Promise.all([airflow.dags, airflow.bundles, join(home, 'out')].map((path) => mkdir(path)));
    try {
      await airflow.cli('db', 'migrate');
      const { hostname, port } = new URL(airflow.url);
      airflow.#start('api-server', '--host', hostname, '--port', port);
      if (options.scheduler ?? true) airflow.#start('scheduler', '--skip-serve-logs');
      airflow.#start('dag-processor');
      await airflow.#untilHealthy(options.scheduler ?? true);
    } catch (error) {
      await airflow.close();
      throw error;
    }
    return airflow;
  }

  /** Runs `airflow …` and returns what it prints. */
  async cli(...argv: string[]): Promise<string> {
    const options = { env: this.env, cwd: this.home, maxBuffer: 16 * 1024 * 1024 };
    return (await run(join(this.#bin, 'airflow'), argv, options)).stdout;
  }

  /** Calls its REST API. @param path behind `/api/v2` */
  async api<T>(method: string, path: string, body?: object): Promise<T> {
    const response = await fetch(`${this.url}/api/v2${path}`, {
      method,
      headers: {
        authorization: `Bearer ${await this.token()}`,
        'content-type': 'application/json',
        // It closes a connection after five seconds, which may be the moment of the next request.
        connection: 'close',
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (response.status >= 500)
      throw new Error(`${method} ${path}: ${response.status} ${text}\n${await this.output()}`);
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }

  /** A bearer token of its simple sign-in, which lets everybody do everything here. */
  async token(): Promise<string> {
    if (this.#token === '') {
      const response = await fetch(`${this.url}/auth/token`);
      this.#token = ((await response.json()) as { access_token: string }).access_token;
    }
    return this.#token;
  }

  /** Asks again and again until there is an answer other than undefined. @param what for the message when a process has died */
  async until<T>(what: string, ask: () => Promise<T | undefined>): Promise<T> {
    for (;;) {
      const answer = await ask();
      if (answer !== undefined) return answer;
      const dead = this.#processes.find(({ exitCode }) => exitCode !== null);
      if (dead) throw new Error(`No ${what}: ${dead.spawnargs.join(' ')} has ended.\n${await this.output()}`);
      await sleep(poll);
    }
  }

  /** Waits until a DAG file was read. @throws with Airflow's words when it has a mistake */
  async untilDag(dagId: string): Promise<void> {
    await this.until(`DAG ${dagId}`, async () => {
      const { import_errors: errors } = await this.api<{ import_errors: { stack_trace: string }[] }>(
        'GET',
        '/importErrors',
      );
      if (errors.length > 0) throw new Error(errors.map(({ stack_trace }) => stack_trace).join('\n'));
      return this.api('GET', `/dags/${dagId}`).catch(() => undefined);
    });
  }

  async unpause(dagId: string, paused = false): Promise<void> {
    await this.api('PATCH', `/dags/${dagId}`, { is_paused: paused });
  }

  /** @returns the run's id */
  async trigger(dagId: string, conf: object = {}): Promise<string> {
    const { dag_run_id: id } = await this.api<{ dag_run_id: string }>('POST', `/dags/${dagId}/dagRuns`, {
      logical_date: null,
      conf,
    });
    return id;
  }

  /** Waits for a run to end. @returns its state */
  untilRun(dagId: string, runId: string): Promise<string> {
    return this.until(`end of ${runId}`, async () => {
      const { state } = await this.api<{ state: string }>('GET', `/dags/${dagId}/dagRuns/${encodeURIComponent(runId)}`);
      return state === 'success' || state === 'failed' ? state : undefined;
    });
  }

  async tasks(dagId: string, runId: string): Promise<readonly TaskInstance[]> {
    const path = `/dags/${dagId}/dagRuns/${encodeURIComponent(runId)}/taskInstances?limit=100`;
    return (await this.api<{ task_instances: TaskInstance[] }>('GET', path)).task_instances;
  }

  /** The log of one try, as its page shows it; without Airflow's own lines on where it is kept. */
  async log(dagId: string, runId: string, taskId: string, tryNumber = 1, mapIndex = -1): Promise<readonly LogLine[]> {
    const task = `/dags/${dagId}/dagRuns/${encodeURIComponent(runId)}/taskInstances/${taskId}`;
    const { content } = await this.api<{ content: LogLine[] }>(
      'GET',
      `${task}/logs/${tryNumber}?map_index=${mapIndex}`,
    );
    return content.filter(({ timestamp }) => timestamp !== undefined);
  }

  async xcom<T>(dagId: string, runId: string, taskId: string, key = 'return_value', mapIndex = -1): Promise<T> {
    const task = `/dags/${dagId}/dagRuns/${encodeURIComponent(runId)}/taskInstances/${taskId}`;
    const path = `${task}/xcomEntries/${key}?map_index=${mapIndex}&deserialize=false`;
    const { value } = await this.api<{ value: unknown }>('GET', path);
    return (typeof value === 'string' ? JSON.parse(value) : value) as T;
  }

  /** What its processes have printed, the end of it: for the message of a test that fails. */
  async output(): Promise<string> {
    const names = ['api-server', 'scheduler', 'dag-processor'];
    const texts = names.map((name) => readFile(join(this.home, 'out', name), 'utf8').catch(() => ''));
    return (await Promise.all(texts)).map((text, i) => `== ${names[i]}\n${text.slice(-4000)}`).join('\n');
  }

  async close(): Promise<void> {
    await Promise.all(this.#processes.map(stop));
    await this.#database.stop();
    await rm(this.home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }

  #start(name: string, ...argv: string[]): void {
    const child = spawn(join(this.#bin, 'airflow'), [name, ...argv], {
      cwd: this.home,
      env: this.env,
      stdio: ['ignore', 'pipe', 'pipe'],
      // Each has children of its own: a group lets all of them be ended by one number.
      detached: true,
    });
    const out = createWriteStream(join(this.home, 'out', name));
    out.on('error', () => undefined);
    child.stdout.pipe(out, { end: false });
    child.stderr.pipe(out, { end: false });
    this.#processes.push(child);
  }

  async #untilHealthy(scheduler: boolean): Promise<void> {
    const parts = ['metadatabase', 'dag_processor', ...(scheduler ? ['scheduler'] : [])];
    await this.until('healthy Airflow', async () => {
      const response = await fetch(`${this.url}/api/v2/monitor/health`).catch(() => undefined);
      if (!response?.ok) return undefined;
      const health = (await response.json()) as Record<string, { status: string | null }>;
      return parts.every((part) => health[part]?.status === 'healthy') ? true : undefined;
    });
  }
}

function environment(
  { home, dags, bundles, url }: RealAirflow,
  bin: string,
  port: number,
  database: PostgresServer,
  { env = {}, native = true }: AirflowOptions,
): Record<string, string> {
  const inherited = Object.entries(process.env).filter(
    (pair): pair is [string, string] => pair[1] !== undefined && !/^(AIRFLOW|MERIDIAN|VITEST|NODE_)/.test(pair[0]),
  );
  const coordinator = {
    node: {
      classpath: 'airflow.sdk.coordinators.executable.ExecutableCoordinator',
      kwargs: { executables_root: [bundles], task_startup_timeout: 60 },
    },
  };
  const secret = (): string => randomBytes(32).toString('base64');
  return {
    ...Object.fromEntries(inherited),
    PATH: `${bin}:${process.env['PATH']}`,
    AIRFLOW_HOME: home,
    MERIDIAN_HOME: join(home, 'meridian'),
    AIRFLOW__CORE__DAGS_FOLDER: dags,
    AIRFLOW__CORE__LOAD_EXAMPLES: 'False',
    AIRFLOW__CORE__UNIT_TEST_MODE: 'False',
    AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS: 'True',
    AIRFLOW__CORE__EXECUTION_API_SERVER_URL: `${url}/execution/`,
    AIRFLOW__DATABASE__SQL_ALCHEMY_CONN: database.address('postgres').replace(/^postgres:/, 'postgresql+psycopg2:'),
    AIRFLOW__CORE__PARALLELISM: '4',
    AIRFLOW__CORE__FERNET_KEY: randomBytes(32).toString('base64url').padEnd(44, '='),
    AIRFLOW__API__WORKERS: '1',
    AIRFLOW__API__PORT: String(port),
    AIRFLOW__API__SECRET_KEY: secret(),
    AIRFLOW__API_AUTH__JWT_SECRET: secret(),
    AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL: '1',
    AIRFLOW__DAG_PROCESSOR__BUNDLE_REFRESH_CHECK_INTERVAL: '1',
    AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL: '1',
    AIRFLOW__USAGE_DATA_COLLECTION__ENABLED: 'False',
    ...(native && {
      AIRFLOW__SDK__COORDINATORS: JSON.stringify(coordinator),
      AIRFLOW__SDK__QUEUE_TO_COORDINATOR: JSON.stringify({ node: 'node' }),
    }),
    ...env,
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function stop(child: ChildProcess): Promise<void> {
  const signal = (name: NodeJS.Signals): void => {
    try {
      process.kill(-child.pid!, name);
    } catch {
      // Its whole group has ended already.
    }
  };
  if (child.exitCode === null && child.signalCode === null) {
    const ended = once(child, 'exit');
    signal('SIGTERM');
    await Promise.race([ended, sleep(10_000, undefined, { ref: false })]);
  }
  signal('SIGKILL');
}
