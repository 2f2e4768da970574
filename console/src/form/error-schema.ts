import type { ErrorSchema } from '@rjsf/utils';
import type { RecipeProblem } from '../../../src/server/console-api/console-types.ts';
import { formTexts } from '../texts/form.ts';
import type { Path } from './path.ts';

/** The key that is said to be missing, where a problem says so. */
export function missingKey({ message }: Pick<RecipeProblem, 'message'>): string | undefined {
  return /^The key “(.+?)” is missing\.$/.exec(message)?.[1];
}

/** Where a problem shows in a form: a missing key at its own field. */
export function placeOf(problem: RecipeProblem): Path {
  const path = problem.path === '' ? [] : problem.path.split('.');
  const missing = missingKey(problem);
  return missing === undefined ? path : [...path, missing];
}

export function isBelow(path: Path, above: Path): boolean {
  return above.every((key, index) => path[index] === key);
}

interface Node {
  __errors?: string[];
  [key: string]: Node | string[] | undefined;
}

/** Problems below a place, in the form that rjsf shows. */
export function errorSchema(problems: readonly RecipeProblem[], above: Path): ErrorSchema {
  const root: Node = {};
  for (const problem of problems) {
    const path = placeOf(problem);
    if (!isBelow(path, above)) continue;
    let node = root;
    // An entry of a list shows at the list.
    for (const key of path.slice(above.length).filter((step) => !/^\d+$/.test(step))) {
      node[key] ??= {};
      node = node[key] as Node;
    }
    node.__errors = [...(node.__errors ?? []), messageOf(problem)];
  }
  return root as ErrorSchema;
}

export function messageOf(problem: RecipeProblem): string {
  if (missingKey(problem) !== undefined) return formTexts.missing;
  const { message, expected, suggestion } = problem;
  return [message, expected && `Expected ${expected}.`, suggestion].filter(Boolean).join(' ');
}
