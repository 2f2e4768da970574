import { expect, it } from 'vitest';
import { commandWords } from './command-words.ts';

it.each([
  ['vault read  -field=x\tsecret/a', ['vault', 'read', '-field=x', 'secret/a']],
  [`get "two words" 'it is "so"'`, ['get', 'two words', 'it is "so"']],
  [`--name="a b"c`, ['--name=a bc']],
  [`empty ""`, ['empty', '']],
  ['a | b > $HOME/*.txt; rm \\x `y` $(z)', ['a', '|', 'b', '>', '$HOME/*.txt;', 'rm', '\\x', '`y`', '$(z)']],
  ['  ', []],
])('%s', (command, words) => {
  expect(commandWords(command)).toEqual(words);
});

it('an open quote is no command', () => {
  expect(commandWords('say "hello')).toBeUndefined();
});
