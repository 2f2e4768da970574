import { describe, expect, it } from 'vitest';
import type { RecipeProblem } from '../config/recipe-error.ts';
import { formatProblems } from './format-problems.ts';

const problem: RecipeProblem = {
  file: 'recipe.yaml',
  line: 12,
  column: 9,
  path: 'source.type',
  message: '“atlass” is not known here.',
  expected: '“Atlas”',
  suggestion: 'Did you mean “Atlas”?',
  excerpt: '  type: atlass',
};

describe('formatProblems', () => {
  it('shows place, path, the line with a mark under the spot, and what was meant', () => {
    expect(formatProblems([problem], { color: false })).toBe(
      [
        'recipe.yaml:12:9: source.type',
        '  “atlass” is not known here.',
        '  12 |   type: atlass',
        '     |         ^',
        '  Expected: “Atlas”.',
        '  Did you mean “Atlas”?',
        '',
      ].join('\n'),
    );
  });

  it('leaves out what there is not, and puts the mark of a hidden value behind what is shown', () => {
    const bare: RecipeProblem = {
      file: 'recipe.yaml',
      line: 0,
      column: 0,
      path: '',
      message: 'There is no such file.',
    };
    const hidden: RecipeProblem = { ...bare, line: 3, column: 40, excerpt: 'password: …', message: 'This is empty.' };
    expect(formatProblems([bare, hidden], { color: false })).toBe(
      'recipe.yaml\n  There is no such file.\n\nrecipe.yaml:3:40\n  This is empty.\n  3 | password: …\n    |            ^\n',
    );
    expect(formatProblems([], { color: false })).toBe('');
  });

  it('uses colours only when asked to', () => {
    expect(formatProblems([problem], { color: false })).not.toContain('\u001b');
    expect(formatProblems([problem], { color: true })).toContain('\u001b[31m^');
  });
});
