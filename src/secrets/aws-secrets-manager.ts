import { awsClientSettings, awsError } from './aws-client-settings.ts';
import { optionalLibrary } from './optional-library.ts';
import type { ManagerOptions, SecretsManager } from './secrets-manager.ts';

const name = 'AWS Secrets Manager';

/** Reads the current version of secrets of AWS Secrets Manager. */
export async function awsSecretsManager(options: ManagerOptions): Promise<SecretsManager> {
  const { SecretsManagerClient, GetSecretValueCommand } = await optionalLibrary(
    '@aws-sdk/client-secrets-manager',
    () => import('@aws-sdk/client-secrets-manager'),
  );
  const client = new SecretsManagerClient(awsClientSettings(options, 'SECRETS_MANAGER'));
  return {
    name,
    read: async (id) => {
      try {
        const { SecretString, SecretBinary } = await client.send(new GetSecretValueCommand({ SecretId: id }));
        const text = SecretString ?? (SecretBinary && Buffer.from(SecretBinary).toString('utf8'));
        // What OpenMetadata stores for an empty value.
        return text === 'null' ? undefined : text;
      } catch (cause) {
        if ((cause as Error).name === 'ResourceNotFoundException') return undefined;
        throw awsError({ manager: name, id, cause }, 'secretsmanager:GetSecretValue');
      }
    },
  };
}
