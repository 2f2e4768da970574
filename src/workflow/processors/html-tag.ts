/** More do not make a tag; it keeps texts full of beginnings from taking quadratic time. */
const mostAttributes = 40;

export interface HtmlAttribute {
  /** Lower case. */
  readonly name: string;
  /** As written, without quotes; undefined for an attribute without a value. */
  readonly value: string | undefined;
  /** As it stands in the text. */
  readonly text: string;
}

export interface HtmlTag {
  /** Lower case. */
  readonly name: string;
  readonly closing: boolean;
  readonly selfClosing: boolean;
  readonly attributes: readonly HtmlAttribute[];
  /** Where the text goes on behind it. */
  readonly end: number;
}

const opening = /<(\/?)([a-z][^\s/>]{0,200})/iy;
const space = /[\s/]*/y;
const attributeName = /[^\s/>][^\s/>=]{0,200}/y;
const equals = /\s*=\s*/y;
const attributeValue = /"[^"]*"|'[^']*'|[^\s>"'][^\s>]{0,4000}/y;

/** A tag that begins and does not end, or only after more than a tag holds. */
export interface UnclosedTag {
  readonly end: undefined;
  readonly attributes: readonly HtmlAttribute[];
  /** Whether the attributes are all there are up to the text's end. */
  readonly whole: boolean;
}

/**
 * Reads the tag that begins at `at`, as a browser does, which takes more for a tag than Markdown does: any name, slashes
 * between attributes, anything as an attribute's name.
 *
 * @returns undefined where none begins
 */
export function readTag(text: string, at: number): HtmlTag | UnclosedTag | undefined {
  const start = matchAt(opening, text, at);
  if (!start) return undefined;
  const attributes: HtmlAttribute[] = [];
  let i = at + start[0].length;
  const unclosed = (whole: boolean): UnclosedTag => ({ end: undefined, attributes, whole });
  if (!/[\s/>]|^$/.test(text.charAt(i))) return unclosed(false);
  for (;;) {
    const skipped = matchAt(space, text, i)![0];
    i += skipped.length;
    if (i >= text.length || attributes.length > mostAttributes) return unclosed(i >= text.length);
    if (text[i] === '>') {
      const name = start[2]!.toLowerCase();
      return { name, closing: start[1] === '/', selfClosing: skipped.includes('/'), attributes, end: i + 1 };
    }
    const from = i;
    const name = matchAt(attributeName, text, i)![0];
    i += name.length;
    const sign = matchAt(equals, text, i);
    let value: string | undefined;
    if (sign) {
      i += sign[0].length;
      const read = matchAt(attributeValue, text, i)?.[0];
      // A quote that does not end, or nothing at all behind the sign.
      if (read === undefined && text[i] !== '>') return unclosed(false);
      value = (read ?? '').replace(/^(["'])(.*)\1$/s, '$2');
      i += read?.length ?? 0;
    }
    attributes.push({ name: name.toLowerCase(), value, text: text.slice(from, i) });
  }
}

function matchAt(expression: RegExp, text: string, at: number): RegExpExecArray | null {
  expression.lastIndex = at;
  return expression.exec(text);
}
