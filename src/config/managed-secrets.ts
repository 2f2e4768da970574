import { ConfigurationError, MeridianError } from '../errors.ts';
import { isReadableManager, openSecretsManager } from '../secrets/open-secrets-manager.ts';
import type { SecretsManager } from '../secrets/secrets-manager.ts';
import { defaults } from './defaults.ts';
import { pathKey } from './normalise-values.ts';
import { mapTexts, type ReferenceOptions, type ReferenceUse, type Resolved } from './references.ts';
import type { Finding, Path } from './validate-recipe.ts';

/** How OpenMetadata writes a value that its secrets manager keeps. */
const written = /^secret:(?!\/\/)(.+)$/s;
/** The parts of a recipe that hold connections, and what in them is no value of a connection. */
const connections = [
  ['source', 'serviceConnection'],
  ['workflowConfig', 'openMetadataServerConfig'],
  ['meridian', 'state'],
  ['meridian', 'watch'],
];
const noValue = /FilterPattern$|^secretsManager/;

/** Opens a manager by its provider and loader. */
export type OpenManager = (provider: string, loader: string) => Promise<SecretsManager>;

/**
 * Puts values in place of each `secret:<id>` in a recipe's connections, from the secrets manager that
 * `openMetadataServerConfig` names. Nothing is asked, and no library loaded, where there is none.
 *
 * @throws AuthenticationError, ConnectionError when the manager does not let us in or cannot be reached
 */
export async function resolveManagedSecrets(
  root: unknown,
  env: ReferenceOptions['env'],
  open: OpenManager = (provider, loader) => openSecretsManager(provider, loader, env),
): Promise<Omit<Resolved, 'deferred'>> {
  const places = placesIn(root);
  const nothing = { value: root, uses: [], whole: new Set<string>(), problems: [] };
  if (places.length === 0) return nothing;
  const { provider, loader } = managerOf(root);
  if (!isReadableManager(provider)) return { ...nothing, problems: [notReadable(places, provider)] };
  const values = new Map<string, string>();
  const problems: Finding[] = [];
  try {
    const manager = await open(provider, loader);
    for (const id of new Set(places.map((place) => place.id))) {
      const value = await manager.read(id);
      if (value) values.set(id, value);
      else
        problems.push(...places.filter((place) => place.id === id).map(({ path }) => unknown(path, id, manager.name)));
    }
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw inRecipe(error, places[0]!.path);
    problems.push({ path: places[0]!.path, message: error.message, ...(error.help && { suggestion: error.help }) });
  }
  const uses: ReferenceUse[] = [];
  const value = mapTexts(root, (text, path) => {
    const id = idAt(text, path);
    const found = id === undefined ? undefined : values.get(id);
    if (found === undefined) return text;
    uses.push({ path, reference: text, value: found, secret: true });
    return found;
  });
  return { value, uses, whole: new Set(uses.map(({ path }) => pathKey(path))), problems };
}

interface SecretPlace {
  readonly path: Path;
  readonly id: string;
}

function placesIn(root: unknown): readonly SecretPlace[] {
  const found: SecretPlace[] = [];
  mapTexts(root, (text, path) => {
    const id = idAt(text, path);
    if (id !== undefined) found.push({ path, id });
    return text;
  });
  return found;
}

function idAt(text: string, path: Path): string | undefined {
  const isConnection = connections.some((start) => start.every((step, i) => path[i] === step));
  if (!isConnection || path.some((step) => noValue.test(String(step)))) return undefined;
  return written.exec(text)?.[1]?.trim();
}

function managerOf(root: unknown): { readonly provider: string; readonly loader: string } {
  const server = (root as { workflowConfig?: { openMetadataServerConfig?: Record<string, unknown> } }).workflowConfig
    ?.openMetadataServerConfig;
  const { secretsManagerProvider: provider, secretsManagerLoader: loader } = server ?? {};
  return {
    provider: typeof provider === 'string' ? provider.toLowerCase() : defaults.openMetadata.secretsManagerProvider,
    loader: typeof loader === 'string' ? loader.toLowerCase() : defaults.openMetadata.secretsManagerLoader,
  };
}

function notReadable([place]: readonly SecretPlace[], provider: string): Finding {
  return {
    path: place!.path,
    message: `With secretsManagerProvider “${provider}” secrets stay within the OpenMetadata server, and “secret:” cannot be looked up.`,
    suggestion: 'Name the manager that has it, such as aws, azure-kv, gcp or kubernetes; or write ${env:NAME}.',
  };
}

function unknown(path: Path, id: string, manager: string): Finding {
  return { path, message: `${manager} has no secret ${id}, or it is empty.` };
}

/** The same refusal, with the place in the recipe that asked. */
function inRecipe(error: unknown, path: Path): unknown {
  if (error instanceof MeridianError) error.message = `${error.message} (${pathKey(path)})`;
  return error;
}
