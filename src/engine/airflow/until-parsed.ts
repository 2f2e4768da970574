import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ConfigurationError, ConnectionError } from '../../errors.ts';
import type { DagAnswer, ImportErrorAnswer } from './airflow-answers.ts';
import type { AirflowClient } from './airflow-client.ts';

export interface WaitOptions {
  readonly timeoutSeconds: number;
  /** Milliseconds between two looks. */
  readonly pollMs: number;
}

/**
 * Waits until Airflow has read a DAG file as it now is.
 *
 * @param since epoch milliseconds when it was written: earlier import errors are of an earlier file
 * @throws ConfigurationError `airflow.import-error`; ConnectionError `airflow.not-parsed`
 */
export async function untilParsed(
  client: AirflowClient,
  dag: { readonly dagId: string; readonly path: string; readonly text: string; readonly since: number },
  { timeoutSeconds, pollMs }: WaitOptions,
): Promise<DagAnswer> {
  const giveUpAt = Date.now() + timeoutSeconds * 1000;
  for (;;) {
    const found = await client.find<DagAnswer>(`/dags/${encodeURIComponent(dag.dagId)}`);
    if (found && (await sourceOf(client, found)) === dag.text) return found;
    await checkImport(client, dag);
    if (Date.now() > giveUpAt) throw notParsed(dag.path, timeoutSeconds);
    await sleep(pollMs);
  }
}

async function sourceOf(client: AirflowClient, { dag_id, file_token }: DagAnswer): Promise<string | undefined> {
  const name = client.api === 'v2' ? encodeURIComponent(dag_id) : (file_token ?? '');
  return (await client.find<{ content?: string }>(`/dagSources/${name}`))?.content;
}

async function checkImport(client: AirflowClient, { path, since }: { path: string; since: number }): Promise<void> {
  const { import_errors: errors } = await client.get<{ import_errors: readonly ImportErrorAnswer[] }>('/importErrors', {
    limit: 100,
    order_by: client.api === 'v2' ? '-id' : '-import_error_id',
  });
  // Clocks of two machines differ a little.
  const ours = errors.find(
    ({ filename, timestamp }) => basename(filename) === basename(path) && Date.parse(timestamp) > since - 2_000,
  );
  if (!ours) return;
  const lines = ours.stack_trace.trim().split('\n');
  throw new ConfigurationError('airflow.import-error', `Airflow cannot read the DAG file ${path}: ${lines.at(-1)}`, {
    help: 'Airflow’s page shows the whole error; its version or a provider that is missing is the usual reason.',
  });
}

function notParsed(path: string, seconds: number): ConnectionError {
  return new ConnectionError('airflow.not-parsed', `Airflow has not read ${path} within ${seconds} s.`, {
    help: 'Is this the folder that it reads DAGs from, and does its DAG processor run? It looks for new files every refresh_interval (300 s).',
  });
}
