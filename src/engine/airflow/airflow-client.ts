import { AuthenticationError, ConnectionError, MeridianError, ResponseError } from '../../errors.ts';
import { HttpClient, type HttpClientOptions, type HttpRequest } from '../../http/http-client.ts';

/** How we sign in at Airflow's REST API. */
export type AirflowSignIn =
  /** Airflow 3: user and password bring a token from `/auth/token`; Airflow 2: basic authentication. */
  | { readonly kind: 'password'; readonly username: string; readonly password: string }
  /** A bearer token that somebody else got. */
  | { readonly kind: 'token'; readonly token: string }
  /** Airflow 3's simple sign-in that lets everybody in. */
  | { readonly kind: 'anybody' };

export interface AirflowClientOptions {
  /** Such as `http://airflow.example:8080`; a path may follow. */
  readonly url: string;
  readonly signIn: AirflowSignIn;
  /** A token that was got on the way, to be masked from now on. */
  readonly learn?: (secret: string) => void;
  readonly redact?: (text: string) => string;
  readonly tls?: HttpClientOptions['tls'];
  readonly timeoutMs?: number;
}

const name = 'Airflow';

/** Requests to one Airflow, v2 of its REST API with Airflow 3 and v1 with Airflow 2. */
export class AirflowClient {
  /** Such as `3.3.2`. */
  readonly version: string;
  readonly api: 'v1' | 'v2';
  readonly #http: HttpClient;
  /** Without a sign-in: for the version, and for the token. */
  readonly #bare: HttpClient;

  private constructor(http: HttpClient, bare: HttpClient, version: string, api: AirflowClient['api']) {
    this.#http = http;
    this.#bare = bare;
    this.version = version;
    this.api = api;
  }

  /**
   * Finds out which Airflow answers, and signs in.
   *
   * @throws ConnectionError `airflow.unreachable`, `airflow.not-airflow`; AuthenticationError `airflow.sign-in`
   */
  static async connect(options: AirflowClientOptions): Promise<AirflowClient> {
    const bare = httpClient(options, () => Promise.resolve({}));
    let http: HttpClient | undefined;
    try {
      const { version, api } = await versionOf(bare);
      http = httpClient(options, authorizer(options, api, bare));
      const client = new AirflowClient(http, bare, version, api);
      // Says at once whether we are let in.
      await client.get('/dags', { limit: 1 });
      return client;
    } catch (error) {
      await http?.close();
      await bare.close();
      throw error;
    }
  }

  get<T>(path: string, query: HttpRequest['query'] = {}): Promise<T> {
    return this.send<T>({ method: 'GET', path, query });
  }

  /** The answer; undefined where there is no such thing (404). */
  async find<T>(path: string, query: HttpRequest['query'] = {}): Promise<T | undefined> {
    try {
      return await this.get<T>(path, query);
    } catch (error) {
      if (statusOf(error) === 404) return undefined;
      throw error;
    }
  }

  /** @param request its path begins behind `/api/v2` */
  async send<T>(request: HttpRequest): Promise<T> {
    return (await told(this.#http.request<T>({ ...request, path: `/api/${this.api}${request.path}` }))).body;
  }

  async close(): Promise<void> {
    await this.#http.close();
    await this.#bare.close();
  }
}

/** Status of a refusal; undefined for every other error. */
export function statusOf(error: unknown): number | undefined {
  return error instanceof ResponseError ? error.status : undefined;
}

function httpClient(
  { url, redact, tls, timeoutMs }: AirflowClientOptions,
  authorize: NonNullable<HttpClientOptions['authorize']>,
): HttpClient {
  return new HttpClient({
    baseUrl: url,
    name,
    authorize,
    retries: 3,
    ...(redact && { redact }),
    ...(tls && { tls }),
    ...(timeoutMs !== undefined && { timeoutMs }),
  });
}

async function versionOf(http: HttpClient): Promise<{ version: string; api: AirflowClient['api'] }> {
  for (const api of ['v2', 'v1'] as const) {
    try {
      const { body } = await told(http.request<{ version?: unknown }>({ method: 'GET', path: `/api/${api}/version` }));
      if (typeof body?.version === 'string') return { version: body.version, api };
    } catch (error) {
      // Airflow 2 has no v2, and answers with its own page of what is not there.
      const isOther = error instanceof MeridianError && error.code === 'airflow.not-airflow';
      if (statusOf(error) !== 404 && !(isOther && api === 'v2')) throw error;
    }
  }
  throw new ConnectionError(
    'airflow.not-airflow',
    'What answers at the address of Airflow has no REST API of Airflow.',
    {
      help: 'Check the address; a path before /api belongs to it.',
    },
  );
}

function authorizer(
  { signIn, learn }: AirflowClientOptions,
  api: AirflowClient['api'],
  bare: HttpClient,
): NonNullable<HttpClientOptions['authorize']> {
  if (signIn.kind === 'token') return async () => ({ authorization: `Bearer ${signIn.token}` });
  if (api === 'v1') {
    if (signIn.kind === 'anybody') return async () => ({});
    const pair = Buffer.from(`${signIn.username}:${signIn.password}`).toString('base64');
    return async () => ({ authorization: `Basic ${pair}` });
  }
  let token: Promise<string> | undefined;
  return async (refresh) => {
    if (refresh) token = undefined;
    token ??= fetchToken(signIn, bare, learn).catch((error: unknown) => {
      token = undefined;
      throw error;
    });
    return { authorization: `Bearer ${await token}` };
  };
}

async function fetchToken(
  signIn: Exclude<AirflowSignIn, { kind: 'token' }>,
  http: HttpClient,
  learn: AirflowClientOptions['learn'],
): Promise<string> {
  const path = '/auth/token';
  const request: HttpRequest =
    signIn.kind === 'anybody'
      ? { method: 'GET', path }
      : { method: 'POST', path, retryable: true, body: { username: signIn.username, password: signIn.password } };
  const { body } = await told(http.request<{ access_token?: unknown }>(request));
  if (typeof body?.access_token !== 'string') throw signInError('it gave no token');
  learn?.(body.access_token);
  return body.access_token;
}

function signInError(why: string, cause?: unknown): AuthenticationError {
  return new AuthenticationError('airflow.sign-in', `Airflow does not let us in: ${why}.`, {
    help: 'Check user and password, or the token, for Airflow.',
    cause,
  });
}

/** Our client's errors in words that are about Airflow, not about a recipe. */
async function told<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (!(error instanceof MeridianError)) throw error;
    switch (error.code) {
      case 'http.not-signed-in':
        throw signInError('it refused the sign-in (401)', error);
      case 'http.not-allowed':
        throw new AuthenticationError(
          'airflow.not-allowed',
          `Airflow does not allow this to our user: ${error.message}`,
          {
            help: 'It needs the rights of Airflow’s role Op: DAGs, runs, connections, import errors.',
          },
        );
      case 'http.unreachable':
        throw new ConnectionError('airflow.unreachable', error.message, {
          help: 'Check the address of Airflow, that its API server runs, and that this machine may reach it.',
          cause: error.cause,
        });
      case 'http.web-page':
      case 'http.half-answer':
      case 'http.redirect':
        throw new ConnectionError('airflow.not-airflow', error.message, {
          help: 'Something else answers, or stands before Airflow: check the address and how one signs in there.',
        });
      default:
        throw error;
    }
  }
}
