const named: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  colon: ':',
  tab: '\t',
  newline: '\n',
};

/** Numbered entities, and the named ones that matter here; a browser wants no semicolon behind a number. */
const entity = /&(?:#(\d{1,7});?|#x([0-9a-f]{1,6});?|([a-z]{2,7});)/gi;

/** @param keep true for a character that shall stay written as it is; told with the text behind it */
export function decodeEntities(text: string, keep?: (character: string, behind: string) => boolean): string {
  return text.replace(entity, (whole: string, decimal?: string, hex?: string, name?: string, at?: number) => {
    const character = name === undefined ? fromNumber(decimal, hex) : named[name.toLowerCase()];
    if (character === undefined) return whole;
    return keep?.(character, text.slice(at! + whole.length, at! + whole.length + 2)) ? whole : character;
  });
}

function fromNumber(decimal: string | undefined, hex: string | undefined): string | undefined {
  const point = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
  return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : undefined;
}
