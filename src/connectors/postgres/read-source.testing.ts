import type { SourceRecord } from '../../model/records.ts';
import type { PostgresServer } from '../../state/postgres/postgres-server.testing.ts';
import type { SourceIssue } from '../source.ts';
import { type PostgresConfig, postgresSettings } from './postgres-settings.ts';
import { PostgresSource } from './postgres-source.ts';

export interface ReadSource {
  readonly source: PostgresSource;
  readonly records: readonly SourceRecord[];
  readonly issues: readonly SourceIssue[];
}

/** The connection of a recipe to a server of a test. */
export function connectionTo(
  server: PostgresServer,
  database: string,
  more: Partial<PostgresConfig> = {},
): PostgresConfig {
  return {
    username: 'owner',
    authType: { password: 'owner-secret' },
    hostPort: `127.0.0.1:${server.port}`,
    database,
    ...more,
  };
}

/** Reads all that a connection leads to. The source is left open. */
export async function readSource(
  config: PostgresConfig,
  options: { readonly reads?: (database: string) => boolean; readonly signal?: AbortSignal } = {},
): Promise<ReadSource> {
  const source = new PostgresSource(postgresSettings(config), {
    serviceName: 'pg',
    reads: options.reads ?? (() => true),
  });
  const records: SourceRecord[] = [];
  const issues: SourceIssue[] = [];
  const context = {
    signal: options.signal ?? new AbortController().signal,
    report: (issue: SourceIssue) => issues.push(issue),
    progress: () => {},
    memory: { get: () => undefined, set: () => {}, setAfterSuccess: () => {} },
  };
  for await (const record of source.records(context)) records.push(record);
  return { source, records, issues };
}
