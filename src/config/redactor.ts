/** Shown in place of a secret. */
const mask = '***';
/** Shorter texts are hidden only where they are the whole of a text: elsewhere they would blank out ordinary words. */
const shortest = 3;
/** Up to this length a secret may be a plain word (`admin`) and is hidden as a word of its own only. */
const wordlike = 7;

/**
 * Takes secrets out of everything that is shown or written: as they are, URL-encoded, JSON-escaped, and in base64, also
 * as the part of a `user:secret` pair behind basic authentication.
 */
export class Redactor {
  readonly #pattern: RegExp | undefined;
  readonly #whole: ReadonlySet<string>;

  constructor(secrets: Iterable<string>) {
    const all = new Set([...secrets].filter((secret) => secret !== ''));
    this.#whole = all;
    const forms = new Set<string>();
    for (const secret of all) {
      if (secret.length < shortest) continue;
      for (const form of [secret, secret.trim(), ...encodedForms(secret), ...base64Forms(secret)]) forms.add(form);
    }
    const longestFirst = [...forms].filter((form) => form.length >= shortest).sort((a, b) => b.length - a.length);
    this.#pattern = longestFirst.length > 0 ? new RegExp(longestFirst.map(expressionFor).join('|'), 'g') : undefined;
  }

  redact(text: string): string {
    if (this.#whole.has(text)) return mask;
    return this.#pattern ? text.replace(this.#pattern, mask) : text;
  }

  /** A copy of plain data with every text in it redacted, keys too. */
  redactValue<T>(value: T): T {
    return this.#redactAny(value, new Set()) as T;
  }

  #redactAny(value: unknown, above: ReadonlySet<unknown>): unknown {
    if (typeof value === 'string') return this.redact(value);
    if (value === null || typeof value !== 'object') return value;
    if (above.has(value)) return undefined;
    const within = new Set([...above, value]);
    if (Array.isArray(value)) return value.map((item) => this.#redactAny(item, within));
    if (Object.getPrototypeOf(value) !== Object.prototype && Object.getPrototypeOf(value) !== null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [this.redact(key), this.#redactAny(item, within)]),
    );
  }
}

function expressionFor(form: string): string {
  const escaped = form.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
  if (form.length > wordlike || !/^\w+$/.test(form)) return escaped;
  // A percent sign’s two digits are no part of a word.
  return `(?:(?<!\\w)|(?<=%[\\dA-Fa-f]{2}))${escaped}(?!\\w)`;
}

function encodedForms(secret: string): string[] {
  const component = uriEncoded(secret);
  return [
    component,
    component.replaceAll(/%[\dA-F]{2}/g, (code) => code.toLowerCase()),
    component.replaceAll('%20', '+'),
    JSON.stringify(secret).slice(1, -1),
    // Within a text that is itself a text in JSON.
    JSON.stringify(JSON.stringify(secret).slice(1, -1)).slice(1, -1),
  ];
}

function uriEncoded(secret: string): string {
  try {
    return encodeURIComponent(secret);
  } catch {
    // Half a surrogate pair has no such form.
    return secret;
  }
}

/**
 * What base64 shows of a secret whatever stands before it: three texts, one for each way in which its bytes can fall
 * into groups of three, without the characters that its neighbours have a part in.
 */
function base64Forms(secret: string): string[] {
  const forms = [Buffer.from(secret).toString('base64'), Buffer.from(secret).toString('base64url')];
  for (let before = 0; before < 3; before += 1) {
    const bytes = Buffer.from(`${'x'.repeat(before)}${secret}`);
    const from = Math.ceil((before * 8) / 6);
    const to = Math.floor((bytes.length * 8) / 6);
    for (const encoding of ['base64', 'base64url'] as const) {
      const inner = bytes.toString(encoding).replace(/=+$/, '').slice(from, to);
      if (inner.length >= 8) forms.push(inner);
    }
  }
  return forms;
}
