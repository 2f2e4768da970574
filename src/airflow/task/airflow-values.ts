import { ConfigurationError, ResponseError } from '../../errors.ts';
import type { ConnectionResult, VariableResult } from '../wire/messages.ts';
import type { Supervisor } from '../wire/supervisor.ts';

export interface AirflowValues {
  /** As variables of the environment in which Airflow would look itself: `AIRFLOW_CONN_ID` as JSON, `AIRFLOW_VAR_KEY`. */
  readonly env: Readonly<Record<string, string>>;
  /** Passwords among them. */
  readonly secrets: readonly string[];
}

/**
 * Asks Airflow for the connections and variables that a recipe refers to, all at once; Airflow asks its secrets backends.
 *
 * @throws ConfigurationError `airflow.unknown-value` with everything that it does not have
 */
export async function airflowValues(
  supervisor: Supervisor,
  { connections, variables }: { readonly connections: readonly string[]; readonly variables: readonly string[] },
): Promise<AirflowValues> {
  const env: Record<string, string> = {};
  const secrets: string[] = [];
  const missing: string[] = [];
  await Promise.all([
    ...connections.map(async (id) => {
      const connection = await airflowConnection(supervisor, id);
      if (!connection) {
        missing.push(`connection ${id}`);
        return;
      }
      const { conn_type, login, password, host, port, schema, extra } = connection;
      env[`AIRFLOW_CONN_${id.toUpperCase()}`] = JSON.stringify({
        conn_type,
        login,
        password,
        host,
        port,
        schema,
        extra,
      });
      if (password) secrets.push(password);
    }),
    ...variables.map(async (key) => {
      const found = await orUndefined(supervisor.ask<VariableResult>({ type: 'GetVariable', key }, 'VariableResult'));
      if (typeof found?.value === 'string') env[`AIRFLOW_VAR_${key.toUpperCase()}`] = found.value;
      else missing.push(`variable ${key}`);
    }),
  ]);
  if (missing.length > 0) {
    const names = missing.sort().join(', ');
    throw new ConfigurationError(
      'airflow.unknown-value',
      `Airflow does not have what the recipe refers to: ${names}.`,
      {
        help: 'Add it in Airflow’s Admin pages, by “airflow connections add” or “airflow variables set”, or in its secrets backend.',
      },
    );
  }
  return { env, secrets };
}

/** @returns undefined when Airflow has none of this id */
export function airflowConnection(supervisor: Supervisor, id: string): Promise<ConnectionResult | undefined> {
  return orUndefined(supervisor.ask<ConnectionResult>({ type: 'GetConnection', conn_id: id }, 'ConnectionResult'));
}

async function orUndefined<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof ResponseError && error.status === 404) return undefined;
    throw error;
  }
}
