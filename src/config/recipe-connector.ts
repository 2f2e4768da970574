import type { AnyConnector, LoadedConnector } from '../connectors/connector.ts';
import { isConnectorPath } from '../connectors/external/connector-path.ts';
import { connectorOf, type DefinedConnector } from '../connectors/external/define-connector.ts';
import { loadConnector } from '../connectors/load-connector.ts';
import { open } from '../schema/parts.ts';
import { passwordKeysOf } from './password-keys.ts';
import { learnSecretKeys } from './secret-keys.ts';
import { sourceTypeOf } from './source-type.ts';
import type { Finding } from './validate-recipe.ts';

export interface ConnectorOptions {
  /** Stands in for the connector that `source.type` names, whatever that is. */
  readonly connector?: DefinedConnector;
  /**
   * False: a connector outside of Meridian is not loaded, since that runs its code. Unless set, `MERIDIAN_ALLOW_EXEC=0` says so,
   * and else it is.
   */
  readonly allowConnectors?: boolean;
}

/** The connector of a recipe, and why it cannot be had. */
export interface RecipeConnector {
  readonly source: LoadedConnector;
  readonly findings: readonly Finding[];
}

/**
 * The connector that a recipe names; where that is none that can be used, one that takes any connection, so that the rest of
 * the recipe is checked all the same.
 *
 * @param folder the recipe's
 */
export async function recipeConnector(
  recipe: unknown,
  folder: string,
  { connector, allowConnectors }: ConnectorOptions,
): Promise<RecipeConnector> {
  const type = writtenType(recipe);
  if (connector)
    return { source: known({ spec: connector.spec, connector: connectorOf(connector) }, type), findings: [] };
  if (!isConnectorPath(type)) return { source: await loadConnector(sourceTypeOf(recipe)), findings: [] };
  if (!allowConnectors) {
    return without(
      'This runs code of this machine, which is not allowed here.',
      'Name a connector of Meridian’s own. MERIDIAN_ALLOW_EXEC=0 forbids others, and programs that pass allowConnectors: false.',
    );
  }
  const { loadExternal } = await import('../connectors/external/load-external.ts');
  const loaded = await loadExternal(type, folder);
  if ('mistake' in loaded) return without(loaded.mistake.message, loaded.mistake.suggestion);
  return { source: known(loaded, type), findings: [] };
}

/** The same where references of a connection were left in place: what comes of them is not known yet. */
export function withoutValues(source: LoadedConnector): LoadedConnector {
  const { spec, connector } = source;
  const settings: AnyConnector['settings'] = (connection, folder) => {
    try {
      return connector.settings(connection, folder);
    } catch {
      return { type: spec.type, place: '' };
    }
  };
  return { spec, connector: { ...connector, settings } };
}

function writtenType(recipe: unknown): unknown {
  const source = (recipe as { readonly source?: { readonly type?: unknown } | null } | null)?.source;
  return source?.type;
}

/** From here on the passwords of its schema are masked wherever a recipe is shown. */
function known(source: LoadedConnector, type: unknown): LoadedConnector {
  learnSecretKeys(String(type), passwordKeysOf(source.spec.connection));
  return source;
}

const anyConnection: LoadedConnector = {
  spec: {
    type: 'Unknown',
    title: 'the source',
    summary: 'Stands for a connector that could not be loaded.',
    emits: [],
    capabilities: [],
    defaultMode: 'create',
    connection: open('Anything.'),
  },
  // The recipe is refused before it is asked for more.
  connector: { settings: () => ({ type: 'Unknown', place: '' }) } as unknown as AnyConnector,
};

function without(message: string, suggestion: string): RecipeConnector {
  return { source: anyConnection, findings: [{ path: ['source', 'type'], message, suggestion }] };
}
