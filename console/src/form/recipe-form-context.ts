import { createContext, useContext } from 'react';
import type { RecipeProblem } from '../../../src/server/console-api/console-types.ts';
import type { Path, Tree } from './path.ts';

export interface RecipeFormState {
  readonly recipe: Tree;
  /** What is wrong with it; a key that is missing is told only where `tellMissing` is set. */
  readonly problems: readonly RecipeProblem[];
  readonly setAt: (path: Path, value: unknown) => void;
}

export const RecipeFormContext = createContext<RecipeFormState | undefined>(undefined);

/** The recipe that the form is about. */
export function useRecipeForm(): RecipeFormState {
  const state = useContext(RecipeFormContext);
  if (!state) throw new Error('A part of the form stands outside of it.');
  return state;
}
