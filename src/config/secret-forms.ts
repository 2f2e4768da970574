import { soundsSecret } from './secret-keys.ts';

/** Parts of a secret that are shorter than this are not looked for by themselves. */
const shortestPart = 12;
/** Members of a JSON Web Key that are private. */
const privateKeyMembers: ReadonlySet<string> = new Set(['d', 'p', 'q', 'dp', 'dq', 'qi', 'k']);

/**
 * Every text as which a secret may show up: itself, the lines of a PEM, the values within a key's JSON, and each of these as
 * addresses, JSON, HTML, a terminal's quotes and base64 write it.
 */
export function formsOf(secret: string): ReadonlySet<string> {
  const forms = new Set<string>();
  for (const part of partsOf(secret)) {
    for (const form of [part, ...encodedForms(part), ...base64Forms(part)]) forms.add(form);
  }
  return forms;
}

function partsOf(secret: string): ReadonlySet<string> {
  const trimmed = secret.trim();
  const parts = new Set([secret, trimmed]);
  const members = secretMembers(trimmed);
  if (members) {
    for (const member of members) for (const part of partsOf(member)) parts.add(part);
    return parts;
  }
  // A PEM that comes from a variable often has \n in place of its line breaks.
  const lines = trimmed.split(/\r\n|\r|\n|\\r\\n|\\n/).map((line) => line.trim());
  if (lines.length === 1) return parts;
  for (const ending of ['\n', '\r\n', '\\n', ' ']) parts.add(lines.join(ending));
  for (const line of lines) {
    if (line.length >= shortestPart && !line.startsWith('-----')) parts.add(line);
  }
  // The body of a PEM, however it is broken into lines.
  const body = lines.filter((line) => /^[\w+/=-]+$/.test(line) && !line.startsWith('-----')).join('');
  if (body.length >= shortestPart) {
    parts.add(body);
    for (const width of [64, 76]) for (const line of chunks(body, width)) parts.add(line);
  }
  return parts;
}

function chunks(text: string, width: number): string[] {
  const found = [];
  for (let from = 0; from < text.length; from += width) found.push(text.slice(from, from + width));
  return found.filter((chunk) => chunk.length >= shortestPart);
}

/** The secret values of a service account's JSON or a JSON Web Key; undefined for what is no JSON. */
function secretMembers(text: string): readonly string[] | undefined {
  if (!text.startsWith('{') && !text.startsWith('[')) return undefined;
  try {
    return [...textsAt(JSON.parse(text))];
  } catch {
    return undefined;
  }
}

function* textsAt(value: unknown): Iterable<string> {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, item] of Object.entries(value)) {
    const hidden = soundsSecret(key) || privateKeyMembers.has(key);
    if (typeof item !== 'string') yield* textsAt(item);
    else if (hidden && item.length >= shortestPart && !/^https?:/.test(item)) yield item;
  }
}

function encodedForms(text: string): string[] {
  const json = JSON.stringify(text).slice(1, -1);
  const ascii = json.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return [
    ...percentForms(text),
    json,
    json.replaceAll('/', '\\/'),
    ascii,
    // Within a text that is itself a text in JSON.
    JSON.stringify(json).slice(1, -1),
    JSON.stringify(ascii).slice(1, -1),
    text.replaceAll('\\', '\\\\').replaceAll("'", "\\'"),
    ...htmlForms(text),
  ];
}

function percentForms(text: string): string[] {
  let component: string;
  let whole: string;
  try {
    component = encodeURIComponent(text);
    whole = encodeURI(text);
  } catch {
    // Half a surrogate pair has no such form.
    return [];
  }
  const strict = component.replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
  const form = new URLSearchParams([['', text]]).toString().slice(1);
  const forms = [component, whole, strict, form, component.replaceAll('%20', '+'), inUserInfo(text)];
  return [...forms, ...forms.map((each) => each.replaceAll(/%[\dA-F]{2}/g, (code) => code.toLowerCase()))];
}

/** As `new URL` writes the password of `http://user:password@host`. */
function inUserInfo(text: string): string {
  const url = new URL('http://host');
  url.password = text;
  return url.password;
}

function htmlForms(text: string): string[] {
  const bare = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const quoted = bare.replaceAll('"', '&quot;');
  return [bare, quoted, quoted.replaceAll("'", '&#39;'), quoted.replaceAll("'", '&#x27;')];
}

/**
 * What base64 shows of a secret whatever stands before it: three texts, one for each way in which its bytes can fall
 * into groups of three, without the characters that its neighbours have a part in.
 */
function base64Forms(text: string): string[] {
  const forms = [Buffer.from(text).toString('base64'), Buffer.from(text).toString('base64url')];
  for (let before = 0; before < 3; before += 1) {
    const bytes = Buffer.from(`${'x'.repeat(before)}${text}`);
    const from = Math.ceil((before * 8) / 6);
    const to = Math.floor((bytes.length * 8) / 6);
    for (const encoding of ['base64', 'base64url'] as const) {
      const inner = bytes.toString(encoding).replace(/=+$/, '').slice(from, to);
      if (inner.length >= 8) forms.push(inner);
    }
  }
  return forms;
}
