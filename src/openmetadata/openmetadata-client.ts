import { AuthenticationError, ResponseError } from '../errors.ts';
import { HttpClient } from '../http/http-client.ts';
import type { RequestShare } from '../http/request-share.ts';
import { tlsOptions } from '../http/tls-options.ts';
import { buildFqn } from '../model/fqn.ts';
import type { AuthProvider } from '../sign-in/auth-provider.ts';
import { Api } from './api.ts';
import { signIn } from './auth/sign-in.ts';
import * as automations from './automations-api.ts';
import type { Body } from './bodies.ts';
import { type BulkAnswer, fqnOfBody, rowResults } from './bulk-rows.ts';
import type { Capabilities } from './capabilities.ts';
import { collectionPath, type EntityType, hasBulk } from './collections.ts';
import { type Connection, connect, readCapabilities, type Server } from './connect.ts';
import * as properties from './custom-properties.ts';
import type {
  Entity,
  EntityLineage,
  EntityReference,
  EntityVersion,
  JsonPatchOperation,
  LineageDetails,
  PipelineStatus,
  RowResult,
  TargetLineage,
  User,
} from './entities.ts';
import { parseVersions } from './entity-versions.ts';
import { withExtraHeaders } from './extra-headers.ts';
import * as pipelines from './ingestion-pipelines.ts';
import * as lineage from './lineage-api.ts';
import { listEntities, type Page } from './list-entities.ts';
import { People } from './people.ts';
import * as profiles from './profiles-api.ts';
import { type SearchAnswer, type SearchQuery, searchEntities } from './search-api.ts';
import type { ServerConfig } from './server-config.ts';
import type { TargetIngestionPipeline } from './service-bodies.ts';

export interface ClientOptions {
  /** The server's name for people, where there are two of them; OpenMetadata unless set. */
  readonly name?: string;
  /** Signs in otherwise than the recipe says. */
  readonly auth?: AuthProvider;
  /** Requests at once. */
  readonly concurrency?: number;
  /** What of them is this process's, where several share them. */
  readonly share?: RequestShare | undefined;
  readonly timeoutMs?: number;
  readonly retries?: number;
  /** Masks secrets in what errors quote. */
  readonly redact?: (text: string) => string;
  /** Told every token that is got while running, so that it is masked too. */
  readonly learn?: (secret: string) => void;
}

/** Whether an operation is allowed; `notAllow` where no rule says anything. */
export type Access = 'allow' | 'deny' | 'conditionalAllow' | 'conditionalDeny' | 'notAllow';

interface ResourcePermission {
  readonly permissions?: readonly { readonly operation: string; readonly access: Access }[];
}

export interface ReadOptions {
  readonly fields?: readonly string[];
  /** Soft-deleted entities are left out unless asked for. */
  readonly include?: 'non-deleted' | 'deleted' | 'all';
}

export interface ListOptions extends ReadOptions {
  /** Such as `{database: 'hive_prod'}`: a prefix test, so the FQN of any ancestor works. */
  readonly filters?: Readonly<Record<string, string>>;
  /** Rows a page; 100 unless set. */
  readonly limit?: number;
}

function queryOf({ fields, include }: ReadOptions): Record<string, string | undefined> {
  return { fields: fields?.length ? fields.join(',') : undefined, include };
}

/** Texts that no name can be are refused instead of not found. */
function refusedName(error: unknown): undefined {
  if (error instanceof ResponseError && error.status === 400) return undefined;
  throw error;
}

/**
 * An OpenMetadata server of any version from 1.1 on. `connect` comes first: what is sent depends on the version.
 * Every method throws AuthenticationError, ConnectionError or ResponseError when the server refuses for good.
 */
export class OpenMetadataClient {
  readonly #http: HttpClient;
  readonly #auth: AuthProvider;
  readonly #api: Api;
  readonly #hostPort: string;
  readonly #name: string;
  readonly #validatesVersion: boolean;
  readonly #people: People;
  #connection: Connection | undefined;
  #bulkMissing = false;

  constructor(config: ServerConfig, options: ClientOptions = {}) {
    const auth = options.auth ?? signIn(config, options);
    this.#auth = auth;
    const { extraHeaders = {} } = config;
    this.#hostPort = config.hostPort;
    this.#name = options.name ?? 'OpenMetadata';
    this.#validatesVersion = config.enableVersionValidation ?? true;
    this.#http = new HttpClient({
      baseUrl: config.hostPort,
      name: this.#name,
      authorize: async (refresh) => {
        const own = { accept: 'application/json', 'content-type': 'application/json' };
        return withExtraHeaders({ ...own, ...(await auth.authorize(refresh)) }, extraHeaders);
      },
      tls: tlsOptions(config),
      ...(options.concurrency !== undefined && { concurrency: options.concurrency }),
      share: options.share,
      ...(options.timeoutMs !== undefined && { timeoutMs: options.timeoutMs }),
      ...(options.retries !== undefined && { retries: options.retries }),
      ...(options.redact && { redact: options.redact }),
    });
    this.#api = new Api(this.#http, config.apiVersion ?? 'v1');
    this.#people = new People({
      user: (name, includeDeleted, signal) =>
        this.#named<User>('user', name, includeDeleted ? 'all' : undefined, signal),
      team: (name, signal) => this.#named<User>('team', name, undefined, signal),
      allUsers: (signal) => this.list('user', { limit: 1000 }, signal) as AsyncIterable<User>,
    });
  }

  /** Requests sent so far, repeated ones included. */
  get requestCount(): number {
    return this.#http.requestCount;
  }

  get #server(): Server {
    return { name: this.#name, hostPort: this.#hostPort, enableVersionValidation: this.#validatesVersion };
  }

  /** Address of the API, as the recipe has it. */
  get address(): string {
    return this.#hostPort;
  }

  /** Who is signed in; known once connected, and undefined on servers without sign-in. */
  get user(): User | undefined {
    return this.#connection?.user;
  }

  /** What the server can do. Known once connected. */
  get capabilities(): Capabilities {
    if (!this.#connection) throw new Error('The client is not connected yet.');
    return this.#connection.capabilities;
  }

  /**
   * Reads the server's version and checks the sign-in.
   * @throws ConnectionError, ConfigurationError or AuthenticationError, each saying what to change
   */
  async connect(signal: AbortSignal): Promise<Connection> {
    this.#connection = await connect(this.#api, this.#server, signal);
    return this.#connection;
  }

  /**
   * Gets what requests are signed in with, from an identity provider where the recipe names one.
   * @throws AuthenticationError or ConnectionError when there is none
   */
  async prepareSignIn(): Promise<void> {
    await this.#auth.authorize(false);
  }

  /** The server's version, as it says. @throws as `connect` does */
  async readVersion(signal: AbortSignal): Promise<string> {
    return (await readCapabilities(this.#api, this.#server, signal)).version.text;
  }

  /** What the user may do with entities of a type, by operation; undefined where the server does not say. */
  async accessTo(type: EntityType, signal: AbortSignal): Promise<ReadonlyMap<string, Access> | undefined> {
    try {
      const answer = await this.#api.get<ResourcePermission | undefined>(`/permissions/${type}`, {}, signal);
      if (!Array.isArray(answer?.permissions)) return undefined;
      return new Map(answer.permissions.map(({ operation, access }) => [operation, access]));
    } catch (error) {
      if (error instanceof ResponseError) return undefined;
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#http.close();
  }

  /** An entity by its fully qualified name; undefined when there is none. */
  getByName(type: EntityType, fqn: string, options: ReadOptions, signal: AbortSignal): Promise<Entity | undefined> {
    const path = `/${collectionPath(type)}/name/${encodeURIComponent(fqn)}`;
    return this.#api.find<Entity>(path, queryOf(options), signal);
  }

  getById(type: EntityType, id: string, options: ReadOptions, signal: AbortSignal): Promise<Entity | undefined> {
    return this.#api.find<Entity>(`/${collectionPath(type)}/${id}`, queryOf(options), signal);
  }

  /** All entities that fit, page by page; the next page is fetched while this one is worked on. */
  list(type: EntityType, options: ListOptions, signal: AbortSignal): AsyncIterable<Entity> {
    const query = { ...options.filters, ...queryOf(options), limit: options.limit ?? 100 };
    const path = `/${collectionPath(type)}`;
    return listEntities((after, either) => this.#api.get<Page>(path, { ...query, after }, either), signal);
  }

  /** One page of a list, for who shows them one by one. @param after what the page before said */
  listPage(type: EntityType, options: ListOptions, after: string | undefined, signal: AbortSignal): Promise<Page> {
    const query = { ...options.filters, ...queryOf(options), limit: options.limit ?? 100, after };
    return this.#api.get<Page>(`/${collectionPath(type)}`, query, signal);
  }

  /** What the server's search engine finds of one kind; undefined where this server has no index of it. */
  search(type: EntityType, query: SearchQuery, signal: AbortSignal): Promise<SearchAnswer | undefined> {
    return searchEntities(this.#api, type, query, signal);
  }

  async count(type: EntityType, options: ListOptions, signal: AbortSignal): Promise<number> {
    const query = { ...options.filters, ...queryOf(options), limit: 0 };
    const page = await this.#api.get<Page>(`/${collectionPath(type)}`, query, signal);
    return page.paging?.total ?? 0;
  }

  /** Like `count`, of what a server may not have at all: undefined where it does not tell. Asked once. */
  async countIfKnown(type: EntityType, signal: AbortSignal): Promise<number | undefined> {
    return (await this.#api.look<Page>(`/${collectionPath(type)}`, { limit: 0 }, signal))?.paging?.total;
  }

  /** Creates or updates by name (bodies.ts). A soft-deleted entity comes back. */
  put(type: EntityType, body: Body, signal: AbortSignal): Promise<Entity> {
    return this.#api.put<Entity>(`/${collectionPath(type)}`, body, signal);
  }

  /**
   * Soft-deletes an entity.
   * @param recursive what it holds too; an entity that holds something is refused otherwise
   * @returns undefined when it is not there at all
   */
  async softDelete(type: EntityType, id: string, recursive: boolean, signal: AbortSignal): Promise<Entity | undefined> {
    const path = `/${collectionPath(type)}/${id}`;
    return (await this.#api.delete<Entity>(path, { recursive, hardDelete: false }, signal))?.body;
  }

  /** Brings a soft-deleted entity back, with what was deleted along with it. */
  restore(type: EntityType, id: string, signal: AbortSignal): Promise<Entity> {
    return this.#api.put<Entity>(`/${collectionPath(type)}/restore`, { id }, signal);
  }

  /** A run of a pipeline (not of an ingestion pipeline). */
  async putPipelineRun(fqn: string, run: Body, signal: AbortSignal): Promise<void> {
    await this.#api.put(`/pipelines/${encodeURIComponent(fqn)}/status`, run, signal);
  }

  /** A table's profile at one moment; the same moment again replaces it. */
  async putTableProfile(id: string, body: Body, signal: AbortSignal): Promise<void> {
    await this.#api.put(`/tables/${id}/tableProfile`, body, signal);
  }

  /** Proposes something about an entity (1.4 and later). */
  async postSuggestion(body: Body, signal: AbortSignal): Promise<void> {
    await this.#api.post('/suggestions', body, signal);
  }

  /** Replaces a table's sample rows. */
  async putSampleData(id: string, body: Body, signal: AbortSignal): Promise<void> {
    await this.#api.put(`/tables/${id}/sampleData`, body, signal);
  }

  /**
   * Applies a JSON Patch whole or not at all.
   * @throws PatchConflict when one of its `test` operations fails
   */
  patch(type: EntityType, id: string, operations: readonly JsonPatchOperation[], signal: AbortSignal): Promise<Entity> {
    return this.#api.patch<Entity>(`/${collectionPath(type)}/${id}`, operations, signal);
  }

  /**
   * Puts many entities of one kind, in one request where the server can, else one by one. Parents must be there.
   * @returns the outcome of each, in their order; a refused row is an outcome, not an error
   */
  async bulkPut(type: EntityType, bodies: readonly Body[], signal: AbortSignal): Promise<RowResult[]> {
    if (bodies.length === 0) return [];
    const results = await this.#tryBulk(type, bodies, signal);
    if (!results) return Promise.all(bodies.map((body) => this.#putRow(type, body, signal)));
    // A lost race or a fault of the moment is settled by one more try alone.
    const again = ({ ok, status }: RowResult): boolean => !ok && (status === 409 || status >= 500);
    return Promise.all(results.map((row, i) => (again(row) ? this.#putRow(type, bodies[i]!, signal) : row)));
  }

  /** Replaces a lineage edge, details and all. */
  putLineage(edge: TargetLineage, signal: AbortSignal): Promise<void> {
    return lineage.putLineage(this.#api, this.capabilities, edge, signal);
  }

  getLineage(
    type: EntityType,
    by: { readonly id: string } | { readonly fqn: string },
    depth: lineage.LineageDepth,
    signal: AbortSignal,
  ): Promise<EntityLineage | undefined> {
    return lineage.getLineage(this.#api, type, by, depth, signal);
  }

  /** One edge's details; undefined when there is no such edge. Only with `capabilities.lineageEdgeRead`. */
  getLineageEdge(fromId: string, toId: string, signal: AbortSignal): Promise<LineageDetails | undefined> {
    return lineage.getLineageEdge(this.#api, fromId, toId, signal);
  }

  /** @returns false when there was no such edge */
  deleteLineage(from: EntityReference, to: EntityReference, signal: AbortSignal): Promise<boolean> {
    return lineage.deleteLineage(this.#api, from, to, signal);
  }

  /** What was changed by whom, newest first. */
  async versions(type: EntityType, id: string, signal: AbortSignal): Promise<EntityVersion[]> {
    return parseVersions(await this.#api.get(`/${collectionPath(type)}/${id}/versions`, {}, signal));
  }

  /** A user by name, deleted ones too; asked for once. */
  getUser(name: string, signal: AbortSignal): Promise<User | undefined> {
    return this.#people.user(name, signal);
  }

  /** The user, or else the team, that a name or mail address means; asked for once. */
  findOwner(nameOrMail: string, signal: AbortSignal): Promise<EntityReference | undefined> {
    return this.#people.owner(nameOrMail, signal);
  }

  customProperties(
    type: EntityType,
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, properties.HeldProperty> | undefined> {
    return properties.readCustomProperties(this.#api, type, signal);
  }

  valueTypes(signal: AbortSignal): Promise<ReadonlySet<string>> {
    return properties.readValueTypes(this.#api, this.capabilities, signal);
  }

  /** @returns the type of its values; undefined when this server has no custom properties for this kind of entity */
  ensureCustomProperty(
    type: EntityType,
    property: properties.PropertyDefinition,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    return properties.ensureCustomProperty(this.#api, this.capabilities, type, property, signal);
  }

  getIngestionPipeline(fqn: string, signal: AbortSignal): Promise<pipelines.IngestionPipeline | undefined> {
    return pipelines.getIngestionPipeline(this.#api, fqn, signal);
  }

  createIngestionPipeline(
    pipeline: TargetIngestionPipeline,
    signal: AbortSignal,
  ): Promise<pipelines.IngestionPipeline> {
    return pipelines.createIngestionPipeline(this.#api, pipeline, signal);
  }

  /** A test of a connection that somebody asked for on the server's pages. */
  getAutomation(name: string, signal: AbortSignal): Promise<automations.AutomationWorkflow | undefined> {
    return automations.getAutomation(this.#api, name, signal);
  }

  putAutomationResult(id: string, result: automations.ConnectionTestResult, signal: AbortSignal): Promise<void> {
    return automations.putAutomationResult(this.#api, id, result, signal);
  }

  connectionTestSteps(
    connectionType: string,
    signal: AbortSignal,
  ): Promise<readonly automations.ConnectionTestStepDefinition[] | undefined> {
    return automations.connectionTestSteps(this.#api, connectionType, signal);
  }

  /** The newest profiles of a table and its columns; undefined when there is no such table. */
  latestProfile(fqn: string, signal: AbortSignal): Promise<profiles.ProfiledTableAnswer | undefined> {
    return profiles.latestProfile(this.#api, fqn, signal);
  }

  /** Profiles within a span, oldest first. @param fqn of the table; of the column for `columnProfile` */
  profileSeries(
    series: profiles.ProfileSeries,
    fqn: string,
    span: profiles.ProfileSpan,
    signal: AbortSignal,
  ): Promise<readonly profiles.HeldProfile[]> {
    return profiles.profileSeries(this.#api, series, fqn, span, signal);
  }

  /** How a run stands, as it was told; undefined for one that nobody has told of. */
  getPipelineStatus(fqn: string, runId: string, signal: AbortSignal): Promise<PipelineStatus | undefined> {
    return pipelines.getPipelineStatus(this.#api, fqn, runId, signal);
  }

  /** Tells how a run stands. Without a signal it is sent also when the run itself was stopped. */
  putPipelineStatus(fqn: string, status: PipelineStatus, signal?: AbortSignal): Promise<void> {
    return pipelines.putPipelineStatus(this.#api, this.capabilities, fqn, status, signal);
  }

  /** Versions differ in whether a user's or team's name with a dot is quoted in its address. */
  async #named<T extends Entity>(
    type: 'user' | 'team',
    name: string,
    include: ReadOptions['include'],
    signal: AbortSignal,
  ): Promise<T | undefined> {
    if (name.includes('"')) return undefined;
    for (const fqn of new Set([buildFqn([name]), name])) {
      const found = await this.getByName(type, fqn, include ? { include } : {}, signal).catch(refusedName);
      if (found) return found as T;
    }
    return undefined;
  }

  /** Undefined when the server has no bulk endpoint after all, or does not take these rows together. */
  async #tryBulk(type: EntityType, bodies: readonly Body[], signal: AbortSignal): Promise<RowResult[] | undefined> {
    if (this.#bulkMissing || !this.capabilities.bulk || !hasBulk(type)) return undefined;
    try {
      return rowResults(bodies, await this.#api.put<BulkAnswer>(`/${collectionPath(type)}/bulk`, bodies, signal));
    } catch (error) {
      if (!(error instanceof ResponseError) || error.status >= 500 || error.status === 429) throw error;
      // Other refusals are of these rows, or of so many at once: one by one, the good ones still arrive.
      if (error.status === 404 || error.status === 405) this.#bulkMissing = true;
      return undefined;
    }
  }

  async #putRow(type: EntityType, body: Body, signal: AbortSignal): Promise<RowResult> {
    const fqn = fqnOfBody(body);
    try {
      await this.put(type, body, signal);
      return { fqn, ok: true, status: 200 };
    } catch (error) {
      const notAllowed = error instanceof AuthenticationError && error.code === 'http.not-allowed';
      if (!(error instanceof ResponseError) && !notAllowed) throw error;
      return { fqn, ok: false, status: notAllowed ? 403 : (error as ResponseError).status, message: error.message };
    }
  }
}
