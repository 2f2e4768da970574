import { decodeEntities } from './entities.ts';
import { makeHtmlSafe } from './safe-html.ts';

/**
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
const lineEnds = new Set(
  'address blockquote br dd div dt h1 h2 h3 h4 h5 h6 hr li ol p pre section table tr ul'.split(' '),
);

/** Plain text (or Markdown) without HTML; blocks and `<br>` become line ends, entities their characters. */
export function stripHtml(text: string): string {
  return makeHtmlSafe(text.includes('<') || text.includes('&') ? strip(text) : text);
}

function strip(text: string): string {
  const stripped = text.replace(pieces, (piece, harm?: string, rawName?: string) => {
    if (piece.startsWith('`')) return piece;
    if (harm !== undefined || piece.startsWith('<!--')) return '';
    const name = rawName?.toLowerCase() ?? '';
    if (!elements.has(name)) return piece;
    if (name === 'li' && !piece.startsWith('</')) return '\n- ';
    return lineEnds.has(name) ? '\n' : '';
  });
  if (stripped === text) return plainEntities(text);
  return plainEntities(stripped)
    .replace(/[ \t]+\n/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .replace(/\n\n(?=- )/g, '\n')
    .trim();
}

/** What was written so that it is not taken for a tag must not become one. */
function plainEntities(text: string): string {
  return decodeEntities(text, (character, behind) => character === '<' && /^[a-z/!?&]/i.test(behind));
}
