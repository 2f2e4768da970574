import { ConfigurationError } from '../errors.ts';

/** One mistake in a recipe. Line and column count from 1; 0 where the recipe is no file. */
export interface RecipeProblem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Such as `source.serviceConnection.config.hostPort`. */
  readonly path: string;
  readonly message: string;
  readonly expected?: string;
  readonly suggestion?: string;
  /** The line of the recipe, without what may be a secret; missing where nothing of it can be shown. */
  readonly excerpt?: string;
}

/** `file:line:column`, or the file alone. */
export function placeOf({ file, line, column }: RecipeProblem): string {
  return line > 0 ? `${file}:${line}:${column}` : file;
}

export function problemText(problem: RecipeProblem): string {
  const path = problem.path ? ` ${problem.path}:` : '';
  const expected = problem.expected ? ` Expected ${problem.expected}.` : '';
  const suggestion = problem.suggestion ? ` ${problem.suggestion}` : '';
  return `${placeOf(problem)}:${path} ${problem.message}${expected}${suggestion}`;
}

/** Everything that is wrong with a recipe, at once. */
export class RecipeError extends ConfigurationError {
  readonly problems: readonly RecipeProblem[];

  constructor(problems: readonly RecipeProblem[]) {
    const count = problems.length === 1 ? 'a mistake' : `${problems.length} mistakes`;
    super('recipe.invalid', `The recipe has ${count}:\n${problems.map((p) => `  ${problemText(p)}`).join('\n')}`, {
      help: '“meridian schema workflow” shows every key; “meridian validate -c FILE” checks a recipe without running it.',
    });
    this.problems = problems;
  }
}
