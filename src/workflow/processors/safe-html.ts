import { decodeEntities } from './entities.ts';
import { isHarmfulAddress } from './harmful-address.ts';
import { type HtmlAttribute, type HtmlTag, readTag } from './html-tag.ts';
import { markdownPieces } from './markdown-code.ts';

/** Elements whose content is no text for people: it goes with them. */
const dropped = new Set(
  'script style iframe object embed applet template svg math noscript noembed noframes xmp plaintext'.split(' '),
);
/** Elements of pages, not of texts: their tags go, what they hold stays. */
const pageElements = new Set(
  (
    'base body button datalist dialog fieldset form frame frameset head html input keygen link marquee meta optgroup ' +
    'option output portal select slot textarea title audio video source track'
  ).split(' '),
);
/** Those of them that have no end. */
const empty = new Set('base input keygen link meta source track embed frame'.split(' '));
const plainAttributes = new Set(
  (
    'abbr align alt bgcolor border cellpadding cellspacing char class cite color colspan datetime dir face headers height ' +
    'href id lang name open rel reversed rowspan rules scope size span src start summary target title type valign value ' +
    'width'
  ).split(' '),
);
/** What may stand before HTML in its line: marks of quotes and lists. */
const lineStart = /^[\s>*+\-\d.)]*$/;
/** Attributes that run, load or lead somewhere. */
const acting = /^(?:on|style|href|src|action|form|data|background|poster|ping|xlink)/;
const addresses = new Set(['href', 'src', 'cite']);
/** Looks that a text may have; nothing that moves or hides something, or loads it. */
const style =
  /^(?:\s*(?:color|background-color|text-align|text-decoration|font-(?:family|size|style|weight)|vertical-align|width|white-space)\s*:\s*[\w\s#%.,()'-]*;?)*\s*$/i;
const loading = /\b(?:url|expression|image|image-set|var|attr|element)\s*\(/i;

/** Passes until nothing is left to be taken out; what then still is no clean text shows its marks instead. */
const mostPasses = 4;

/**
 * Takes out what could run or change the page: scripts, frames, forms, event handlers, addresses that are programs. Text
 * that only looks like HTML (`array<string>`, `a < b`) and Markdown, its code included, stay byte for byte.
 */
export function makeHtmlSafe(text: string): string {
  let current = text;
  // What is taken out may join what stood around it to a new tag: `<scr<script>ipt>`.
  for (let pass = 0; pass < mostPasses; pass += 1) {
    const next = markdownPieces(current)
      .map((piece) => (piece.code ? piece.text : safeText(piece.text)))
      .join('');
    if (next === current) return next;
    current = next;
  }
  return current.replace(/<(?=[a-z/!?])/gi, '&lt;');
}

function safeText(text: string): string {
  const linked = text.includes(':') || text.includes('&') ? safeLinks(text) : text;
  if (!linked.includes('<')) return linked;
  const scan = new HtmlScan(linked);
  let result = '';
  let from = 0;
  for (let at = linked.indexOf('<'); at >= 0; at = linked.indexOf('<', from)) {
    const piece = scan.safePiece(at);
    result += linked.slice(from, at) + piece.text;
    from = piece.end;
  }
  return result + linked.slice(from);
}

interface SafePiece {
  readonly text: string;
  readonly end: number;
}

class HtmlScan {
  readonly #text: string;
  readonly #lastSign: number;
  #line = 0;
  #nextLine = 0;
  /** Ends that the text does not hold any more. */
  readonly #missing = new Set<string>();

  constructor(text: string) {
    this.#text = text;
    this.#lastSign = text.lastIndexOf('=');
  }

  /** What becomes of the text that begins with a `<`. */
  safePiece(at: number): SafePiece {
    const text = this.#text;
    if (text.startsWith('<!--', at)) {
      const end = this.#endOf('--!?>', at + 2);
      return end === undefined ? { text: '&lt;', end: at + 1 } : { text: '', end };
    }
    const link = autolink(text, at);
    if (link) return link;
    const tag = readTag(text, at);
    if (tag === undefined) return { text: '<', end: at + 1 };
    if (tag.end === undefined) {
      // At the beginning of a line it makes HTML of what follows. Elsewhere the page around may end it; without a `=` it
      // does nothing then.
      const begins = this.#beginsLine(at);
      const acts = !tag.whole || tag.attributes.some(({ name, value }) => value !== undefined && acting.test(name));
      return { text: begins || (acts && at < this.#lastSign) ? '&lt;' : '<', end: at + 1 };
    }
    // A browser takes it for one odd tag, Markdown for text and another tag, which is looked at by itself.
    if (tag.name.includes('<')) {
      const acts = tag.attributes.some((attribute) => safeAttribute(attribute) !== attribute.text);
      return { text: acts ? '&lt;' : '<', end: at + 1 };
    }
    const isDropped = dropped.has(baseName(tag.name));
    if (!isDropped && !pageElements.has(tag.name)) return { text: safeTag(text.slice(at, tag.end), tag), end: tag.end };
    if (tag.closing) return { text: '', end: tag.end };
    const end = empty.has(tag.name) ? undefined : this.#endOf(`</${tag.name.replace(/[^a-z0-9]/g, '.')}\\s*>`, tag.end);
    // A word in brackets that happens to be an element's name: `from <source> to <target>`. It is shown as it is written.
    if (end === undefined && tag.attributes.length === 0) return { text: '&lt;', end: at + 1 };
    return { text: '', end: (isDropped ? end : undefined) ?? tag.end };
  }

  /** Whether nothing but marks stands before it in its line. To be asked from left to right. */
  #beginsLine(at: number): boolean {
    while (this.#nextLine >= 0 && this.#nextLine <= at) {
      this.#line = this.#nextLine;
      const end = this.#text.indexOf('\n', this.#line);
      this.#nextLine = end < 0 ? -1 : end + 1;
    }
    return lineStart.test(this.#text.slice(this.#line, at));
  }

  /** Where the text goes on behind the next match. */
  #endOf(source: string, from: number): number | undefined {
    if (this.#missing.has(source)) return undefined;
    const expression = new RegExp(source, 'gi');
    expression.lastIndex = from;
    if (expression.exec(this.#text)) return expression.lastIndex;
    this.#missing.add(source);
    return undefined;
  }
}

/** `svg:script` and the like are what stands behind the colon, for some readers. */
function baseName(name: string): string {
  return name.split(':').at(-1)!;
}

/** `<https://example.org>` or `<anna@example.org>`. */
function autolink(text: string, at: number): SafePiece | undefined {
  const found = /^<([a-z][a-z0-9+.-]{1,31}:[^\s<>]*|[^\s<>@/]+@[^\s<>@/]+)>/i.exec(text.slice(at, at + 2_000));
  if (!found || /\/on[a-z]+=/i.test(found[0]) || dropped.has(baseName(found[1]!.toLowerCase()))) return undefined;
  return isHarmfulAddress(found[1]!) ? { text: '&lt;', end: at + 1 } : { text: found[0], end: at + found[0].length };
}

/**
 * A tag of which a browser and every reader of Markdown see the same: it stands in one line, and no value holds what begins
 * another tag. Over lines, Markdown may end it early, or take marks of quotes and lists out of it.
 */
function safeTag(written: string, { name, closing, selfClosing, attributes }: HtmlTag): string {
  const safe = closing ? [] : attributes.map((attribute) => inOneLine(safeAttribute(attribute)));
  const isSame = safe.length === attributes.length && safe.every((text, i) => text === attributes[i]!.text);
  if (isSame && !/[\r\n]/.test(written)) return written;
  const original = written.slice(closing ? 2 : 1, (closing ? 2 : 1) + name.length);
  const kept = [original, ...safe.filter((text) => text !== '')].join(' ');
  return `<${closing ? '/' : ''}${kept}${selfClosing && !closing ? '/' : ''}>`;
}

function inOneLine(text: string): string {
  return text.replace(/\s*[\r\n]\s*/g, ' ').replace(/<(?=[a-z/!?])/gi, '&lt;');
}

function safeAttribute({ name, value, text }: HtmlAttribute): string {
  if (name === 'style') return isPlainStyle(value ?? '') ? text : '';
  const isPlain = plainAttributes.has(name) || /^(?:data|aria)-[a-z-]+$/.test(name);
  // Words between brackets that only look like a tag: `<owner of the table>`.
  if (!isPlain) return value === undefined && /^[a-z0-9_,.:;-]+$/.test(name) && !name.startsWith('on') ? text : '';
  if (addresses.has(name) && isHarmfulAddress(value ?? '')) return `${name}="#"`;
  return text;
}

function isPlainStyle(value: string): boolean {
  const plain = decodeEntities(value);
  return style.test(plain) && !loading.test(plain) && !plain.includes('\\');
}

const inlineLink = /(\]\(\s*)(<[^<>\n]*>?|[^\s<>]+)/g;
const definition = /^([ >\t]*\[[^\]\n]+\]:\s*)(<[^<>\n]*>?|\S+)/gm;

/** Markdown's own links: `[text](address)`, and addresses at the foot of a text. */
function safeLinks(text: string): string {
  const safe = (whole: string, before: string, address: string): string => {
    const bare = address.replace(/^<|>$/g, '');
    if (!isHarmfulAddress(bare)) return whole;
    return `${before}#${/\)*$/.exec(address)![0]}`;
  };
  return text.replace(inlineLink, safe).replace(definition, safe);
}
