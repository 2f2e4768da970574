import type { Command } from 'commander';
import type { LoadedRecipe, LoadOptions } from '../config/load-recipe.ts';
import { ConfigurationError } from '../errors.ts';
import type { Terminal } from './terminal.ts';

export interface RecipeFlags {
  /** Missing when the user gave none. */
  readonly config?: string;
}

/** `-c FILE`. Asked for by `openRecipe`, not here: a misspelt option is then told first. */
export function addRecipeOption(command: Command): Command {
  return command.option('-c, --config <file>', 'the recipe, YAML or JSON; - is standard input');
}

/**
 * Loads a recipe for a command: from here on nothing shows its secrets. The user runs it, so that its commands may run
 * unless `MERIDIAN_ALLOW_EXEC=0` forbids it.
 *
 * @throws ConfigurationError `cli.no-recipe`
 * @throws RecipeError with every mistake
 */
export async function openRecipe(
  { config: file }: RecipeFlags,
  terminal: Terminal,
  options: Pick<LoadOptions, 'readManagedSecrets' | 'deferReferences'> = {},
): Promise<LoadedRecipe> {
  if (file === undefined) {
    throw new ConfigurationError('cli.no-recipe', 'This command needs a recipe.', {
      help: 'Name its file with -c FILE; -c - reads it from standard input.',
    });
  }
  const { loadRecipe } = await import('../config/load-recipe.ts');
  const recipe = await loadRecipe(file, {
    env: terminal.env,
    allowExec: !/^(0|false|no|off)$/i.test(terminal.env['MERIDIAN_ALLOW_EXEC']?.trim() ?? ''),
    ...options,
  });
  terminal.redactWith(recipe.redactor);
  const { problemText } = await import('../config/recipe-error.ts');
  for (const warning of recipe.warnings) {
    terminal.note(`${terminal.notePalette.yellow('warning:')} ${problemText(warning)}\n`);
  }
  return recipe;
}
