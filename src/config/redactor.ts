/** Shown in place of a secret. */
const mask = '***';
/** Shorter texts are no secrets worth hiding, and hiding them would blank out ordinary words. */
const shortest = 3;

/**
 * Takes secrets out of everything that is shown or written: as they are, URL-encoded, JSON-escaped, and in base64, also
 * as the part of a `user:secret` pair behind basic authentication.
 */
export class Redactor {
  readonly #pattern: RegExp | undefined;

  constructor(secrets: Iterable<string>) {
    const forms = new Set<string>();
    for (const secret of secrets) {
      if (secret.length < shortest) continue;
      forms.add(secret);
      forms.add(encodeURIComponent(secret));
      forms.add(JSON.stringify(secret).slice(1, -1));
      for (const form of base64Forms(secret)) forms.add(form);
    }
    const longestFirst = [...forms].filter((form) => form.length >= shortest).sort((a, b) => b.length - a.length);
    const escaped = longestFirst.map((form) => form.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&'));
    this.#pattern = escaped.length > 0 ? new RegExp(escaped.join('|'), 'g') : undefined;
  }

  redact(text: string): string {
    return this.#pattern ? text.replace(this.#pattern, mask) : text;
  }
}

/**
 * What base64 shows of a secret whatever stands before it: three texts, one for each way in which its bytes can fall
 * into groups of three, without the characters that its neighbours have a part in.
 */
function base64Forms(secret: string): string[] {
  const forms = [Buffer.from(secret).toString('base64')];
  for (let before = 0; before < 3; before += 1) {
    const encoded = Buffer.from(`${'x'.repeat(before)}${secret}`)
      .toString('base64')
      .replace(/=+$/, '');
    const bytes = before + Buffer.byteLength(secret);
    const from = Math.ceil((before * 8) / 6);
    const to = Math.floor((bytes * 8) / 6);
    const inner = encoded.slice(from, to);
    if (inner.length >= 8) forms.push(inner);
  }
  return forms;
}
