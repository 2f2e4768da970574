import { OpenMetadataSource } from '../src/connectors/openmetadata/openmetadata-source.ts';
import { OpenMetadataClient } from '../src/openmetadata/openmetadata-client.ts';
import { tellReading } from './tell-reading.ts';

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

await tellReading(way, way === 'ours' ? ours : usual, client);
