import { formsOf } from './secret-forms.ts';

/** Shown in place of a secret. */
const mask = '***';
/** Shorter texts are hidden only where they are the whole of a text: elsewhere they would blank out ordinary words. */
const shortest = 3;
/** Up to this length a secret may be a plain word (`admin`) and is hidden as a word of its own only. */
const wordlike = 7;
/** Tokens that are kept in mind: those that were replaced long ago have ended. */
const mostLearned = 50;

/** One text that a secret may show up as. */
interface Form {
  readonly text: string;
  /** Hidden as a word of its own only. */
  readonly word: boolean;
  /** Characters of the secret that it is a form of. */
  readonly length: number;
}

/**
 * Takes secrets out of everything that is shown or written, in every form that `formsOf` knows. One redactor serves a
 * recipe and all that is done with it, so that what a sign-in learns on the way is masked everywhere from then on.
 */
export class Redactor {
  /** Never forgotten: what the recipe gave, and keys. */
  readonly #given: Set<string>;
  readonly #learned = new Set<string>();
  /** Forms by their first three characters, longest first. */
  #forms: ReadonlyMap<string, readonly Form[]> = new Map();
  /** Finds where a form may begin; undefined when there is none. */
  #beginnings: RegExp | undefined;
  #stale = true;

  constructor(secrets: Iterable<string>) {
    this.#given = new Set([...secrets].filter((secret) => secret !== ''));
  }

  /** Masks this too from now on: a token that a sign-in got, a secret that was read from a file. */
  learn(secret: string): void {
    if (secret === '' || this.#given.has(secret)) return;
    // A key is learned once, when its file is read, and signs in for as long as the process runs.
    if (secret.includes('\n')) {
      this.#given.add(secret);
      this.#stale = true;
      return;
    }
    // Its place is at the end again, so that what is in use is never the one that is forgotten.
    if (!this.#learned.delete(secret)) this.#stale = true;
    this.#learned.add(secret);
    for (const oldest of this.#learned) {
      if (this.#learned.size <= mostLearned) break;
      this.#learned.delete(oldest);
      this.#stale = true;
    }
  }

  /** @param leastLength secrets with fewer characters are left in; 0 unless set */
  redact(text: string, leastLength = 0): string {
    if (this.#stale) this.#compile();
    if (text.length >= leastLength && (this.#given.has(text) || this.#learned.has(text))) return mask;
    const beginnings = this.#beginnings;
    if (!beginnings) return text;
    let shown = '';
    let from = 0;
    beginnings.lastIndex = 0;
    for (let found = beginnings.exec(text); found; found = beginnings.exec(text)) {
      const at = found.index;
      const form = this.#formAt(text, at, found[0], leastLength);
      beginnings.lastIndex = at + (form?.text.length ?? 1);
      if (!form) continue;
      shown += text.slice(from, at) + (isJsonLiteral(text, at, form.text) ? `"${mask}"` : mask);
      from = beginnings.lastIndex;
    }
    return from === 0 ? text : shown + text.slice(from);
  }

  /** A copy of plain data with every text in it redacted, keys too. */
  redactValue<T>(value: T, leastLength = 0): T {
    return this.#redactAny(value, new Set(), leastLength) as T;
  }

  #redactAny(value: unknown, above: ReadonlySet<unknown>, leastLength: number): unknown {
    if (typeof value === 'string') return this.redact(value, leastLength);
    if (value === null || typeof value !== 'object') return value;
    if (above.has(value)) return undefined;
    const within = new Set([...above, value]);
    if (Array.isArray(value)) return value.map((item) => this.#redactAny(item, within, leastLength));
    if (Object.getPrototypeOf(value) !== Object.prototype && Object.getPrototypeOf(value) !== null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [
        this.redact(key, leastLength),
        this.#redactAny(item, within, leastLength),
      ]),
    );
  }

  #formAt(text: string, at: number, beginning: string, leastLength: number): Form | undefined {
    return this.#forms
      .get(beginning)
      ?.find(
        (form) =>
          form.length >= leastLength &&
          text.startsWith(form.text, at) &&
          (!form.word || isWordAt(text, at, form.text.length)),
      );
  }

  #compile(): void {
    const forms = new Map<string, Map<string, Form>>();
    for (const secret of [...this.#given, ...this.#learned]) {
      if (secret.length < shortest) continue;
      for (const text of formsOf(secret)) {
        if (text.length < shortest) continue;
        const beginning = text.slice(0, shortest);
        const same = forms.get(beginning) ?? new Map<string, Form>();
        forms.set(beginning, same);
        const word = text.length <= wordlike && /^\w+$/.test(text);
        // The longest secret that has this form: it is masked wherever any of them is.
        const length = Math.max(secret.length, same.get(text)?.length ?? 0);
        same.set(text, { text, word, length });
      }
    }
    this.#forms = new Map(
      [...forms].map(([beginning, same]) => [
        beginning,
        [...same.values()].sort((a, b) => b.text.length - a.text.length),
      ]),
    );
    this.#beginnings = forms.size > 0 ? new RegExp([...forms.keys()].map(escaped).join('|'), 'g') : undefined;
    this.#stale = false;
  }
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}

/** A password such as 123456 may also be a number of a JSON text: that has to stay JSON. */
function isJsonLiteral(text: string, at: number, form: string): boolean {
  if (!/^(\d+|true|false|null)$/.test(form) || !/":\s*$/.test(text.slice(Math.max(0, at - 8), at))) return false;
  return /^\s*([,}\]]|$)/.test(text.slice(at + form.length, at + form.length + 8));
}

/** What ends in a letter or digit and is no part of the word behind it: `%2F`, `\\n` of JSON, a terminal’s colour. */
const notOfTheWord = /(?:%[\dA-Fa-f]{2}|\\[bfnrt]|\\u[\dA-Fa-f]{4}|\[[\d;]*m)$/;

function isWordAt(text: string, at: number, length: number): boolean {
  if (/^\w/.test(text.charAt(at + length))) return false;
  return !/^\w/.test(text.charAt(at - 1)) || notOfTheWord.test(text.slice(Math.max(0, at - 12), at));
}
