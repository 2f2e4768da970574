import { AuthenticationError, ConfigurationError, ConnectionError, type MeridianError } from '../errors.ts';

const longest = 300;

/** What went wrong with a secret, by the manager's own account of it. */
export interface Refusal {
  /** For people: `AWS Secrets Manager`. */
  readonly manager: string;
  readonly id: string;
  readonly cause: unknown;
}

/** The manager does not let us in, or does not let us read this secret. */
export function notAllowed({ manager, id, cause }: Refusal, right: string): MeridianError {
  return new AuthenticationError(
    'secrets.not-allowed',
    `${manager} does not give the secret ${id} to us: ${wordsOf(cause)}`,
    { help: `Check who we are to it (its credentials in the environment), and that this one has the right ${right}.` },
  );
}

export function unreachable({ manager, id, cause }: Refusal): MeridianError {
  return new ConnectionError('secrets.unreachable', `${manager} cannot be reached for ${id}: ${wordsOf(cause)}`, {
    help: 'Check its address and region in the environment, and that this machine may reach it (proxy, firewall).',
  });
}

/** Any other refusal: too many requests for too long, a secret that is disabled, a key that is gone. */
export function refused({ manager, id, cause }: Refusal): MeridianError {
  return new ConnectionError('secrets.refused', `${manager} cannot give the secret ${id}: ${wordsOf(cause)}`, {
    help: 'The message has its words; when it had too much to do, run again later.',
  });
}

/** A setting without which the manager cannot even be asked. */
export function settingMissing(manager: string, what: string, help: string): ConfigurationError {
  return new ConfigurationError('secrets.settings', `${manager} cannot be asked: ${what}`, { help });
}

/** The first line, with the code of what has none. The cause itself stays behind: it may hold the request's headers. */
function wordsOf(cause: unknown): string {
  const { message, code, name } = (cause ?? {}) as { message?: unknown; code?: unknown; name?: unknown };
  const first = typeof message === 'string' ? message.split('\n', 1)[0]!.trim() : '';
  const words = first || String(code ?? name ?? 'no reason given');
  const short = words.length > longest ? `${words.slice(0, longest)}…` : words;
  return /[.!?…]$/.test(short) ? short : `${short}.`;
}

const network =
  /^(ECONN|ENOTFOUND|EAI_|ETIMEDOUT|EHOST|ENETUNREACH|EPIPE|ERR_TLS|ERR_SSL|CERT_|UNABLE_TO|SELF_SIGNED|DEPTH_ZERO)/;

/** True when no answer came at all. */
export function isNetworkError(error: unknown): boolean {
  for (let at: unknown = error, depth = 0; typeof at === 'object' && at !== null && depth < 5; depth += 1) {
    const { code, errno, name, cause, errors } = at as Record<string, unknown>;
    if (name === 'TimeoutError' || name === 'AbortError') return true;
    if (network.test(String(code ?? errno ?? ''))) return true;
    at = cause ?? (Array.isArray(errors) ? errors[0] : undefined);
  }
  return false;
}
