import { isPlaceholder } from '../../config/address-rule.ts';
import type { Finding } from '../../config/validate-recipe.ts';
import { hostAndPort, libpqOptions, type PostgresConfig, sslModes } from './postgres-settings.ts';

type Values = Readonly<Record<string, unknown>>;

/** What a schema cannot say of a connection to PostgreSQL. */
export function postgresFindings(connection: Values): readonly Finding[] {
  return [
    ...addressFindings(connection['hostPort']),
    ...signInFindings(connection['authType']),
    ...sslFindings(connection),
  ];
}

function addressFindings(hostPort: unknown): Finding[] {
  if (typeof hostPort !== 'string' || hostPort === '' || isPlaceholder(hostPort) || hostAndPort(hostPort)) return [];
  return [
    {
      path: ['hostPort'],
      // Not quoted: it may hold a password.
      message: 'This is no host with a port.',
      expected: 'a host and a port such as db.example.com:5432; user, password and database have keys of their own',
    },
  ];
}

function signInFindings(authType: unknown): Finding[] {
  if (!isMap(authType)) return [];
  return (
    [
      ['awsConfig', 'AWS IAM'],
      ['azureConfig', 'Azure'],
    ] as const
  ).flatMap(([key, name]) =>
    authType[key] === undefined
      ? []
      : [
          {
            path: ['authType', key],
            at: 'key' as const,
            message: `Signing in at PostgreSQL by ${name} is not served.`,
            expected: 'authType.password: a user’s own, or a token that a command of yours makes (${exec:…})',
          },
        ],
  );
}

function sslFindings(connection: Values): Finding[] {
  return (['connectionArguments', 'connectionOptions'] as const).flatMap((key) => {
    const map = connection[key];
    const mode = isMap(map) ? libpqOptions({ [key]: map } as Partial<PostgresConfig>)['sslmode'] : undefined;
    if (mode === undefined || sslModes.some((known) => known === mode)) return [];
    return [
      {
        path: [key, 'sslmode'],
        message: 'This is none of PostgreSQL’s ways to encrypt.',
        expected: `one of ${sslModes.join(', ')}`,
      },
    ];
  });
}

function isMap(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
