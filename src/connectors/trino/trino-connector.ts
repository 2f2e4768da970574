import { FilterProcessor } from '../../workflow/processors/filter-processor.ts';
import type { Connector, SourceOptions } from '../connector.ts';
import type { TrinoClient } from './trino-client.ts';
import { trinoFindings } from './trino-findings.ts';
import { type TrinoSettings, trinoSettings, trinoTls } from './trino-settings.ts';
import type { TrinoSourceOptions } from './trino-source.ts';

/** `source.type: Trino`: a cluster that answers SQL over other systems. */
export const trinoConnector: Connector<'Trino', TrinoSettings> = {
  settings: trinoSettings,
  findings: trinoFindings,
  shape: ({ address, user, catalog, databaseSchema }) => ({ address, user, catalog, databaseSchema }),
  async create(connection, settings, options) {
    const [{ TrinoSource }, client] = await Promise.all([import('./trino-source.ts'), clientOf(connection, options)]);
    const { catalog, databaseSchema, place: hostPort, user: username } = connection;
    // Without what signs in there: any bot could read it back.
    const service = { hostPort, username, ...(catalog && { catalog }), ...(databaseSchema && { databaseSchema }) };
    const { serviceName } = settings;
    const filter = new FilterProcessor(settings);
    const reads: TrinoSourceOptions['reads'] = (kind, path) => filter.covers(kind, path);
    return new TrinoSource({ client, serviceName, service, catalog, databaseSchema, reads });
  },
  async createProfilingEngine(connection, settings, options) {
    const [{ SqlProfilingEngine }, { TrinoProfilingSource }, { TrinoSource }, client] = await Promise.all([
      import('../../profiler/sql/sql-profiling-engine.ts'),
      import('./profiling/trino-profiling-source.ts'),
      import('./trino-source.ts'),
      clientOf(connection, options),
    ]);
    const { serviceName } = settings;
    const { catalog, databaseSchema } = connection;
    const source = new TrinoSource({ client, serviceName, service: {}, catalog, databaseSchema, reads: () => true });
    return new SqlProfilingEngine(new TrinoProfilingSource(client, (signal) => source.test(signal)));
  },
  server: (connection) => ({ name: 'Trino', address: connection.address, tls: trinoTls(connection) }),
};

async function clientOf(connection: TrinoSettings, { redact, learn }: SourceOptions): Promise<TrinoClient> {
  const [{ TrinoClient }, { trinoAuthorize }] = await Promise.all([
    import('./trino-client.ts'),
    import('./trino-authorize.ts'),
  ]);
  const { address, user, source, headers, session, extraCredential, proxies, retries } = connection;
  const { requestTimeoutMs, queryTimeoutMs } = connection;
  const authorize = await trinoAuthorize(connection, { redact, learn });
  return new TrinoClient({
    ...{ address, user, source, headers, session, extraCredential, retries, queryTimeoutMs, redact },
    timeoutMs: requestTimeoutMs,
    tls: trinoTls(connection),
    ...(proxies && { proxies }),
    ...(authorize && { authorize }),
  });
}
