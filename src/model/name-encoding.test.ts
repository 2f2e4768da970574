import { describe, expect, it } from 'vitest';
import { decodeName, encodeName, type NameRule } from './name-encoding.ts';

const rules: Record<string, NameRule> = {
  table: { minLength: 1, maxLength: 128, characters: 'text' },
  laterTable: { minLength: 1, maxLength: 256, characters: 'text' },
  service: { minLength: 1, maxLength: 128, characters: 'word' },
  tag: { minLength: 2, maxLength: 64, characters: 'word' },
};

// What the servers check, in their own words.
const accepted: Record<NameRule['characters'], RegExp> = {
  text: /^((?!::)[^">])*$/u,
  word: /^[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}'\- .&()]+$/u,
};

const pieces = [
  '::',
  ':',
  '>',
  '->',
  '"',
  '\n',
  '\r',
  '\t',
  '\u2028',
  '\u0000',
  '.',
  '/',
  '%',
  '_',
  '__',
  '__reserved',
  '__reserved__',
  '__reserved__colon__',
  '__reserved__literal__',
  '__reserved__x3a__',
  '__reserved__pad__',
  'reserved__',
  'colon__',
  'x3a__',
  'a',
  'Zz',
  '9',
  ' ',
  'größe',
  '表',
  '😀',
  '\ud83d',
  "'",
  '&',
  '(',
  '~',
  '-',
  '#',
  '{',
  'x'.repeat(40),
  '表'.repeat(70),
];

/** Small generator with a fixed seed, so that a failure can be seen again. */
function* oddNames(count: number): Generator<string> {
  let seed = 20_240_607;
  const next = (below: number): number => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (seed >>> 8) % below;
  };
  yield '';
  for (const piece of pieces) yield piece;
  for (let i = 0; i < count; i += 1) {
    yield Array.from({ length: 1 + next(7) }, () => pieces[next(pieces.length)]).join('');
  }
}

describe.each(Object.entries(rules))('names of a %s', (_, rule) => {
  const names = [...new Set(oddNames(4000))];

  it('are always such as the server takes', () => {
    for (const raw of names) {
      const { name } = encodeName(raw, rule);
      expect(name, JSON.stringify(raw)).toMatch(accepted[rule.characters]);
      expect(name).not.toMatch(/[\p{Cc}\p{Cs}\u2028\u2029]/u);
      expect(name.length).toBeLessThanOrEqual(rule.maxLength);
      expect(name.length).toBeGreaterThanOrEqual(rule.minLength);
    }
  });

  it('come back as they were', () => {
    for (const raw of names) expect(decodeName(encodeName(raw, rule), rule)).toBe(raw);
  });

  it('come back without the display name unless they were shortened', () => {
    for (const raw of names) {
      const { name } = encodeName(raw, rule);
      if (!/[~-][0-9a-f]{16}$/.test(name)) expect(decodeName({ name }, rule)).toBe(raw);
    }
  });

  it('never meet', () => {
    expect(new Set(names.map((raw) => encodeName(raw, rule).name)).size).toBe(names.length);
  });
});

it('leaves a name alone that the target can hold', () => {
  for (const raw of ['orders', 'a.b', 'with space', 'Größe_表', 'a/b', "it's"]) {
    expect(encodeName(raw, rules['table']!)).toEqual({ name: raw });
  }
});

it('writes the words that other OpenMetadata clients write, with the original beside them', () => {
  expect(encodeName('a::>b', rules['table']!)).toEqual({
    name: 'a__reserved__colon____reserved__arrow__b',
    displayName: 'a::>b',
  });
  expect(encodeName('say "hi"', rules['table']!).name).toBe('say __reserved__quote__hi__reserved__quote__');
  expect(encodeName('a/b', rules['tag']!).name).toBe('a__reserved__x2f__b');
});

it('keeps the readable beginning of a long name', () => {
  const raw = `customer_${'x'.repeat(200)}`;
  const { name, displayName } = encodeName(raw, rules['tag']!);
  expect(name).toMatch(/^customer_x+-[0-9a-f]{16}$/);
  expect(name).toHaveLength(64);
  expect(displayName).toBe(raw);
  expect(encodeName(`${raw}y`, rules['tag']!).name).not.toBe(name);
});

it('does not believe a display name that a person wrote', () => {
  expect(decodeName({ name: 'a__reserved__colon__b', displayName: 'My table' }, rules['table']!)).toBe('a::b');
});
