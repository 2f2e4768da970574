import { ApiError } from './api-error.ts';
import { type Doc, isDoc } from './doc.ts';
import type { ServerVersion } from './server-version.ts';

/** How a server is pointed at its ingestion service: `PIPELINE_SERVICE_CLIENT_ENDPOINT` and what signs in there. */
export interface PipelineServiceOptions {
  /** Address without a path, such as `http://127.0.0.1:8080`. */
  readonly endpoint: string;
  /** `AIRFLOW_USERNAME` */
  readonly username: string;
  /** `AIRFLOW_PASSWORD` */
  readonly password: string;
}

/** Servers from this minor on look for the service's base path; older ones know the last alone. */
const PROBING_SINCE = 10;
const PATHS = ['/pluginsv2/api/v2/openmetadata', '/api/v2/openmetadata', '/api/v1/openmetadata'];

/** What the ingestion service answered. */
export interface ServiceAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** The server's side of the managed APIs: its calls to the ingestion service, as they were recorded of a real one. */
export class PipelineService {
  readonly #options: PipelineServiceOptions;
  readonly #version: ServerVersion;
  #base: string | undefined;

  constructor(options: PipelineServiceOptions, version: ServerVersion) {
    this.#options = options;
    this.#version = version;
  }

  /** Whether the service is up and of the server's version. */
  async status(): Promise<Doc> {
    // The measured 1.1 asks without signing in.
    const { status, body } = await this.#send('GET', this.#version.atLeast(2) ? 'health-auth' : 'health');
    const found = isDoc(body) ? body['version'] : undefined;
    if (status === 401 || status === 403) {
      return this.#response(status, `Authentication failed for user [${this.#options.username}].`);
    }
    if (status === 404) return this.#response(404, 'Airflow APIs not found.');
    if (status !== 200) return this.#response(500, `The ingestion service answered ${status}.`);
    if (numbersOf(String(found)) !== numbersOf(this.#version.text)) {
      return this.#response(500, `Ingestion version [${String(found)}] is older than server [${this.#version.text}].`);
    }
    return { ...this.#response(200), version: found };
  }

  /** @throws ApiError unless the service answers 200 */
  async call(method: string, path: string, query: Record<string, string>, body?: Doc): Promise<unknown> {
    const answer = await this.#send(method, path, query, body);
    if (answer.status === 200) return answer.body;
    const said = isDoc(answer.body) ? answer.body['error'] : answer.body;
    throw new ApiError(400, `Pipeline Service Client: ${path} answered ${answer.status} due to [${String(said)}].`);
  }

  #response(code: number, reason?: string): Doc {
    return { code, platform: 'Airflow', ...(reason === undefined ? {} : { reason }) };
  }

  async #send(method: string, path: string, query: Record<string, string> = {}, body?: Doc): Promise<ServiceAnswer> {
    this.#base ??= await this.#findBase();
    return this.#request(method, this.#base, path, query, body);
  }

  /** The first path whose `health-auth` answers with a version. */
  async #findBase(): Promise<string> {
    const last = PATHS.at(-1)!;
    if (!this.#version.atLeast(PROBING_SINCE)) return last;
    for (const base of PATHS) {
      const { status, body } = await this.#request('GET', base, 'health-auth', {});
      if (status === 200 && isDoc(body) && body['version'] !== undefined) return base;
    }
    return last;
  }

  async #request(
    method: string,
    base: string,
    path: string,
    query: Record<string, string>,
    body?: Doc,
  ): Promise<ServiceAnswer> {
    const url = new URL(`${base}/${path}`, this.#options.endpoint);
    for (const [key, value] of Object.entries(query)) url.searchParams.set(key, value);
    const pair = Buffer.from(`${this.#options.username}:${this.#options.password}`).toString('base64');
    try {
      const answer = await fetch(url, {
        method,
        // A real server says so even where there is no body.
        headers: { Authorization: `Basic ${pair}`, 'Content-Type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      return { status: answer.status, body: parsed(text) };
    } catch (error) {
      return { status: 503, body: { error: error instanceof Error ? error.message : String(error) } };
    }
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function numbersOf(version: string): string {
  return /\d+\.\d+\.\d+/.exec(version)?.[0] ?? version;
}
