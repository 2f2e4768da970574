import { ConfigurationError } from '../errors.ts';
import { airflowSettings } from '../secrets/airflow-settings.ts';
import type { MailSettings } from './mail.ts';

/** An Airflow connection, as far as mail needs it. */
export interface SmtpConnection {
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  readonly login?: string | undefined;
  readonly password?: string | undefined;
  readonly extra: Readonly<Record<string, unknown>>;
}

/**
 * How an Airflow sends its mail. A connection (`smtp_default`) with a host says it all, by the words of Airflow's SMTP
 * provider: `from_email`, `disable_ssl`, `disable_tls`, `timeout`. Without a host it gives user and password only, and
 * `[smtp]` of Airflow's configuration (`AIRFLOW__SMTP__SMTP_HOST` …) the rest.
 *
 * @returns undefined when this Airflow has no word on mail
 * @throws ConfigurationError `mail.settings`
 */
export function airflowMailSettings(
  env: Readonly<Record<string, string | undefined>>,
  connection?: SmtpConnection,
): MailSettings | undefined {
  const smtp = airflowSettings(env, 'smtp');
  const from =
    wordOf(connection?.extra['from_email']) ?? airflowSettings(env, 'email')('from_email') ?? smtp('smtp_mail_from');
  if (connection?.host) return ofConnection(connection, connection.host, from);
  const host = smtp('smtp_host');
  if (host === undefined) return undefined;
  const ssl = isYes(smtp('smtp_ssl') ?? 'False');
  const starttls = isYes(smtp('smtp_starttls') ?? 'True');
  const user = connection?.login ?? smtp('smtp_user');
  const password = connection?.password ?? smtp('smtp_password');
  return {
    host,
    port: numberOf(smtp('smtp_port') ?? '25', 'smtp_port'),
    from: from ?? defaultSender,
    tls: ssl ? 'implicit' : starttls ? 'starttls' : 'none',
    timeoutSeconds: numberOf(smtp('smtp_timeout') ?? '30', 'smtp_timeout'),
    ...(user && { user }),
    ...(password && { password }),
  };
}

/** Airflow's own default for `smtp_mail_from`. */
const defaultSender = 'airflow@example.com';

function ofConnection(
  { port, login, password, extra }: SmtpConnection,
  host: string,
  from: string | undefined,
): MailSettings {
  const ssl = !isYes(extra['disable_ssl'] ?? false);
  const tls = ssl ? 'implicit' : isYes(extra['disable_tls'] ?? false) ? 'none' : 'starttls';
  return {
    host,
    port: port ?? (ssl ? 465 : 25),
    from: from ?? (login?.includes('@') ? login : defaultSender),
    tls,
    timeoutSeconds: numberOf(extra['timeout'] ?? 30, 'timeout'),
    ...(login && { user: login }),
    ...(password && { password }),
  };
}

function isYes(value: unknown): boolean {
  return /^(t|true|1|yes|y|on)$/i.test(String(value).trim());
}

function wordOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function numberOf(value: unknown, key: string): number {
  const number = Number(value);
  if (Number.isFinite(number) && number > 0) return number;
  throw new ConfigurationError(
    'mail.settings',
    `Mail cannot be sent: ${key} “${String(value)}” is no number above 0.`,
    {
      help: 'Correct it in [smtp] of airflow.cfg, its AIRFLOW__SMTP__ variable, or the extra of the connection.',
    },
  );
}
