import { TrinoClient } from '../src/connectors/trino/trino-client.ts';
import { TrinoSource } from '../src/connectors/trino/trino-source.ts';
import { tellReading } from './tell-reading.ts';

/**
 * Reads a Trino whole and prints what came of it, with this process' peak memory and processor time: `node trino-read.ts WAY URL`.
 * The ways: `ours`, our source, whose records nobody takes; `usual`, one that asks for the columns of each table by itself, as
 * reflecting libraries do.
 */
const [way, address] = process.argv.slice(2) as [string, string];
const signal = new AbortController().signal;
const redact = (text: string): string => text;
const shared = { user: 'bench', source: 'bench', headers: {}, session: {}, extraCredential: {}, redact };
const client = new TrinoClient({ address, ...shared, queryTimeoutMs: 1_800_000 });

async function ours(): Promise<number> {
  const only = { serviceName: 'bench', service: {}, catalog: undefined, databaseSchema: undefined };
  const source = new TrinoSource({ client, ...only, reads: () => true });
  const memory = { get: () => undefined, set: () => {}, setAfterSuccess: () => {} };
  let tables = 0;
  for await (const { kind } of source.records({ signal, report: () => {}, progress: () => {}, memory })) {
    if (kind === 'table') tables += 1;
  }
  return tables;
}

async function usual(): Promise<number> {
  let tables = 0;
  const names = 'SELECT table_schema, table_name FROM bench.information_schema.tables';
  for await (const [schema, table] of client.rows(names, { signal })) {
    for await (const _ of client.rows(`SHOW COLUMNS FROM bench."${schema}"."${table}"`, { signal }));
    tables += 1;
  }
  return tables;
}

await tellReading(way, way === 'ours' ? ours : usual, client);
