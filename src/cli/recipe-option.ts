import type { Command } from 'commander';
import type { LoadedRecipe, LoadOptions } from '../config/load-recipe.ts';
import { ConfigurationError } from '../errors.ts';
import type { Terminal } from './terminal.ts';

export interface RecipeFlags {
  /** Missing when the user gave none. */
  readonly config?: string;
}

/** What a recipe is for, by `sourceConfig.config.type`. */
export type RecipeWork = 'metadata' | 'profile';

interface RecipeOptions extends Pick<LoadOptions, 'readManagedSecrets' | 'deferReferences'> {
  /** What the command does with a recipe; any unless set. */
  readonly work?: RecipeWork;
}

/** `-c FILE`. Asked for by `openRecipe`, not here: a misspelt option is then told first. */
export function addRecipeOption(command: Command): Command {
  return command.option('-c, --config <file>', 'the recipe, YAML or JSON; - is standard input');
}

/**
 * Loads a recipe for a command: from here on nothing shows its secrets. The user runs it, so that its commands may run
 * unless `MERIDIAN_ALLOW_EXEC=0` forbids it.
 *
 * @throws ConfigurationError `cli.no-recipe`, `cli.other-recipe`
 * @throws RecipeError with every mistake
 */
export async function openRecipe(
  { config: file }: RecipeFlags,
  terminal: Terminal,
  { work, ...options }: RecipeOptions = {},
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
  if (work !== undefined && work !== workOf(recipe)) throw otherRecipe(recipe);
  const { problemText } = await import('../config/recipe-error.ts');
  for (const warning of recipe.warnings) {
    terminal.note(`${terminal.notePalette.yellow('warning:')} ${problemText(warning)}\n`);
  }
  return recipe;
}

function workOf({ settings }: LoadedRecipe): RecipeWork {
  return settings.profiler ? 'profile' : 'metadata';
}

function otherRecipe({ settings: { profiler } }: LoadedRecipe): ConfigurationError {
  const message = profiler
    ? `This recipe profiles tables (sourceConfig.config.type ${profiler.type}); it carries no metadata.`
    : 'This recipe carries metadata (sourceConfig.config.type DatabaseMetadata); it profiles no tables.';
  return new ConfigurationError('cli.other-recipe', message, {
    help: profiler
      ? 'Run it with “meridian profile”; --dry-run shows which tables it is about.'
      : 'Run it with “meridian ingest”, or set sourceConfig.config.type to Profiler in a recipe of its own.',
  });
}
