import type { SendMailOptions } from 'nodemailer';
import { Redactor } from '../config/redactor.ts';
import { AuthenticationError, ConfigurationError, ConnectionError, MeridianError, ResponseError } from '../errors.ts';

/** How mail leaves: one SMTP server. */
export interface MailSettings {
  readonly host: string;
  readonly port: number;
  /** Sender, as an address or `Name <address>`. */
  readonly from: string;
  /** Signs in with PLAIN or LOGIN when it is there. */
  readonly user?: string;
  readonly password?: string;
  /** `implicit` from the first byte (port 465), `starttls` or no mail, `none` in clear. */
  readonly tls: 'implicit' | 'starttls' | 'none';
  /** False: any certificate will do. True unless set. */
  readonly verifyCertificate?: boolean;
  /** Seconds that connecting, and each answer, may take; 30 unless set. */
  readonly timeoutSeconds?: number;
}

export interface MailMessage {
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly html?: string;
}

const longest = 300;

/**
 * Sends one mail; resolves once the server has taken it over.
 *
 * @throws ConfigurationError `mail.settings`, before anything is contacted
 * @throws ConnectionError `mail.unreachable`; AuthenticationError `mail.sign-in`
 * @throws ResponseError `mail.refused` when the server takes neither sender, nor recipients, nor text
 */
export async function sendMail(settings: MailSettings, message: MailMessage): Promise<void> {
  const to = message.to.map((address) => address.trim()).filter((address) => address !== '');
  if (to.length === 0) throw unusable('no recipient is given');
  if (settings.host.trim() === '') throw unusable('no SMTP host is given');
  if (!(Number.isInteger(settings.port) && settings.port > 0 && settings.port < 65_536)) {
    throw unusable(`${settings.port} is no port`);
  }
  if (!settings.from.includes('@')) throw unusable(`the sender “${settings.from}” is no mail address`);
  // Loaded when there is something to send: most runs send nothing.
  const { createTransport } = await import('nodemailer');
  const timeoutMs = (settings.timeoutSeconds ?? 30) * 1000;
  const transport = createTransport({
    host: settings.host,
    port: settings.port,
    secure: settings.tls === 'implicit',
    requireTLS: settings.tls === 'starttls',
    ignoreTLS: settings.tls === 'none',
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    dnsTimeout: timeoutMs,
    tls: { rejectUnauthorized: settings.verifyCertificate ?? true },
    // Nothing in a message may make it read a file or an address.
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(settings.user && { auth: { user: settings.user, pass: settings.password ?? '' } }),
  });
  const mail: SendMailOptions = {
    from: settings.from,
    to,
    // A subject of several lines would be several headers.
    subject: message.subject.replace(/\s+/g, ' ').trim(),
    text: message.text,
    ...(message.html !== undefined && { html: message.html }),
  };
  try {
    const { rejected } = await transport.sendMail(mail);
    if (rejected.length > 0) throw refused(settings, `it takes no mail for ${rejected.join(', ')}`, 550);
  } catch (error) {
    throw error instanceof MeridianError ? error : mailError(settings, error);
  } finally {
    transport.close();
  }
}

function unusable(why: string): ConfigurationError {
  return new ConfigurationError('mail.settings', `Mail cannot be sent: ${why}.`, {
    help: 'Check the SMTP settings: host, port, sender, recipients.',
  });
}

function refused({ host, port }: MailSettings, why: string, status: number): ResponseError {
  return new ResponseError('mail.refused', `The SMTP server ${host}:${port} refuses the mail: ${why}.`, {
    status,
    body: why,
    help: 'Check sender and recipients, and whether this server may send for this sender.',
  });
}

function mailError(settings: MailSettings, error: unknown): MeridianError {
  const { code, responseCode, message } = (error ?? {}) as Record<string, unknown>;
  const where = `${settings.host}:${settings.port}`;
  const why = wordsOf(message ?? code, settings);
  switch (code) {
    case 'EAUTH':
    case 'ENOAUTH':
    case 'EOAUTH2':
      return new AuthenticationError('mail.sign-in', `The SMTP server ${where} does not let us in: ${why}.`, {
        help: 'Check the SMTP user and password; many providers want a password made for programs.',
      });
    case 'EENVELOPE':
    case 'EMESSAGE':
      return refused(settings, why, typeof responseCode === 'number' ? responseCode : 550);
    case 'ETLS':
      return new ConnectionError('mail.unreachable', `The SMTP server ${where} offers no TLS that we accept: ${why}.`, {
        help: 'Check whether the port expects TLS from the first byte (465), STARTTLS (587), or none (25), and its certificate.',
      });
    default:
      return typeof responseCode === 'number' && responseCode >= 500
        ? refused(settings, why, responseCode)
        : new ConnectionError('mail.unreachable', `The SMTP server ${where} cannot be used: ${why}.`, {
            help: 'Check host and port, whether this machine may reach it, and whether the port expects TLS from the first byte.',
          });
  }
}

/** The first line of what was said. A server may repeat what we sent, so what signs us in is masked. */
function wordsOf(said: unknown, { password }: MailSettings): string {
  const line = String(said ?? 'no reason given')
    .split('\n', 1)[0]!
    .trim()
    .replace(/[.:]+$/, '');
  const safe = new Redactor(password ? [password] : []).redact(line);
  return safe.length > longest ? `${safe.slice(0, longest)}…` : safe;
}
