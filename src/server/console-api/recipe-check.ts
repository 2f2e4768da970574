import { type LoadedRecipe, loadRecipe, type RecipeText } from '../../config/load-recipe.ts';
import { pathKey } from '../../config/normalise-values.ts';
import { parseRecipe } from '../../config/read-recipe-text.ts';
import { RecipeError } from '../../config/recipe-error.ts';
import { mapTexts } from '../../config/references.ts';
import type { Principal } from '../access/principal.ts';
import { mayAct } from '../access/role.ts';
import { reachesOf, requireRecipeRights } from '../recipe-rights.ts';
import type { ConsoleApiDeps } from './console-api-deps.ts';
import type { RecipeCheckAnswer } from './console-types.ts';

type Deps = Pick<ConsoleApiDeps, 'env'>;

/** Stands where a command's value would: a recipe is checked without running any. */
const notRun = 'value-of-a-command';
const command = /\$\{exec:[^}]*\}/g;

/**
 * Loads a recipe that came over the network. No secrets manager is asked.
 *
 * @param runsCommands true: those of an admin's recipe run, unless `MERIDIAN_ALLOW_EXEC=0` forbids it
 * @throws RecipeError with every mistake
 * @throws ServerError `server.recipe-rights` for one that reaches into this machine, and who may not do that
 */
export async function checkedRecipe(
  recipe: object,
  principal: Principal | null,
  deps: Deps,
  runsCommands = false,
): Promise<LoadedRecipe> {
  requireRecipeRights(recipe, principal?.role ?? 'viewer');
  const isForbidden = /^(0|false|no|off)$/i.test(deps.env['MERIDIAN_ALLOW_EXEC']?.trim() ?? '');
  if (runsCommands) return load(recipe, deps, !isForbidden);
  return load(mapTexts(recipe, (text) => text.replace(command, notRun)) as object, deps, false);
}

function load(recipe: RecipeText | object, { env }: Deps, allowExec: boolean): Promise<LoadedRecipe> {
  return loadRecipe(recipe, { env, allowExec, readManagedSecrets: false });
}

/** What is wrong with a recipe as it stands in the editor, by line and by place. */
export async function checkRecipeText(
  text: string,
  principal: Principal | null,
  deps: Deps,
): Promise<RecipeCheckAnswer> {
  try {
    const parsed = parseRecipe(text, 'recipe');
    const reaches = mayAct(principal?.role ?? 'viewer', 'admin') ? [] : reachesOf(parsed.value);
    // Such a recipe is not even looked at: what it refers to is not for this user's eyes.
    if (reaches.length > 0) {
      const problems = reaches.map(({ path, does }) => {
        const message = `This ${does}: that takes the role admin.`;
        return { file: parsed.file, ...parsed.locate(path), path: pathKey(path), message };
      });
      return { problems, warnings: [] };
    }
    const { warnings } = await load({ text: text.replace(command, notRun), name: 'recipe' }, deps, false);
    return { problems: [], warnings };
  } catch (error) {
    if (error instanceof RecipeError) return { problems: error.problems, warnings: [] };
    throw error;
  }
}
