import { readFileSync } from 'node:fs';
import { OpenMetadataSource } from '../src/connectors/openmetadata/openmetadata-source.ts';
import { OpenMetadataClient } from '../src/openmetadata/openmetadata-client.ts';
import { heapThrift } from '../src/workflow/heap-thrift.ts';

/**
 * Reads an OpenMetadata whole and prints what came of it, with this process' peak memory and processor time:
 * `node openmetadata-read.ts WAY URL TOKEN`. The ways: `ours`, our source, whose records nobody takes; `usual`, one that lists
 * names and asks for each table by its name, then for its lineage, one after the other.
 */
const [way, hostPort, jwtToken] = process.argv.slice(2) as [string, string, string];
const signal = new AbortController().signal;
const server = { hostPort, authProvider: 'openmetadata', securityConfig: { jwtToken } };
const client = new OpenMetadataClient(server);

async function ours(): Promise<number> {
  const services = new Map([['databaseService' as const, []]]);
  const source = new OpenMetadataSource({
    client,
    selection: { services, glossaries: true, tags: true },
    concurrency: 8,
    targetNames: { databases: async () => undefined },
  });
  const memory = { get: () => undefined, set: () => {}, setAfterSuccess: () => {} };
  let tables = 0;
  for await (const { kind } of source.records({ signal, report: () => {}, progress: () => {}, memory })) {
    if (kind === 'table') tables += 1;
  }
  return tables;
}

async function usual(): Promise<number> {
  await client.connect(signal);
  let tables = 0;
  for await (const { fullyQualifiedName: fqn = '' } of client.list('table', { limit: 100 }, signal)) {
    const table = await client.getByName('table', fqn, { fields: ['tags', 'owners', 'columns', 'extension'] }, signal);
    await client.getLineage('table', { id: table!.id }, { upstream: 1, downstream: 1 }, signal);
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
