import { airflowSettings } from './airflow-settings.ts';
import type { ManagerOptions, SecretsManager } from './secrets-manager.ts';

type Opener = (options: ManagerOptions) => Promise<SecretsManager>;

const aws: Opener = async (options) => (await import('./aws-secrets-manager.ts')).awsSecretsManager(options);
const ssm: Opener = async (options) => (await import('./aws-parameter-store.ts')).awsParameterStore(options);
const azure: Opener = async (options) => (await import('./azure-key-vault.ts')).azureKeyVault(options);

/** Managers by the words of `secretsManagerProvider`. The managed ones are the same to a reader. */
const openers: Readonly<Record<string, Opener>> = {
  aws,
  'managed-aws': aws,
  'aws-ssm': ssm,
  'managed-aws-ssm': ssm,
  'azure-kv': azure,
  'managed-azure-kv': azure,
  gcp: async (options) => (await import('./gcp-secret-manager.ts')).gcpSecretManager(options),
  kubernetes: async (options) => (await import('./kubernetes-secrets.ts')).kubernetesSecrets(options),
};

/** True for a provider that can be asked from outside of the OpenMetadata server. */
export function isReadableManager(provider: string): boolean {
  return Object.hasOwn(openers, provider);
}

/**
 * Opens the manager of a `secretsManagerProvider`; its library is loaded now.
 *
 * @param loader `secretsManagerLoader`: `airflow` also looks into Airflow's configuration for the manager's settings
 * @throws ConfigurationError `secrets.library`, `secrets.settings`
 */
export function openSecretsManager(
  provider: string,
  loader: string,
  env: ManagerOptions['env'],
): Promise<SecretsManager> {
  const airflow = loader === 'airflow' ? airflowSettings(env) : () => undefined;
  return openers[provider]!({ env, airflow });
}
