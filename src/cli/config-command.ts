import { type Command, Option } from 'commander';
import type { LoadedRecipe } from '../config/load-recipe.ts';
import { parseRecipe, readRecipeText } from '../config/read-recipe-text.ts';
import { sourceConfigTypeOf } from '../config/source-type.ts';
import { workflowWith } from '../schema/workflow.ts';
import type { CommandContext } from './command-context.ts';
import { type EffectiveValue, effectiveRecipe } from './effective-recipe.ts';
import { addRecipeOption, openRecipe, type RecipeFlags } from './recipe-option.ts';

interface ShowFlags extends RecipeFlags {
  readonly output: 'text' | 'json';
}

export function configureConfig(command: Command, { terminal }: CommandContext): void {
  const show = command.command('show').description('Print every setting of a run and where it comes from.');
  addRecipeOption(show)
    .addOption(new Option('-o, --output <format>', 'text or json').choices(['text', 'json']).default('text'))
    .action(async (flags: ShowFlags) => {
      const recipe = await openRecipe(flags, terminal);
      const values = effectiveRecipe({
        schema: workflowWith(recipe.settings.source.spec, sourceConfigTypeOf(recipe.config)),
        written: await writtenRecipe(flags.config!, recipe),
        resolved: recipe.config,
      });
      const palette = terminal.dataPalette;
      terminal.data(
        flags.output === 'json'
          ? `${JSON.stringify(values, null, 2)}\n`
          : values.map((value) => `${textOf(value, palette.dim)}\n`).join(''),
      );
    });
}

/** The recipe before its references were replaced; standard input cannot be read twice. */
async function writtenRecipe(file: string, recipe: LoadedRecipe): Promise<unknown> {
  if (file === '-') return recipe.config;
  const { value } = parseRecipe(await readRecipeText(file), file);
  return (value as { openMetadataWorkflowConfig?: unknown }).openMetadataWorkflowConfig ?? value;
}

function textOf({ path, value, origin, reference }: EffectiveValue, dim: (text: string) => string): string {
  const words = origin === 'reference' ? `from ${reference}` : origin;
  return `${path} = ${JSON.stringify(value)}  ${dim(`(${words})`)}`;
}
