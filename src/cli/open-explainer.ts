import type { LoadedRecipe } from '../config/load-recipe.ts';
import { splitFqn } from '../model/fqn.ts';
import { OpenMetadataClient } from '../openmetadata/openmetadata-client.ts';
import { OpenMetadataTarget } from '../openmetadata/openmetadata-target.ts';
import type { AssetType } from '../reconcile/target-asset.ts';
import { openState } from '../state/open-state.ts';
import { type Explanation, explainAsset } from '../workflow/explain-asset.ts';
import { statePlaceOf } from '../workflow/identity.ts';
import type { Terminal } from './terminal.ts';

/** Types by the number of their names, the service's with them. */
const typeOfDepth: Readonly<Record<number, AssetType>> = { 2: 'database', 3: 'databaseSchema', 4: 'table' };

/**
 * Explains an entity (or a column) from the target and from what is remembered.
 *
 * @returns undefined when the target has no such entity
 * @throws AuthenticationError, ConnectionError
 */
export async function explainFromTarget(
  fqn: string,
  recipe: LoadedRecipe,
  terminal: Terminal,
): Promise<Explanation | undefined> {
  const depth = Math.min(splitFqn(fqn).length, 4);
  const entityType = typeOfDepth[depth];
  if (!entityType) return undefined;
  const { signal } = new AbortController();
  const { settings, redactor } = recipe;
  const client = new OpenMetadataClient(settings.openMetadata, {
    redact: (text) => redactor.redact(text),
    learn: (secret) => redactor.learn(secret),
  });
  try {
    await client.connect(signal);
    const target = await new OpenMetadataTarget(client, signal).readAsset(entityType, { fqn: assetPart(fqn, depth) });
    if (!target) return undefined;
    const versions = await client.versions(entityType, target.id, signal);
    const state = await remembered(entityType, target.fqn, recipe, terminal);
    const explanation = explainAsset({ entityType, target, versions, state });
    return ofColumn(explanation, fqn);
  } finally {
    await client.close();
  }
}

async function remembered(entityType: AssetType, fqn: string, recipe: LoadedRecipe, terminal: Terminal) {
  const { store } = await openState(statePlaceOf(recipe, terminal.env), 'rehearse');
  try {
    return await store.getAsset(entityType, fqn);
  } finally {
    await store.close();
  }
}

/** The FQN's first names, as they are quoted in it. */
function assetPart(fqn: string, depth: number): string {
  return (fqn.match(/"[^"]*"|[^".]+/g) ?? []).slice(0, depth).join('.');
}

function ofColumn(explanation: Explanation, fqn: string): Explanation {
  const column = splitFqn(fqn).slice(4).join('.');
  if (column === '') return explanation;
  const fields = explanation.fields.filter(({ field }) => field.startsWith(`columns.${column}.`));
  return { ...explanation, fqn, entityType: 'column', fields };
}
