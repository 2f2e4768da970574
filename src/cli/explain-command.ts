import { type Command, Option } from 'commander';
import type { LoadedRecipe } from '../config/load-recipe.ts';
import { ConfigurationError } from '../errors.ts';
import type { Explanation } from '../workflow/explain-asset.ts';
import type { FieldOrigin } from '../workflow/explained-field.ts';
import { shorten } from '../workflow/format-numbers.ts';
import type { CommandContext } from './command-context.ts';
import { explainFromTarget } from './open-explainer.ts';
import type { Palette } from './palette.ts';
import { addRecipeOption, openRecipe, type RecipeFlags } from './recipe-option.ts';
import type { Terminal } from './terminal.ts';

/** Finds out where an entity's fields come from; undefined when there is no such entity. */
export type Explain = (fqn: string, recipe: LoadedRecipe, terminal: Terminal) => Promise<Explanation | undefined>;

interface ExplainFlags extends RecipeFlags {
  readonly output: 'text' | 'json';
}

export function configureExplain(
  command: Command,
  { terminal }: CommandContext,
  explain: Explain = explainFromTarget,
): void {
  addRecipeOption(command)
    .argument('<fqn>', 'fully qualified name in OpenMetadata of a table, schema, database or column')
    .addOption(new Option('-o, --output <format>', 'text or json').choices(['text', 'json']).default('text'))
    .action(async (fqn: string, flags: ExplainFlags) => {
      const recipe = await openRecipe(flags, terminal);
      const explanation = await explain(fqn, recipe, terminal);
      if (!explanation) throw notThere(fqn);
      terminal.data(
        flags.output === 'json'
          ? `${JSON.stringify(explanation, null, 2)}\n`
          : renderExplanation(explanation, terminal.dataPalette),
      );
    });
}

const originWords: Readonly<Record<FieldOrigin, string>> = {
  source: 'from the source',
  openmetadata: 'from OpenMetadata',
  kept: 'kept as people left it',
  removed: 'left out, as people removed it',
};
const longestValue = 60;

function renderExplanation({ fqn, entityType, sourceId, fields }: Explanation, palette: Palette): string {
  const origin = sourceId ? `${sourceId} at the source` : 'Meridian has never handled it';
  const lines = [`${palette.bold(fqn)}  ${entityType}, ${origin}`];
  for (const { field, origin: from, value, reason, changedBy, changedAt } of fields) {
    const text = value === undefined ? '' : ` “${shorten(value, longestValue)}”`;
    const by = changedBy ? `; last changed by ${changedBy}${changedAt ? ` at ${changedAt}` : ''}` : '';
    lines.push(`  ${field}${text}`, palette.dim(`      ${originWords[from]}: ${reason}${by}`));
  }
  if (fields.length === 0) lines.push('  It has no texts, tags or owners.');
  return `${lines.join('\n')}\n`;
}

function notThere(fqn: string): ConfigurationError {
  return new ConfigurationError('explain.unknown-name', `OpenMetadata has no entity ${fqn}.`, {
    help: 'Names go from the service down: service.database.schema.table.column; a part with a dot stands in double quotes.',
  });
}
