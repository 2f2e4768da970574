import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadRecipe } from './load-recipe.ts';
import { RecipeError, type RecipeProblem } from './recipe-error.ts';
import { checkSupported } from './recipe-rules.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'meridian-forms-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

type Part = Readonly<Record<string, unknown>>;

/** A recipe in which some parts are other ones. */
function recipeWith({ atlas = {}, server = {}, ...rest }: { atlas?: Part; server?: Part } & Part) {
  return {
    source: {
      type: 'Atlas',
      serviceName: 'local_atlas',
      serviceConnection: {
        config: {
          hostPort: 'http://atlas.example:21000',
          username: 'reader',
          password: 'pass-of-the-reader',
          databaseServiceName: ['local_hive'],
          entity_type: 'hive_table',
          ...atlas,
        },
      },
      sourceConfig: { config: { type: 'DatabaseMetadata' } },
    },
    sink: { type: 'metadata-rest' },
    workflowConfig: {
      openMetadataServerConfig: {
        hostPort: 'http://openmetadata.example:8585/api',
        authProvider: 'openmetadata',
        securityConfig: { jwtToken: 'token-of-the-bot' },
        ...server,
      },
    },
    ...rest,
  };
}

const load = (recipe: object, env = {}) => loadRecipe(recipe, { env, cwd: folder });
async function problemsOf(recipe: object, env = {}): Promise<readonly RecipeProblem[]> {
  const error = await load(recipe, env).catch((reason: unknown) => reason);
  return error instanceof RecipeError ? error.problems : [];
}

describe('words', () => {
  it('of types and choices are taken in any case, and come out in one', async () => {
    const { config } = await load({
      ...recipeWith({ server: { authProvider: 'OpenMetadata', verifySSL: 'IGNORE' } }),
      sink: { type: 'Metadata-REST' },
      meridian: { mode: 'CREATE' },
    });
    expect(config.sink.type).toBe('metadata-rest');
    expect(config.meridian?.mode).toBe('create');
    expect(config.workflowConfig.openMetadataServerConfig).toMatchObject({
      authProvider: 'openmetadata',
      verifySSL: 'ignore',
    });
  });
});

describe('the wrapped form', () => {
  it('may have id and name, and the block of ours inside or beside', async () => {
    const inner = recipeWith({});
    const beside = await load({
      id: 'x',
      name: 'nightly',
      openMetadataWorkflowConfig: inner,
      meridian: { mode: 'create' },
    });
    expect(beside.settings.mode).toBe('create');
    const inside = await load({ openMetadataWorkflowConfig: { ...inner, meridian: { concurrency: 2 } } });
    expect(inside.settings.concurrency).toBe(2);
  });

  it('has its mistakes told by the path in the file', async () => {
    const { sink: _sink, ...inner } = recipeWith({});
    const problems = await problemsOf({
      openMetadataWorkflowConfig: { ...inner, sinck: {} },
      meridian: { modus: 1 },
      other: 1,
    });
    expect(problems.map(({ path }) => path).sort()).toEqual([
      'meridian.modus',
      'openMetadataWorkflowConfig.sinck',
      'other',
    ]);
  });
});

describe('references', () => {
  it('may stand several in one text, and anywhere in the recipe', async () => {
    await writeFile(join(folder, 'port'), '21000\n');
    const { settings } = await load(
      recipeWith({
        atlas: { hostPort: 'http://${env:HOST}:${file:port}/', databaseServiceName: ['${env:SERVICE}'] },
        meridian: { clusters: { prod: '${env:SERVICE}.main' } },
      }),
      { HOST: 'atlas.example', SERVICE: 'hive' },
    );
    expect(settings.sourceHost).toBe('atlas.example:21000');
    expect(settings.connection.databaseServiceName).toEqual(['hive']);
    expect(settings.clusters).toEqual({ prod: 'hive.main' });
  });

  it.each([
    ['an empty variable', '${env:EMPTY}', /EMPTY is empty/],
    ['an empty file', '${file:empty}', /empty is empty/],
    ['a folder', '${file:.}', /it is a folder/],
    ['a kind that there is not', '${vault:a}', /no reference “vault:”/],
  ])('%s is a mistake', async (_, password, message) => {
    await writeFile(join(folder, 'empty'), '\n');
    const problems = await problemsOf(recipeWith({ atlas: { password } }), { EMPTY: '' });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({
      path: 'source.serviceConnection.config.password',
      message: expect.stringMatching(message),
    });
  });

  it('in maps of the user’s own count as secrets, as do passwords in addresses', async () => {
    const { secrets } = await load(
      recipeWith({
        atlas: { hostPort: 'http://me:p%40ss-in-url@atlas.example:21000' },
        server: { extraHeaders: { 'X-Tenant': '${env:TENANT}', 'X-Api-Key': 'a-key-in-a-header', Accept: 'plain' } },
      }),
      { TENANT: 'tenant-of-ours' },
    );
    const found = ['tenant-of-ours', 'a-key-in-a-header', 'p%40ss-in-url', 'p@ss-in-url'];
    expect(secrets).toEqual(expect.arrayContaining(found));
    expect(secrets).not.toContain('plain');
  });
});

describe('the kind of the source', () => {
  const file = (type: string, connection: object) => {
    const recipe = recipeWith({});
    return { ...recipe, source: { ...recipe.source, type, serviceConnection: { config: connection } } };
  };

  it('is taken in any case, and says which keys its connection has', async () => {
    const { settings } = await load(file('file', { type: 'FILE', path: 'a.jsonl' }));
    expect(settings.connection).toMatchObject({ type: 'File', path: join(folder, 'a.jsonl') });
    expect(await problemsOf(file('atlasEXPORT', { path: 'a.zip', databaseServiceName: ['hive'] }))).toMatchObject([
      { message: 'The key “entity_type” is missing.' },
    ]);
  });

  it('misspelt is one mistake: the rest is judged by what was meant', async () => {
    const problems = await problemsOf(file('Fil', { path: 'a.jsonl' }));
    expect(problems).toMatchObject([{ path: 'source.type', suggestion: 'Did you mean “File”?' }]);
  });

  it('and of its connection must be the same', async () => {
    const problems = await problemsOf(file('File', { type: 'Atlas', path: 'a.jsonl' }));
    expect(problems).toMatchObject([{ path: 'source.serviceConnection.config.type', expected: '“File”' }]);
  });
});

describe('OpenMetadata’s address', () => {
  it.each([
    ['http://om.example:8585/api', 0],
    ['http://om.example:8585/api/', 0],
    ['http://om.example:8585/api/v1', 1],
    ['http://om.example:8585', 1],
    ['http://om.example:8585/', 1],
  ])('%s', async (hostPort, warnings) => {
    const loaded = await load(recipeWith({ server: { hostPort } }));
    expect(loaded.settings.openMetadata.hostPort).toBe('http://om.example:8585/api');
    expect(loaded.warnings).toHaveLength(warnings);
  });
});

describe('Atlas’ address', () => {
  it.each(['https://acme.purview.azure.com', 'https://api.purview-service.example/datamap/api/atlas/v2'])(
    '%s is Microsoft Purview, which is refused before anything is contacted',
    async (hostPort) => {
      expect(await problemsOf(recipeWith({ atlas: { hostPort } }))).toMatchObject([
        {
          path: 'source.serviceConnection.config.hostPort',
          message: expect.stringMatching(/Microsoft Purview.*left out/),
        },
      ]);
    },
  );

  it.each([
    'https://knox.example:8443/gateway/cdp-proxy-api/atlas',
    'https://lake.example/my-lake/cdp-proxy-api/atlas/api/atlas/',
    'https://purview.azure.com.example:21443',
    'https://not-purview.azure.com.evil.example/datamap',
  ])('%s may be an Atlas', async (hostPort) => {
    expect(await problemsOf(recipeWith({ atlas: { hostPort } }))).toEqual([]);
  });
});

describe('sign-ins', () => {
  const wellFormed = [
    ['auth0', { clientId: 'a', secretKey: 'b', domain: 'c.example' }],
    ['azure', { clientId: 'a', clientSecret: 'b', authority: 'https://c.example', scopes: ['a/.default'] }],
    ['custom-oidc', { clientId: 'a', secretKey: 'b', tokenEndpoint: 'https://c.example/token' }],
    ['custom-oidc', { clientId: 'a', secretKey: 'b', domain: 'c.example' }],
    ['google', { secretKey: 'account.json' }],
    ['okta', { clientId: 'a', orgURL: 'https://c.example/v1/token', privateKey: 'b', email: 'x@c.example' }],
    ['aws-cognito', { clientId: 'a', secretKey: 'b', domain: 'c.auth.eu-central-1.amazoncognito.com' }],
  ] as const;

  it.each(wellFormed)('%s in its own shape is taken', async (authProvider, securityConfig) => {
    expect(await problemsOf(recipeWith({ server: { authProvider, securityConfig } }))).toEqual([]);
  });

  it.each(['auth0', 'azure', 'custom-oidc', 'google', 'okta', 'aws-cognito'])(
    '%s without its keys is told where they are missing',
    async (authProvider) => {
      const recipe = recipeWith({ server: { authProvider, securityConfig: undefined } });
      const problems = await problemsOf(recipe);
      expect(problems.map(({ path }) => path)).toEqual(['workflowConfig.openMetadataServerConfig.authProvider']);
      expect(problems[0]?.message).toContain('no securityConfig');
      expect(checkSupported(recipe as Parameters<typeof checkSupported>[0])).toHaveLength(1);
    },
  );

  it.each(['basic', 'ldap', 'saml'])(
    '%s may do without a token: servers before 1.3 want none',
    async (authProvider) => {
      expect(await problemsOf(recipeWith({ server: { authProvider, securityConfig: undefined } }))).toEqual([]);
    },
  );

  it.each(['basic', 'ldap', 'saml', 'aws-cognito', 'google', 'okta', 'openmetadata'])(
    '%s works with a token of the server’s own',
    async (authProvider) => {
      expect(await problemsOf(recipeWith({ server: { authProvider } }))).toEqual([]);
    },
  );

  it('without sign-in needs no token', async () => {
    expect(await problemsOf(recipeWith({ server: { authProvider: 'no-auth', securityConfig: undefined } }))).toEqual(
      [],
    );
  });

  it('has only the mistakes of the shape that belongs to the provider', async () => {
    const okta = await problemsOf(
      recipeWith({ server: { authProvider: 'okta', securityConfig: { clientID: 'a', orgURL: 'b', email: 'c' } } }),
    );
    const messages = okta.map(({ message, suggestion }) => `${message} ${suggestion ?? ''}`.trim());
    expect(messages).toEqual(
      expect.arrayContaining([
        'There is no key “clientID” here. Did you mean “clientId”?',
        'The key “privateKey” is missing.',
      ]),
    );
    expect(messages).toHaveLength(2);
    const oidc = await problemsOf(
      recipeWith({ server: { authProvider: 'custom-oidc', securityConfig: { clientId: 'a', secretKey: 'b' } } }),
    );
    expect(oidc.map(({ message }) => message)).toContain('One of the keys “tokenEndpoint”, “domain” is needed.');
  });
});

describe('owners and descriptions', () => {
  it('one that is none, or could take for ever, is told with its place', async () => {
    const ownerMapping = { '/^(.+)@corp\\.example$/': '$1', '/(a+)+$/': 'x', '/(/': 'y', 'etl/edge': 'z' };
    const problems = await problemsOf(recipeWith({ meridian: { ownerMapping } }));
    expect(problems.map(({ message }) => message)).toEqual([
      expect.stringMatching(/\/\(a\+\)\+\$\/.*take for ever/),
      expect.stringMatching(/is not a regular expression/),
    ]);
  });

  it('HTML in descriptions is made safe unless the recipe says otherwise', async () => {
    const chosen = async (descriptions?: object) =>
      (await load(recipeWith(descriptions ? { meridian: { descriptions } } : {}))).settings.descriptionHtml;
    expect(await chosen()).toBe('safe');
    expect(await chosen({ html: 'keep' })).toBe('keep');
    expect(await chosen({ stripHtml: true })).toBe('strip');
  });
});

describe('values of another kind', () => {
  it.each([
    [{ databaseServiceName: 'local_hive' }, 'a list', /brackets/],
    [{ password: 12345 }, 'a text', /quotes/],
    [{ username: null }, 'a text', undefined],
  ])('%j', async (atlas, expected, suggestion) => {
    const [problem, ...others] = await problemsOf(recipeWith({ atlas }));
    expect(others).toEqual([]);
    expect(problem?.expected).toBe(expected);
    if (suggestion) expect(problem?.suggestion).toMatch(suggestion);
    expect(JSON.stringify(problem)).not.toContain('12345');
  });

  it('a key in the wrong place is told where it belongs', async () => {
    const [problem] = await problemsOf({ ...recipeWith({}), mode: 'create' });
    expect(problem).toMatchObject({ path: 'mode', suggestion: 'It belongs under meridian.' });
  });
});

describe('filter patterns', () => {
  it('are Python’s: what both languages know passes, what neither does is a mistake', async () => {
    const fine = { tableFilterPattern: { includes: ['(?P<name>a.*)', '(?i)b\\Z', '^c{2}$'] } };
    expect(await problemsOf(recipeWith({ atlas: fine }))).toEqual([]);
    const bad = { tableFilterPattern: { excludes: ['fine', '*bad'] } };
    expect(await problemsOf(recipeWith({ atlas: bad }))).toMatchObject([
      { path: 'source.serviceConnection.config.tableFilterPattern.excludes.1' },
    ]);
  });
});
