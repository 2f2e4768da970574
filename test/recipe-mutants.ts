/** Numbers that look random and are the same on every machine: a linear congruential generator, its high bits. */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A whole number from 0 to below `sides`. */
  roll(sides: number): number {
    this.#state = (Math.imul(this.#state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((this.#state / 2 ** 32) * sides);
  }

  pick<T>(items: readonly T[]): T {
    return items[this.roll(items.length)]!;
  }
}

type Holder = Record<string, unknown> | unknown[];
interface Spot {
  readonly holder: Holder;
  readonly key: string | number;
}

/** Values that belong nowhere, or somewhere else. */
const oddValues: readonly (() => unknown)[] = [
  () => null,
  () => true,
  () => -1,
  () => 1e308,
  () => '',
  () => ' ',
  () => 'x'.repeat(5000),
  () => '<host and port>',
  () => '${env:NOT_SET}',
  () => '${file:/no/such/file}',
  () => '${exec:true}',
  () => '${',
  () => '${env:}',
  () => 'ftp://somewhere.example',
  () => 'http://[::1',
  () => 'https://user:word-of-the-user@host.example:1/api',
  () => '\u0000\ud800\u202e',
  () => '(((((a+)+)+)+',
  () => [],
  () => [[[null]]],
  () => ({}),
  () => ({ a: { b: { c: 1 } } }),
  () => JSON.parse('{"__proto__": {"polluted": true}, "constructor": 1, "toString": []}'),
  () => new Date(0),
  () => ['a', 1, null],
];

const words = ['auth0', 'azure', 'google', 'okta', 'custom-oidc', 'aws-cognito', 'no-auth', 'saml', 'toString', 'KNOX'];

function spotsIn(value: unknown): Spot[] {
  if (Array.isArray(value)) {
    return value.flatMap((item, key) => [{ holder: value, key }, ...spotsIn(item)]);
  }
  if (typeof value !== 'object' || value === null) return [];
  const holder = value as Record<string, unknown>;
  return Object.keys(holder).flatMap((key) => [{ holder, key }, ...spotsIn(holder[key])]);
}

const valueAt = ({ holder, key }: Spot): unknown => (holder as Record<string | number, unknown>)[key];
function setAt({ holder, key }: Spot, value: unknown): void {
  (holder as Record<string | number, unknown>)[key] = value;
}
function removeAt({ holder, key }: Spot): void {
  if (Array.isArray(holder)) holder.splice(Number(key), 1);
  else delete holder[key];
}

/** A key with a letter lost, doubled or in another case, as people misspell it. */
function misspelt(key: string, dice: Dice): string {
  const at = dice.roll(key.length);
  const letter = key.charAt(at);
  const instead = dice.pick(['', letter + letter, letter.toUpperCase(), letter.toLowerCase()]);
  return key.slice(0, at) + instead + key.slice(at + 1);
}

/** A recipe with one to four things in it changed. Never takes a secret to another key, where nobody could know it. */
export function mutantOf(recipe: object, dice: Dice): unknown {
  const mutant = structuredClone(recipe);
  for (let left = 1 + dice.roll(4); left > 0; left -= 1) {
    const spots = spotsIn(mutant);
    if (spots.length === 0) return mutant;
    mutate(dice.pick(spots), dice);
  }
  return dice.roll(200) === 0 ? dice.pick(oddValues)() : mutant;
}

function mutate(spot: Spot, dice: Dice): void {
  const { holder, key } = spot;
  const value = valueAt(spot);
  const what = dice.roll(7);
  if (what === 0) {
    removeAt(spot);
  } else if (what <= 2) {
    setAt(spot, dice.pick(oddValues)());
  } else if (what === 3 && typeof key === 'string') {
    removeAt(spot);
    setAt({ holder, key: misspelt(key, dice) }, value);
  } else if (what === 4 && typeof value === 'string') {
    setAt(spot, dice.pick([value.toUpperCase(), dice.pick(words)]));
  } else if (what === 5) {
    setAt(spot, [value]);
  } else if (!Array.isArray(holder)) {
    setAt({ holder, key: `more_${dice.roll(9)}` }, dice.pick(oddValues)());
  }
}

/** A text with one to three characters lost, doubled, or replaced by what means something in YAML; or cut off. */
export function textMutantOf(text: string, dice: Dice): string {
  let mutant = text;
  for (let left = 1 + dice.roll(3); left > 0; left -= 1) {
    const at = dice.roll(mutant.length);
    const instead = dice.pick(['', '\t', '\n', '"', "'", '{', ']', ': ', '&a ', '*a', '!!js ', '%', '\u0000', '<<: ']);
    mutant = mutant.slice(0, at) + instead + mutant.slice(at + dice.roll(2));
  }
  return dice.roll(10) === 0 ? mutant.slice(0, dice.roll(mutant.length)) : mutant;
}
