import { readFileSync } from 'node:fs';
import { TrinoClient } from '../src/connectors/trino/trino-client.ts';
import { TrinoSource } from '../src/connectors/trino/trino-source.ts';
import { heapThrift } from '../src/workflow/heap-thrift.ts';

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

// As a run has it.
const thrift = heapThrift();
setInterval(thrift, 250).unref();
const begin = performance.now();
const tables = await (way === 'ours' ? ours : usual)();
const { userCPUTime, systemCPUTime } = process.resourceUsage();
// What resourceUsage tells would be that of the process before it was this one, too.
const peakKb = Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]);
console.log(
  JSON.stringify({
    ...{ way, tables, requests: client.requestCount },
    seconds: Number(((performance.now() - begin) / 1_000).toFixed(1)),
    cpuSeconds: Number(((userCPUTime + systemCPUTime) / 1e6).toFixed(1)),
    peakMb: Math.round(peakKb / 1024),
  }),
);
await client.close();
