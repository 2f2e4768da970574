import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach } from 'vitest';
import { type AtlasStandIn, type AtlasStandInOptions, startAtlas } from '../../../sandbox/atlas/start-atlas.ts';
import type { LineageRecord, SourceRecord, TableRecord } from '../../model/records.ts';
import type { SourceIssue, SourceMemory } from '../source.ts';
import { AtlasClient, type AtlasClientOptions } from './atlas-client.ts';
import type { AtlasReader } from './atlas-reader.ts';
import { AtlasSource, type AtlasSourceOptions } from './atlas-source.ts';
import type { AtlasEntity } from './atlas-types.ts';

export interface Reading {
  readonly records: readonly SourceRecord[];
  readonly tables: readonly TableRecord[];
  readonly lineage: readonly LineageRecord[];
  readonly issues: readonly SourceIssue[];
  readonly requests: number;
}

const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** A stand-in that is closed when the test ends. */
export async function start(options: AtlasStandInOptions = {}): Promise<AtlasStandIn> {
  const atlas = await startAtlas(options);
  closing.push(() => atlas.close());
  return atlas;
}

type ReadOptions = Partial<AtlasSourceOptions & Pick<AtlasClientOptions, 'password' | 'retries'>> & {
  readonly pageSize?: number;
};

/** Reads an Atlas whole. */
export async function read(url: string, options: ReadOptions = {}, memory?: SourceMemory): Promise<Reading> {
  const { pageSize, password = 'admin', retries, ...more } = options;
  const client = { hostPort: url, username: 'admin', password, ...(retries !== undefined && { retries }) };
  return readFrom(new AtlasClient(client, pageSize), more, memory);
}

/** A client of a stand-in; whoever reads from it closes it. */
export function clientOf(hostPort: string): AtlasClient {
  return new AtlasClient({ hostPort, username: 'admin', password: 'admin' });
}

/** Reads whatever a reader has, and closes it. */
export async function readFrom(
  reader: AtlasReader,
  options: Partial<AtlasSourceOptions> = {},
  memory: SourceMemory = memoryOf(new Map()),
): Promise<Reading> {
  const source = new AtlasSource({
    reader,
    databaseServiceName: ['hive'],
    messagingServiceName: [],
    entityType: 'hive_table',
    mode: 'create',
    serviceName: 'local_atlas',
    clusters: {},
    targetNames: { databases: async () => undefined },
    ...options,
  });
  const issues: SourceIssue[] = [];
  const records: SourceRecord[] = [];
  try {
    for await (const record of source.records({
      signal: new AbortController().signal,
      report: (issue) => issues.push(issue),
      progress: () => {},
      memory,
    })) {
      records.push(record);
    }
  } finally {
    await source.close();
  }
  const tables = records.filter((record) => record.kind === 'table');
  const lineage = records.filter((record) => record.kind === 'lineage');
  return { records, tables, lineage, issues, requests: source.requestCount() };
}

/** A memory of choices that a map holds. */
export function memoryOf(kept: Map<string, string>): SourceMemory {
  return {
    get: (key) => kept.get(key),
    set: (key, value) => void kept.set(key, value),
    setAfterSuccess: () => undefined,
  };
}

/** `database/schema/table`. */
export const nameOf = (table: { readonly path: readonly string[] }): string => table.path.slice(1).join('/');
export const arrow = (edge: LineageRecord): string => `${edge.from.path.at(-1)} → ${edge.to.path.at(-1)}`;
export const columnNames = (table: TableRecord): string[] => table.columns.map(({ name }) => name);

export function named(reading: Reading, name: string): TableRecord {
  const table = reading.tables.find((candidate) => nameOf(candidate) === name);
  if (!table) throw new Error(`no table ${name} among ${reading.tables.map(nameOf).join(', ')}`);
  return table;
}

/** All tables by name: what they say must not depend on how they were read. */
export function content(reading: Reading): readonly TableRecord[] {
  return reading.tables.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
}

/** One request on its way to the stand-in. */
export interface Passing {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** The request's body, of a search. */
  readonly search: {
    readonly typeName: string;
    readonly offset: number;
    readonly limit: number;
    readonly attributes: string[];
  };
}

/** An answer on its way back; entities may be changed in place. */
export type Answer = { status: number; body: { entities?: AtlasEntity[]; approximateCount?: number } };

/** Stands before a stand-in and changes its answers as `change` says. */
export async function alter(atlas: AtlasStandIn, change: (request: Passing, answer: Answer) => void): Promise<string> {
  const server = createServer((req, res) => {
    const parts: Buffer[] = [];
    req.on('data', (part: Buffer) => parts.push(part));
    req.on('end', () => {
      void (async () => {
        const sent = Buffer.concat(parts).toString();
        const headers = { authorization: req.headers.authorization ?? '', 'content-type': 'application/json' };
        const method = req.method ?? 'GET';
        const response = await fetch(atlas.url + req.url, { method, headers, ...(sent && { body: sent }) });
        const text = await response.text();
        if (!response.headers.get('content-type')?.includes('json')) {
          res.writeHead(response.status, { 'content-type': 'text/html' }).end(text);
          return;
        }
        const answer: Answer = { status: response.status, body: JSON.parse(text) };
        change({ path: req.url ?? '', headers: req.headers, search: sent ? JSON.parse(sent) : {} }, answer);
        res.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body));
      })();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
