import { placeOf, type RecipeProblem } from '../config/recipe-error.ts';
import { createPalette, type Palette } from './palette.ts';

/**
 * A recipe's mistakes for people, an empty line between two of them: place and path, what is wrong, the line itself with
 * a mark under the spot, what was expected, what was probably meant. Ends with a line break; empty for no problems.
 */
export function formatProblems(problems: readonly RecipeProblem[], { color }: { readonly color: boolean }): string {
  const palette = createPalette(color);
  return problems.map((problem) => `${paragraph(problem, palette).join('\n')}\n`).join('\n');
}

function paragraph(problem: RecipeProblem, palette: Palette): string[] {
  const { path, message, expected, suggestion } = problem;
  const lines = [
    `${palette.bold(placeOf(problem))}${path ? `: ${palette.cyan(path)}` : ''}`,
    `  ${palette.red(message)}`,
  ];
  lines.push(...frame(problem, palette));
  if (expected) lines.push(`  Expected: ${expected}.`);
  if (suggestion) lines.push(`  ${palette.green(suggestion)}`);
  return lines;
}

function frame({ line, column, excerpt }: RecipeProblem, palette: Palette): string[] {
  if (excerpt === undefined || line < 1) return [];
  const number = String(line);
  // A place in the part that is not shown is marked at the end of what is.
  const indent = ' '.repeat(Math.min(Math.max(column, 1) - 1, excerpt.length));
  return [
    palette.dim(`  ${number} | ${excerpt}`),
    `${palette.dim(`  ${' '.repeat(number.length)} | `)}${indent}${palette.red('^')}`,
  ];
}
