import { describe, expect, it } from 'vitest';
import { loadRecipe } from './load-recipe.ts';
import { RecipeError } from './recipe-error.ts';

const knox = 'https://knox.example:8443/gateway/company/atlas';

interface Parts {
  readonly hostPort?: string;
  readonly connectionArguments?: object;
  readonly server?: object;
}

/** Paths of everything that is told about a recipe with these parts. */
async function toldOf({ hostPort = knox, connectionArguments = {}, server = {} }: Parts): Promise<string[]> {
  const user = { username: 'reader', password: 'word-of-the-reader' };
  const config = { type: 'Atlas', hostPort, ...user, databaseServiceName: ['hive'], entity_type: 'hive_table' };
  const recipe = {
    source: {
      type: 'Atlas',
      serviceName: 'atlas',
      serviceConnection: { config: { ...config, connectionArguments } },
      sourceConfig: { config: { type: 'DatabaseMetadata' } },
    },
    sink: { type: 'metadata-rest', config: {} },
    workflowConfig: {
      openMetadataServerConfig: { hostPort: 'http://om.example/api', securityConfig: { jwtToken: 'token' }, ...server },
    },
  };
  try {
    await loadRecipe(recipe, { env: {} });
    return [];
  } catch (error) {
    if (!(error instanceof RecipeError)) throw error;
    expect(error.exitCode).toBe(2);
    expect(JSON.stringify(error.problems)).not.toContain('word-in-the-address');
    return error.problems.map(({ path }) => path.replace(/^.*\.(connectionArguments|securityConfig)/, '$1'));
  }
}

const signIns = [
  ['auth0', 'domain', { clientId: 'a', secretKey: 'b' }],
  ['azure', 'authority', { clientId: 'a', clientSecret: 'b', scopes: ['a/.default'] }],
  ['custom-oidc', 'tokenEndpoint', { clientId: 'a', secretKey: 'b' }],
  ['custom-oidc', 'domain', { clientId: 'a', secretKey: 'b' }],
  ['okta', 'orgURL', { clientId: 'a', privateKey: 'b', email: 'c@d.example' }],
  ['aws-cognito', 'domain', { clientId: 'a', secretKey: 'b' }],
] as const;

describe.each(signIns)('%s with an address in %s', (authProvider, key, others) => {
  const toldWith = (address: string) =>
    toldOf({ server: { authProvider, securityConfig: { ...others, [key]: address } } });

  it.each([
    '',
    ' ',
    'ftp://idp.example',
    'http://[::1',
    'https://',
    'a b',
    'ftp://user:word-in-the-address@idp.example',
  ])('“%s” is told', async (address) => {
    expect(await toldWith(address)).toEqual([`securityConfig.${key}`]);
  });

  it.each(['idp.example', 'idp.example:8443/realms/a', 'https://idp.example/token', 'http://localhost:8080/token'])(
    '“%s” is taken',
    async (address) => {
      expect(await toldWith(address)).toEqual([]);
    },
  );
});

it('an address beside a bot’s token is told once: it does not belong there', async () => {
  const securityConfig = { jwtToken: 'of-the-bot', domain: 'ftp://idp.example' };
  expect(await toldOf({ server: { authProvider: 'auth0', securityConfig } })).toEqual(['securityConfig.domain']);
});

describe('Knox', () => {
  it.each<[string, Parts, string[]]>([
    ['KnoxSSO beside Atlas', { connectionArguments: { auth: 'knoxsso' } }, []],
    [
      'KnoxSSO elsewhere',
      { hostPort: 'http://a:21000', connectionArguments: { auth: 'knoxsso', ssoUrl: 'https://k/w' } },
      [],
    ],
    [
      'KnoxSSO that nobody can find',
      { hostPort: 'http://a:21000', connectionArguments: { auth: 'knoxsso' } },
      ['connectionArguments'],
    ],
    [
      'KnoxSSO of no address',
      { connectionArguments: { auth: 'knoxsso', ssoUrl: '{sso}' } },
      ['connectionArguments.ssoUrl'],
    ],
    [
      'KnoxSSO of a host',
      { connectionArguments: { auth: 'knoxsso', ssoUrl: 'knox:8443' } },
      ['connectionArguments.ssoUrl'],
    ],
    [
      'a token service of no address',
      { connectionArguments: { auth: 'knox', tokenUrl: 'k' } },
      ['connectionArguments.tokenUrl'],
    ],
    ['a token', { connectionArguments: { auth: 'knox', token: 'a', tokenUrl: 'k' } }, []],
  ])('%s', async (_, parts, told) => {
    expect(await toldOf(parts)).toEqual(told);
  });
});
