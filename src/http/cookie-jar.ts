interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly path: string;
  readonly secure: boolean;
  /** Epoch milliseconds; undefined for as long as the client lives. */
  readonly expiresAt: number | undefined;
}

/** A shorter value would be masked in places where it is a word like any other. */
const shortestMasked = 6;

/**
 * The session cookies of one server (RFC 6265, for a client that speaks to one host): gateways keep a session in them,
 * or remember which of several servers behind them has it. Never stored, never shown.
 */
export class CookieJar {
  readonly #cookies = new Map<string, Cookie>();

  /** The `cookie` header for a request; undefined when there is nothing to say. */
  header(url: URL, now = Date.now()): string | undefined {
    const fitting = [...this.#cookies.values()]
      .filter(({ expiresAt }) => expiresAt === undefined || expiresAt > now)
      .filter(({ secure }) => !secure || url.protocol === 'https:')
      .filter(({ path }) => pathMatches(url.pathname, path))
      // The longer path first, as the RFC asks.
      .sort((a, b) => b.path.length - a.path.length);
    return fitting.length === 0 ? undefined : fitting.map(({ name, value }) => `${name}=${value}`).join('; ');
  }

  /** Takes what an answer sets, and lets go of what it takes back. */
  take(url: URL, setCookie: string | readonly string[] | undefined, now = Date.now()): void {
    for (const line of [setCookie ?? []].flat()) {
      const cookie = parse(line, url, now);
      if (!cookie) continue;
      const key = `${cookie.name};${cookie.path}`;
      if (cookie.expiresAt !== undefined && cookie.expiresAt <= now) this.#cookies.delete(key);
      else this.#cookies.set(key, cookie);
    }
  }

  /** Forgets a session that the server refused, unless another answer has brought a new one since. */
  forget(url: URL, sent: string): void {
    if (this.header(url) === sent) this.#cookies.clear();
  }

  /** A text without the values of the cookies. */
  mask(text: string): string {
    return [...this.#cookies.values()]
      .filter(({ value }) => value.length >= shortestMasked)
      .reduce((masked, { value }) => masked.replaceAll(value, '***'), text);
  }
}

function pathMatches(path: string, cookiePath: string): boolean {
  return path === cookiePath || path.startsWith(cookiePath.endsWith('/') ? cookiePath : `${cookiePath}/`);
}

/** A line of `set-cookie`; undefined for one that is none, or that is another host's. */
function parse(line: string, url: URL, now: number): Cookie | undefined {
  const [pair = '', ...parts] = line.split(';');
  const equals = pair.indexOf('=');
  const name = pair.slice(0, equals).trim();
  if (equals < 1 || name === '') return undefined;
  const attributes = new Map(
    parts.map((part): [string, string] => {
      const [key = '', ...value] = part.split('=');
      return [key.trim().toLowerCase(), value.join('=').trim()];
    }),
  );
  const domain = attributes.get('domain')?.replace(/^\./, '').toLowerCase();
  if (domain && url.hostname !== domain && !url.hostname.endsWith(`.${domain}`)) return undefined;
  const path = attributes.get('path');
  return {
    name,
    value: pair.slice(equals + 1).trim(),
    path: path?.startsWith('/') ? path : url.pathname.slice(0, Math.max(1, url.pathname.lastIndexOf('/'))),
    secure: attributes.has('secure'),
    expiresAt: expiryOf(attributes, now),
  };
}

/** `Max-Age` (seconds) wins over `Expires`. */
function expiryOf(attributes: ReadonlyMap<string, string>, now: number): number | undefined {
  const maxAge = attributes.get('max-age');
  if (maxAge !== undefined && /^-?\d+$/.test(maxAge)) return Number(maxAge) > 0 ? now + Number(maxAge) * 1000 : 0;
  const expires = Date.parse(attributes.get('expires') ?? '');
  return Number.isNaN(expires) ? undefined : expires;
}
