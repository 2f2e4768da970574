import { expect, it } from 'vitest';
import { fitValue } from './property-values.ts';

const tier = { type: 'enum', values: ['GOLD', 'SILVER'] };

it.each([
  ['a text as it is', 'dana', { type: 'string' }, 'dana'],
  ['a number where texts are wanted', 4711, { type: 'string' }, '4711'],
  ['words of an enum where texts are wanted', ['GOLD', 'SILVER'], { type: 'markdown' }, 'GOLD, SILVER'],
  ['a list of other things as JSON', [1, { a: 2 }], { type: 'string' }, '[1,{"a":2}]'],
  ['a whole number', 42, { type: 'integer' }, 42],
  ['a number written as text', '42', { type: 'integer' }, 42],
  ['no fraction where a whole number is wanted', 1.5, { type: 'integer' }, undefined],
  ['a fraction', 1.5, { type: 'number' }, 1.5],
  ['no text that is no number', 'many', { type: 'number' }, undefined],
  ['milliseconds', 1767225600000, { type: 'timestamp' }, 1767225600000],
  ['a word of the enum', ['GOLD'], tier, ['GOLD']],
  ['no word that the enum lacks', ['BRONZE'], tier, undefined],
  ['no second word where one is wanted', ['GOLD', 'SILVER'], tier, undefined],
  ['several words, in order', ['SILVER', 'GOLD'], { ...tier, multiSelect: true }, ['GOLD', 'SILVER']],
  ['a text where somebody has made an enum of it', 'GOLD', tier, ['GOLD']],
] as const)('%s', (_what, value, property, fit) => {
  expect(fitValue(value, property)).toEqual(fit);
});
