import type { TokenCredential } from '@azure/identity';
import { isNetworkError, notAllowed, refused, settingMissing, unreachable } from './manager-errors.ts';
import { optionalLibrary } from './optional-library.ts';
import type { ManagerOptions, SecretsManager } from './secrets-manager.ts';

const name = 'Azure Key Vault';

/**
 * Reads the current version of secrets of an Azure Key Vault.
 *
 * @param given signs in otherwise than the environment says
 * @throws ConfigurationError `secrets.settings` when the vault is not named
 */
export async function azureKeyVault(options: ManagerOptions, given?: TokenCredential): Promise<SecretsManager> {
  const vault = options.airflow('azure_key_vault_name') ?? options.env['AZURE_KEY_VAULT_NAME'];
  if (!vault) {
    const help =
      'Set AZURE_KEY_VAULT_NAME to the vault’s name, or to its address in another cloud than the public one.';
    throw settingMissing(name, 'its vault is not named.', help);
  }
  const address = /^https?:\/\//.test(vault) ? vault : `https://${vault}.vault.azure.net`;
  const { SecretClient } = await optionalLibrary('@azure/keyvault-secrets', () => import('@azure/keyvault-secrets'));
  const client = new SecretClient(address, given ?? (await credentialOf(options)), {
    // An emulator on this machine: elsewhere a token goes by https only.
    ...(/^http:\/\/(localhost|127\.0\.0\.1)[:/]/.test(address) && {
      allowInsecureConnection: true,
      disableChallengeResourceVerification: true,
    }),
  });
  return {
    name,
    read: async (id) => {
      try {
        return (await client.getSecret(id)).value;
      } catch (cause) {
        const { statusCode, name: kind } = cause as { statusCode?: number; name?: string };
        if (statusCode === 404) return undefined;
        const refusal = { manager: name, id, cause };
        const noEntry = statusCode === 401 || statusCode === 403 || /Credential|^AuthenticationError/.test(kind ?? '');
        if (noEntry) throw notAllowed(refusal, 'to get secrets (“Key Vault Secrets User”)');
        throw isNetworkError(cause) ? unreachable(refusal) : refused(refusal);
      }
    },
  };
}

/** A client secret that is named whole; else what Azure's library finds: managed identity, workload identity, CLI. */
async function credentialOf({ env, airflow }: ManagerOptions): Promise<TokenCredential> {
  const { ClientSecretCredential, DefaultAzureCredential } = await optionalLibrary(
    '@azure/identity',
    () => import('@azure/identity'),
  );
  const tenant = airflow('azure_tenant_id') ?? env['AZURE_TENANT_ID'];
  const client = airflow('azure_client_id') ?? env['AZURE_CLIENT_ID'];
  const secret = airflow('azure_client_secret') ?? env['AZURE_CLIENT_SECRET'];
  return tenant && client && secret ? new ClientSecretCredential(tenant, client, secret) : new DefaultAzureCredential();
}
