import { describe, expect, it } from 'vitest';
import { loadRecipe } from '../../config/load-recipe.ts';
import { RecipeError } from '../../config/recipe-error.ts';
import type { PostgresSettings } from './postgres-settings.ts';

const recipe = (connection: object) => ({
  source: {
    type: 'postgres',
    serviceName: 'pg',
    serviceConnection: {
      config: { username: 'reader', hostPort: 'db.example:5432', database: 'shop', ...connection },
    },
    sourceConfig: { config: { type: 'DatabaseMetadata' } },
  },
  sink: { type: 'metadata-rest', config: {} },
  workflowConfig: {
    openMetadataServerConfig: {
      hostPort: 'http://om.example:8585/api',
      securityConfig: { jwtToken: 'token-of-the-bot' },
    },
  },
});

async function mistakes(connection: object): Promise<string> {
  const error = await loadRecipe(recipe(connection), { env: {} }).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof RecipeError)) throw new Error('The recipe was taken.');
  return error.problems.map(({ path, message, expected }) => `${path}: ${message} ${expected ?? ''}`).join('\n');
}

const settingsOf = async (connection: object) =>
  (await loadRecipe(recipe(connection), { env: {} })).settings.connection as PostgresSettings;

describe('a recipe for PostgreSQL', () => {
  it('is refused with what is wrong, and never shows a password', async () => {
    const address = await mistakes({ hostPort: 'postgres://reader:very-secret@db.example:5432/shop' });
    expect(address).toMatch(/hostPort: This is no host with a port\. .*db\.example\.com:5432/);
    expect(address).not.toContain('very-secret');
    expect(await mistakes({ hostPort: 'db.example:99999' })).toContain('no host with a port');
    const aws = { awsRegion: 'eu-central-1', awsSecretAccessKey: 'very-secret-key' };
    expect(await mistakes({ authType: { awsConfig: aws } })).toMatch(
      /awsConfig: .* AWS IAM is not served\. .*password/,
    );
    expect(await mistakes({ authType: { azureConfig: { clientId: 'me' } } })).toContain('Azure is not served');
    expect(await mistakes({ connectionArguments: { sslmode: 'always' } })).toMatch(/sslmode: .*verify-full/);
    expect(await mistakes({ sslMode: 'always' })).toContain('sslMode');
    expect(await mistakes({ databse: 'shop' })).toContain('databse');
    expect(await mistakes({ username: undefined })).toContain('username');
  });

  it('has its address, options and defaults understood', async () => {
    expect(await settingsOf({})).toMatchObject({
      ...{ host: 'db.example', port: 5432, place: 'db.example:5432', database: 'shop', password: undefined },
      ...{ sslMode: 'disable', allDatabases: false, applicationName: 'meridian', connectTimeoutSeconds: 10 },
    });
    expect(await settingsOf({ hostPort: '[::1]:6432' })).toMatchObject({
      host: '::1',
      port: 6432,
      place: '[::1]:6432',
    });
    expect(await settingsOf({ hostPort: 'db.example' })).toMatchObject({ host: 'db.example', port: 5432 });
    expect(
      await settingsOf({
        connectionOptions: { application_name: 'catalogue', connect_timeout: '3', sslmode: 'require' },
        connectionArguments: { application_name: 'nightly', options: '-c role=reader', keepalives: 1 },
      }),
    ).toMatchObject({
      ...{ applicationName: 'nightly', connectTimeoutSeconds: 3, options: '-c role=reader', sslMode: 'require' },
    });
  });

  it('hides its secrets, creates what is missing, and names policies after its classification', async () => {
    const loaded = await loadRecipe(
      recipe({
        authType: { password: 'very-secret' },
        sslConfig: { sslKey: 'secret-key' },
        classificationName: 'Rules',
      }),
      { env: {} },
    );
    expect(loaded.secrets).toEqual(expect.arrayContaining(['very-secret', 'secret-key']));
    expect(loaded.redactor.redact('is very-secret')).not.toContain('very-secret');
    expect(loaded.settings).toMatchObject({
      mode: 'create',
      classificationName: 'Rules',
      sourceHost: 'db.example:5432',
    });
    expect((await loadRecipe(recipe({}), { env: {} })).settings.classificationName).toBe('PostgresPolicyTags');
  });
});
