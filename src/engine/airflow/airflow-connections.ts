import type { ReplacedSecret } from '../../airflow/replace-secrets.ts';
import { ResponseError } from '../../errors.ts';
import type { ConnectionAnswer } from './airflow-answers.ts';
import { type AirflowClient, statusOf } from './airflow-client.ts';

const descriptionOf = (dagId: string): string => `Made by Meridian for the DAG ${dagId}.`;
const pathOf = (id: string): string => `/connections/${encodeURIComponent(id)}`;

/** Puts the secrets of a pipeline into Airflow's connections, which keep them encrypted. */
export async function fillConnections(
  client: AirflowClient,
  dagId: string,
  secrets: readonly ReplacedSecret[],
): Promise<void> {
  for (const { connectionId, value } of secrets) {
    const body = {
      connection_id: connectionId,
      conn_type: 'generic',
      description: descriptionOf(dagId),
      password: value,
    };
    const there = await client.find(pathOf(connectionId));
    try {
      await client.send(
        there ? { method: 'PATCH', path: pathOf(connectionId), body } : { method: 'POST', path: '/connections', body },
      );
    } catch (error) {
      // Somebody made it in this moment.
      if (statusOf(error) !== 409) throw told(error, connectionId);
      await client.send({ method: 'PATCH', path: pathOf(connectionId), body }).catch((again: unknown) => {
        throw told(again, connectionId);
      });
    }
  }
}

/** A refusal in our own words: Airflow's repeat what was sent, and with it the password. */
function told(error: unknown, id: string): unknown {
  const status = statusOf(error);
  if (status === undefined) return error;
  return new ResponseError('airflow.connection', `Airflow does not take the connection ${id} (${status}).`, {
    status,
    body: '',
    help: 'Our user needs the right to make and change connections; Airflow’s log may say more.',
  });
}

/** Removes those of these connections that were made for this DAG. */
export async function removeConnections(
  client: AirflowClient,
  dagId: string,
  connections: readonly string[],
): Promise<void> {
  for (const id of connections) {
    const found = await client.find<ConnectionAnswer>(pathOf(id));
    if (found?.description !== descriptionOf(dagId)) continue;
    try {
      await client.send({ method: 'DELETE', path: pathOf(id) });
    } catch (error) {
      if (statusOf(error) !== 404) throw error;
    }
  }
}
