import { type Command, Option } from 'commander';
import type { LoadedRecipe } from '../config/load-recipe.ts';
import { RecipeError, type RecipeProblem } from '../config/recipe-error.ts';
import { counted } from '../workflow/format-numbers.ts';
import type { CommandContext } from './command-context.ts';
import { formatProblems } from './format-problems.ts';
import { plainPalette } from './palette.ts';
import { addRecipeOption, openRecipe, type RecipeFlags } from './recipe-option.ts';

interface ValidateFlags extends RecipeFlags {
  readonly output: 'text' | 'json';
}

export function configureValidate(command: Command, context: CommandContext): void {
  const { terminal } = context;
  addRecipeOption(command)
    .addOption(new Option('-o, --output <format>', 'text or json').choices(['text', 'json']).default('text'))
    .action(async (flags: ValidateFlags) => {
      const { problems, warnings } = await findingsOf(() => openRecipe(flags, terminal, { readManagedSecrets: false }));
      if (problems.length > 0) context.exitCode = 2;
      if (flags.output === 'json') {
        terminal.data(`${JSON.stringify({ valid: problems.length === 0, problems, warnings }, null, 2)}\n`);
        return;
      }
      terminal.data(formatProblems(problems, { color: terminal.dataPalette !== plainPalette }));
      terminal.note(
        problems.length === 0 ? `${flags.config} is valid.\n` : `${counted(problems.length, 'mistake')}.\n`,
      );
    });
}

interface Findings {
  readonly problems: readonly RecipeProblem[];
  readonly warnings: readonly RecipeProblem[];
}

async function findingsOf(load: () => Promise<LoadedRecipe>): Promise<Findings> {
  try {
    const { warnings } = await load();
    return { problems: [], warnings };
  } catch (error) {
    if (error instanceof RecipeError) return { problems: error.problems, warnings: [] };
    throw error;
  }
}
