import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { isNetworkError, notAllowed, refused, settingMissing, unreachable } from './manager-errors.ts';
import { optionalLibrary } from './optional-library.ts';
import type { ManagerOptions, SecretsManager } from './secrets-manager.ts';

const name = 'Kubernetes';
const namespaceFile = '/var/run/secrets/kubernetes.io/serviceaccount/namespace';
/** The key under which OpenMetadata keeps the value of a secret. */
const valueKey = 'value';
/** Milliseconds before a request that came too often is sent again. */
const pauses = [500, 1_000, 2_000];

/**
 * Reads secrets of a Kubernetes namespace: the key `value` of each, as OpenMetadata writes it.
 *
 * @throws ConfigurationError `secrets.settings` when no cluster is configured
 */
export async function kubernetesSecrets(options: ManagerOptions): Promise<SecretsManager> {
  const library = '@kubernetes/client-node';
  const { CoreV1Api, KubeConfig } = await optionalLibrary(library, () => import('@kubernetes/client-node'));
  const { env, airflow } = options;
  const config = new KubeConfig();
  const path = airflow('kubernetes_kubeconfig_path') ?? env['KUBERNETES_KUBECONFIG_PATH'] ?? env['KUBECONFIG'];
  const inCluster = airflow('kubernetes_in_cluster') ?? env['KUBERNETES_IN_CLUSTER'] ?? 'false';
  try {
    if (inCluster.toLowerCase() === 'true') config.loadFromCluster();
    else if (path) config.loadFromFile(path);
    else config.loadFromDefault();
    if (!config.getCurrentCluster()) throw new Error('it names no cluster');
  } catch (error) {
    // A message of the parser may quote the file, and with it a token.
    const why = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'is not there' : 'cannot be used';
    const help = 'Set KUBERNETES_KUBECONFIG_PATH or KUBECONFIG; within a cluster KUBERNETES_IN_CLUSTER=true.';
    throw settingMissing(name, `its configuration ${why}.`, help);
  }
  const api = config.makeApiClient(CoreV1Api);
  const namespace = airflow('kubernetes_namespace') ?? env['KUBERNETES_NAMESPACE'] ?? (await ownNamespace());
  const read = async (id: string, tries = 0): Promise<string | undefined> => {
    try {
      const { data } = await api.readNamespacedSecret({ name: id, namespace });
      const value = data?.[valueKey];
      return value === undefined ? undefined : Buffer.from(value, 'base64').toString('utf8');
    } catch (cause) {
      const status = (cause as { code?: unknown }).code;
      if (status === 404) return undefined;
      const pause = pauses[tries];
      if (pause !== undefined && (status === 429 || status === 503)) {
        await sleep(pause);
        return read(id, tries + 1);
      }
      const refusal = { manager: name, id, cause: withOwnWords(cause) };
      if (status === 401 || status === 403) throw notAllowed(refusal, `to get secrets in the namespace ${namespace}`);
      throw isNetworkError(cause) ? unreachable(refusal) : refused(refusal);
    }
  };
  return { name, read: (id) => read(id) };
}

async function ownNamespace(): Promise<string> {
  try {
    return (await readFile(namespaceFile, 'utf8')).trim() || 'default';
  } catch {
    return 'default';
  }
}

/** The library's message holds the whole answer, headers and all: the server's own sentence is enough. */
function withOwnWords(cause: unknown): unknown {
  const { code, body } = cause as { code?: unknown; body?: unknown };
  if (typeof code !== 'number') return cause;
  const status = typeof body === 'string' ? messageIn(body) : (body as { message?: unknown } | undefined)?.message;
  return new Error(typeof status === 'string' && status !== '' ? status : `it answered ${code}`);
}

function messageIn(body: string): unknown {
  try {
    return (JSON.parse(body) as { message?: unknown }).message;
  } catch {
    return undefined;
  }
}
