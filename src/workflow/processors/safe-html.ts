/**
 * HTML in descriptions. Markdown, and text that only looks like HTML (`array<string>`, `a < b`), stays as it is.
 *
 * One expression finds Markdown code and HTML from left to right, so that what stands in backticks is text, and a
 * backtick inside a tag's attribute does not hide the tag.
 */
const code = '```[\\s\\S]*?```|`[^`\\n]+`';
const comment = '<!--[\\s\\S]*?(?:-->|$)';
const harmful = '<(script|style|iframe|object|embed|template|svg|math|noscript)\\b[^>]*>(?:[\\s\\S]*?</\\1\\s*>)?';
// The bounds keep a text full of unclosed tags from taking quadratic time.
const tag = '</?([a-z][a-z0-9]*)\\b(?:"[^"]{0,2000}"|\'[^\']{0,2000}\'|[^<>"\']){0,2000}>';
const pieces = new RegExp(`${code}|${comment}|${harmful}|${tag}`, 'gi');

const elements = new Set(
  (
    'a abbr address article aside b base big blockquote body br button caption center cite code col dd del details div ' +
    'dl dt em fieldset figcaption figure font footer form frame frameset h1 h2 h3 h4 h5 h6 head header hr html i img ' +
    'input ins kbd label legend li link main mark meta nav ol option p pre q s samp section select small span strike ' +
    'strong sub summary sup table tbody td textarea tfoot th thead title tr tt u ul'
  )
    .split(' ')
    .values(),
);
/** Elements of pages, not of texts: their tags go, what they hold stays. */
const pageElements = new Set(
  'base body button fieldset form frame frameset head html input link meta option select textarea'.split(' '),
);
const lineEnds = new Set(
  'address blockquote br dd div dt h1 h2 h3 h4 h5 h6 hr li ol p pre section table tr ul'.split(' '),
);

const handler = /\s+on[a-z]+\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>]+)/gi;
const scriptUrl =
  /\b(href|src|action|formaction|xlink:href)\s*=\s*(["']?)\s*(?:javascript|vbscript|data\s*:\s*text)\s*:?[^"'>]*\2/gi;
const scriptLink = /(\]\(\s*<?)\s*(?:javascript|vbscript):[^)\s]*/gi;

/** Takes out what could run or change the page: scripts, frames, event handlers, `javascript:` links. */
export function makeHtmlSafe(text: string): string {
  const linksSafe = text.replace(scriptLink, '$1#');
  if (!linksSafe.includes('<')) return linksSafe;
  return linksSafe.replace(pieces, (piece, harm?: string, name?: string) => {
    if (piece.startsWith('`')) return piece;
    if (harm !== undefined || piece.startsWith('<!--')) return '';
    if (name !== undefined && pageElements.has(name.toLowerCase())) return '';
    return piece.replace(handler, '').replace(scriptUrl, '$1=$2#$2');
  });
}

/** Plain text (or Markdown) without HTML; blocks and `<br>` become line ends, entities their characters. */
export function stripHtml(text: string): string {
  if (!text.includes('<') && !text.includes('&')) return text;
  const stripped = text.replace(pieces, (piece, harm?: string, rawName?: string) => {
    if (piece.startsWith('`')) return piece;
    if (harm !== undefined || piece.startsWith('<!--')) return '';
    const name = rawName?.toLowerCase() ?? '';
    if (!elements.has(name)) return piece;
    if (name === 'li' && !piece.startsWith('</')) return '\n- ';
    return lineEnds.has(name) ? '\n' : '';
  });
  if (stripped === text) return decodeEntities(text);
  return decodeEntities(stripped)
    .replace(/[ \t]+\n/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .replace(/\n\n(?=- )/g, '\n')
    .trim();
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

function decodeEntities(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,6}));/gi, (whole, decimal, hex, name) => {
    if (name !== undefined) return entities[String(name).toLowerCase()] ?? whole;
    const point = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
    return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : whole;
  });
}
