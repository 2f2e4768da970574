import { AuthenticationError, ConnectionError, ResponseError } from '../errors.ts';

/** Where a request went, for messages: never the query, which may hold names of people. */
export interface RequestPlace {
  /** The server's name for people: `Apache Atlas`, `OpenMetadata`. */
  readonly name: string;
  readonly method: string;
  readonly url: URL;
}

const keptBody = 2_000;

function at({ name, method, url }: RequestPlace): string {
  return `${name} at ${url.origin} (${method} ${url.pathname})`;
}

/** The title of a web page, or its first words. */
function pageTitle(html: string): string {
  const title = /<title[^>]*>([^<]*)</i.exec(html)?.[1]?.trim();
  return (
    title ||
    html
      .replace(/<[^>]*>/g, ' ')
      .replace(/\s+/g, ' ')
      .trim()
      .slice(0, 80)
  );
}

const causes: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens at this address',
  ENOTFOUND: 'this host name is unknown',
  EAI_AGAIN: 'this host name cannot be looked up just now',
  ECONNRESET: 'the connection was dropped',
  UND_ERR_SOCKET: 'the connection was dropped',
  UND_ERR_CONNECT_TIMEOUT: 'no connection within the time limit',
  UND_ERR_HEADERS_TIMEOUT: 'no answer within the time limit',
  UND_ERR_BODY_TIMEOUT: 'the answer stopped half-way',
  ETIMEDOUT: 'no answer within the time limit',
  EHOSTUNREACH: 'the host cannot be reached',
};

/** The first `code` along a chain of causes, such as ECONNREFUSED. */
function codeOf(error: unknown): string | undefined {
  for (let current = error, depth = 0; current instanceof Error && depth < 5; depth += 1) {
    const { code } = current as { code?: unknown };
    if (typeof code === 'string') return code;
    current = current.cause;
  }
  return undefined;
}

const tlsCode = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|TLS|SSL|EPROTO/;

/** Another attempt would fail the same way: the name is unknown, the certificate refused, or it is no HTTP. */
export function isFinal(cause: unknown): boolean {
  const code = codeOf(cause) ?? '';
  return code === 'ENOTFOUND' || tlsCode.test(code) || (code.startsWith('HPE_') && code !== 'HPE_INVALID_EOF_STATE');
}

/** There was no connection, so that the server cannot have done anything. */
export function neverSent(cause: unknown): boolean {
  return ['ECONNREFUSED', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT'].includes(
    codeOf(cause) ?? '',
  );
}

/** The connection could not be had, or broke. */
export function connectionError(place: RequestPlace, cause: unknown): ConnectionError {
  const code = codeOf(cause) ?? '';
  const isTls = tlsCode.test(code);
  const why = isTls
    ? `its certificate is not accepted (${code})`
    : (causes[code] ?? (cause instanceof Error ? cause.message : 'the connection failed'));
  return new ConnectionError('http.unreachable', `${at(place)} cannot be reached: ${why}.`, {
    help: isTls
      ? 'Check the host name, or name the certificate authority in the recipe.'
      : 'Check hostPort in the recipe, that the server runs, and that this machine may reach it (proxy, firewall).',
    cause,
  });
}

/** The answer ended before it was whole. */
export function halfAnswer(place: RequestPlace, cause: unknown): ConnectionError {
  return new ConnectionError('http.half-answer', `${at(place)} sent an answer that is cut off or is no JSON.`, {
    help: 'Run it again; if it stays, look at the server’s log and at what stands between (proxy, gateway).',
    cause,
  });
}

/**
 * What an answer that is no success means.
 *
 * @param body and `location` with secrets masked
 */
export function statusError(
  place: RequestPlace,
  status: number,
  body: string,
  location: string,
): AuthenticationError | ConnectionError | ResponseError {
  const { name } = place;
  if (status === 401) {
    return new AuthenticationError('http.not-signed-in', `${at(place)} refused the sign-in (401).`, {
      help: `Check the user and password, or the token, that the recipe has for ${name}; a token may have expired.`,
    });
  }
  if (status === 403) {
    return new AuthenticationError('http.not-allowed', `${at(place)} does not allow this to the user (403).`, {
      help: `Give the user of the recipe the rights for it in ${name}.`,
    });
  }
  if (status >= 300 && status < 400) {
    // Without its query, which can hold a sign-in's state.
    const target = location.split('?')[0] || 'another address';
    return new ConnectionError('http.redirect', `${at(place)} redirects to ${target} (${status}).`, {
      help: 'Redirects are not followed, since they often lead to a login page: put the final address in hostPort.',
    });
  }
  const text = body.trimStart().startsWith('<') ? `a web page (“${pageTitle(body)}”)` : ownWords(body);
  const said = text ? `: ${text.slice(0, 300)}` : '';
  return new ResponseError('http.refused', `${at(place)} answered ${status}${said}`, {
    status,
    body: body.slice(0, keptBody),
    help: status >= 500 ? `Look at the log of ${name}.` : `${name} does not accept this request as it is.`,
  });
}

/** The message in an error's JSON, as Atlas and OpenMetadata write them; else the text itself. */
function ownWords(body: string): string {
  try {
    const { errorMessage, message, errorCode } = (JSON.parse(body) ?? {}) as Record<string, unknown>;
    const words = errorMessage ?? message;
    if (typeof words !== 'string') return body;
    return typeof errorCode === 'string' ? `${words} (${errorCode})` : words;
  } catch {
    return body;
  }
}

/** A web page came where data was expected: a login page, a proxy, another server. */
export function webPage(place: RequestPlace, body: string): ConnectionError {
  const title = pageTitle(body);
  return new ConnectionError('http.web-page', `${at(place)} answered with a web page (“${title}”) instead of data.`, {
    help: 'It is probably a login page, a proxy, or another server: check hostPort, and how one signs in there.',
  });
}
