import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Faults } from '../faults.ts';
import { type RequestCount, RequestCounter } from '../request-counter.ts';
import { Collections } from './collections.ts';
import type { Context } from './context.ts';
import { handleRequest } from './handle-request.ts';
import { Labels } from './labels.ts';
import { Links } from './links.ts';
import { Orchestration } from './orchestration.ts';
import { type OutsideTokenOptions, OutsideTokens } from './outside-tokens.ts';
import type { PipelineServiceOptions } from './pipeline-service.ts';
import { seed } from './seed.ts';
import { ServerVersion } from './server-version.ts';
import { Store } from './store.ts';
import { makeToken } from './token.ts';

export interface OpenMetadataOptions {
  /** Version to be, from 1.1 to 1.13. Default: 1.1.0. */
  readonly version?: string;
  /** TCP port. Default: 0, any free one. */
  readonly port?: number;
  /** Address to listen on. Default: 127.0.0.1. */
  readonly host?: string;
  /** SQLite file to keep everything in. Default: a temporary one that goes with `close()`. */
  readonly dataFile?: string;
  /** Milliseconds that every write of an entity or an edge takes; a bulk write takes them once per entity. Default: 0. */
  readonly writeLatencyMs?: number;
  /** Token of the person `admin`. Default: generated. */
  readonly adminToken?: string;
  /** Token of the bot `ingestion-bot`. Default: generated. */
  readonly botToken?: string;
  /** Tokens of an identity provider are let in too, as the bot. Default: only the server's own. */
  readonly outsideTokens?: OutsideTokenOptions;
  /** True: keys that a body may not have are refused; false: dropped. Default: true for 1.1, false for later versions. */
  readonly strict?: boolean;
  /** The ingestion service that pipelines are deployed to. Default: none. */
  readonly pipelineService?: PipelineServiceOptions;
}

export interface OpenMetadataStandIn extends AsyncDisposable {
  /** Root of the API, ending in `/api`. */
  readonly url: string;
  /** A page for people that shows what was ingested. */
  readonly pageUrl: string;
  readonly port: number;
  readonly botToken: string;
  readonly adminToken: string;
  readonly faults: Faults;
  /** Points the server at its ingestion service, from now on. */
  usePipelineService(options: PipelineServiceOptions): void;
  /** Different tokens of the identity provider that were let in so far. */
  outsideTokenCount(): number;
  /** What was asked so far, by method, path template and status (0: the connection was dropped). */
  requests(): RequestCount[];
  /** How many requests came so far. */
  requestTotal(): number;
  clearRequests(): void;
  /** Stops listening, ends open connections and closes the file. */
  close(): Promise<void>;
}

/**
 * Starts a server that behaves like OpenMetadata as far as metadata ingestion can tell, and says in every answer that
 * it is a stand-in.
 * @throws {RangeError} for a version outside of 1.1 to 1.13.
 */
export async function startOpenMetadata(options: OpenMetadataOptions = {}): Promise<OpenMetadataStandIn> {
  const version = new ServerVersion(options.version ?? '1.1.0');
  const folder = options.dataFile === undefined ? mkdtempSync(join(tmpdir(), 'openmetadata-stand-in-')) : undefined;
  const store = new Store(options.dataFile ?? join(folder!, 'store.sqlite'));
  const collections = new Collections(version);
  const botToken = options.botToken ?? makeToken('ingestion-bot', true);
  const adminToken = options.adminToken ?? makeToken('admin', false);
  const context: Context = {
    version,
    strict: options.strict ?? !version.atLeast(2),
    store,
    collections,
    links: new Links(store, collections),
    labels: new Labels(store, version),
    botToken,
  };
  seed(context);
  const faults = new Faults();
  const requests = new RequestCounter();
  const outsideTokens = options.outsideTokens && new OutsideTokens(options.outsideTokens);
  const orchestration = new Orchestration();
  if (options.pipelineService !== undefined) orchestration.use(options.pipelineService, context);
  const { writeLatencyMs = 0 } = options;
  const settings = { faults, requests, adminToken, botToken, writeLatencyMs, outsideTokens, orchestration };
  const server = createServer((req, res) => void handleRequest(req, res, context, settings));
  server.keepAliveTimeout = 60_000;
  const host = options.host ?? '127.0.0.1';
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  const origin = `http://${host}:${port}`;
  context.links.base = `${origin}/api`;
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closing ??= new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    }).then(() => {
      store.close();
      if (folder !== undefined) {
        rmSync(folder, { recursive: true, force: true });
      }
    });
    return closing;
  };
  return {
    url: context.links.base,
    pageUrl: `${origin}/`,
    port,
    botToken,
    adminToken,
    faults,
    usePipelineService: (service) => orchestration.use(service, context),
    outsideTokenCount: () => outsideTokens?.count ?? 0,
    requests: () => requests.list(),
    requestTotal: () => requests.total,
    clearRequests: () => requests.clear(),
    close,
    [Symbol.asyncDispose]: close,
  };
}
