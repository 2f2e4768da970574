import { isPlaceholder } from '../../config/address-rule.ts';
import type { Finding } from '../../config/validate-recipe.ts';
import { ConfigurationError } from '../../errors.ts';
import { type TrinoConfig, trinoSettings } from './trino-settings.ts';

type Values = Readonly<Record<string, unknown>>;

/** What a schema cannot say of a connection to Trino. */
export function trinoFindings(connection: Values): readonly Finding[] {
  return [...addressFindings(connection['hostPort']), ...signInFindings(connection['authType']), ...rest(connection)];
}

function addressFindings(hostPort: unknown): Finding[] {
  if (typeof hostPort !== 'string' || hostPort === '' || isPlaceholder(hostPort)) return [];
  const address = /^[a-z][a-z\d+.-]*:\/\//i.test(hostPort) ? hostPort : `http://${hostPort}`;
  const { protocol = '', hostname = '', username = '' } = URL.canParse(address) ? new URL(address) : {};
  if (/^https?:$/.test(protocol) && hostname !== '' && username === '') return [];
  return [
    {
      path: ['hostPort'],
      // Not quoted: it may hold a password.
      message: 'This is no host with a port.',
      expected:
        'the coordinator’s, such as trino.example.com:8080 or https://trino.example.com; the user has a key of its own',
    },
  ];
}

function signInFindings(authType: unknown): Finding[] {
  if (typeof authType === 'string') {
    return [
      {
        path: ['authType'],
        message: `${authType} asks in a browser, which a run has none of.`,
        expected: '{password: …}, {jwt: …} or {azureConfig: …}',
      },
    ];
  }
  const azure = isMap(authType) ? authType['azureConfig'] : undefined;
  if (!isMap(azure)) return [];
  return ['clientId', 'clientSecret', 'tenantId', 'scopes']
    .filter((key) => !azure[key])
    .map((key) => ({
      path: ['authType', 'azureConfig'],
      at: 'key' as const,
      message: `Microsoft Entra ID asks for ${key}, too.`,
      missing: key,
    }));
}

/** Arguments that cannot be understood: they are told one by one, as they are met. */
function rest(connection: Values): Finding[] {
  const { connectionArguments, connectionOptions } = connection;
  const findings: Finding[] = [];
  for (const [key, given] of Object.entries({ connectionOptions, connectionArguments })) {
    if (!isMap(given)) continue;
    for (const [name, value] of Object.entries(given)) {
      if (typeof value === 'string' && isPlaceholder(value)) continue;
      try {
        trinoSettings({ hostPort: 'h', username: 'u', connectionArguments: { [name]: value } } as TrinoConfig, '.');
      } catch (error) {
        if (!(error instanceof ConfigurationError)) throw error;
        findings.push({ path: [key, name], message: error.message, expected: error.help ?? '' });
      }
    }
  }
  return findings;
}

function isMap(value: unknown): value is Values {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
