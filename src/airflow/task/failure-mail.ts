import { airflowMailSettings, type SmtpConnection } from '../../notices/airflow-mail-settings.ts';
import { sendMail } from '../../notices/mail.ts';
import type { AirflowDeployment } from '../deployment.ts';
import type { ConnectionResult, StartupDetails } from '../wire/messages.ts';

export interface FailureMail {
  readonly deployment: AirflowDeployment;
  readonly startup: StartupDetails;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Airflow's SMTP connection, where there is one. */
  readonly connection: ConnectionResult | undefined;
  /** Without secrets. */
  readonly reason: string;
}

/** Seconds: after a task's last message Airflow waits for twenty. */
const patience = 12;

/**
 * Tells those who asked for it (`email`, `email_on_failure`) that a task has failed for good. Airflow leaves it out where a task
 * is not its own Python.
 *
 * @throws ConfigurationError `mail.settings` when nobody has said how mail leaves, and everything that `sendMail` throws
 */
export async function sendFailureMail({ deployment, startup, env, connection, reason }: FailureMail): Promise<void> {
  const { dag_id: dag, task_id: task, run_id: run, try_number: attempt, map_index: index } = startup.ti;
  const settings = airflowMailSettings(env, connection && smtpConnection(connection)) ?? {
    host: '',
    port: 25,
    from: '',
    tls: 'none' as const,
  };
  const part = index >= 0 ? `[${index}]` : '';
  await sendMail(
    { ...settings, timeoutSeconds: Math.min(settings.timeoutSeconds ?? patience, patience) },
    {
      to: deployment.settings.email,
      subject: `Airflow alert: ${dag}.${task}${part} ${run} [failed]`,
      text: [
        `The task ${task}${part} of the DAG ${dag} has failed at its try ${attempt}, and is not tried again.`,
        '',
        `Reason: ${reason}`,
        `DAG run: ${run}`,
        `Pipeline: ${deployment.pipeline}`,
        '',
        'Its log is in Airflow, at the task of this run.',
      ].join('\n'),
    },
  );
}

function smtpConnection({ host, port, login, password, extra }: ConnectionResult): SmtpConnection {
  let more: unknown;
  try {
    more = JSON.parse(extra || '{}');
  } catch {
    more = {};
  }
  return {
    extra: typeof more === 'object' && more !== null ? (more as Record<string, unknown>) : {},
    ...(host !== null && { host }),
    ...(port !== null && { port }),
    ...(login !== null && { login }),
    ...(password !== null && { password }),
  };
}
