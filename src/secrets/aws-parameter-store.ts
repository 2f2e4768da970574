import { awsClientSettings, awsError } from './aws-client-settings.ts';
import { optionalLibrary } from './optional-library.ts';
import type { ManagerOptions, SecretsManager } from './secrets-manager.ts';

const name = 'AWS Parameter Store';

/** Reads parameters of AWS Systems Manager, decrypted. */
export async function awsParameterStore(options: ManagerOptions): Promise<SecretsManager> {
  const { SSMClient, GetParameterCommand } = await optionalLibrary(
    '@aws-sdk/client-ssm',
    () => import('@aws-sdk/client-ssm'),
  );
  const client = new SSMClient(awsClientSettings(options, 'SSM'));
  return {
    name,
    read: async (id) => {
      try {
        const { Parameter } = await client.send(new GetParameterCommand({ Name: id, WithDecryption: true }));
        // What OpenMetadata stores for an empty value.
        return Parameter?.Value === 'null' ? undefined : Parameter?.Value;
      } catch (cause) {
        if (/^Parameter(Version)?NotFound$/.test((cause as Error).name)) return undefined;
        throw awsError({ manager: name, id, cause }, 'ssm:GetParameter');
      }
    },
  };
}
