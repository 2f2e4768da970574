import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { authProviders } from '../schema/sign-ins.ts';
import { loadRecipe } from './load-recipe.ts';

const folder = join(import.meta.dirname, '../../recipes');
const files = readdirSync(folder).filter((name) => /\.(yaml|json)$/.test(name));
const env = {
  ATLAS_EXPORT: 'exports/sales.zip',
  RECORDS_FILE: 'exports/atlas.jsonl',
  OLD_OPENMETADATA_URL: 'http://old-openmetadata.example:8585/api',
  OLD_OPENMETADATA_TOKEN: 'token-of-the-old-bot',
  ATLAS_URL: 'http://atlas.example:21000',
  TRINO_HOST_PORT: 'trino.example:8080',
  TRINO_USER: 'reader',
  ATLAS_USER: 'reader',
  ATLAS_PASSWORD: 'pass-of-the-reader',
  POSTGRES_USER: 'reader',
  POSTGRES_PASSWORD: 'pass-of-postgres',
  POSTGRES_HOST_PORT: 'db.example:5432',
  POSTGRES_DATABASE: 'shop',
  OPENMETADATA_URL: 'http://openmetadata.example:8585/api',
  OPENMETADATA_TOKEN: 'token-of-the-bot',
  CLIENT_ID: 'client-of-ours',
  CLIENT_SECRET: 'secret-of-the-client',
  GOOGLE_KEY: 'keys/google.json',
  OKTA_KEY: 'key-of-the-client-as-pem',
};

/** What a recipe signs in to OpenMetadata with. */
const signInSecrets: Readonly<Record<string, string | undefined>> = {
  'sign-in-auth0.yaml': env.CLIENT_SECRET,
  'sign-in-azure.yaml': env.CLIENT_SECRET,
  'sign-in-custom-oidc.yaml': env.CLIENT_SECRET,
  'sign-in-aws-cognito.yaml': env.CLIENT_SECRET,
  'sign-in-google.yaml': env.GOOGLE_KEY,
  'sign-in-okta.yaml': env.OKTA_KEY,
  'sign-in-no-auth.yaml': env.ATLAS_PASSWORD,
};

describe('the recipes that we ship', () => {
  it('are at least the four that the documentation names', () => {
    expect(files).toEqual(
      expect.arrayContaining([
        'atlas-clusters.yaml',
        'atlas-create.yaml',
        'atlas-enrich-with-filters.yaml',
        'atlas-page.yaml',
      ]),
    );
  });

  it.each(files)('%s is without mistakes or warnings and hides its secrets', async (file) => {
    const { warnings, secrets, settings } = await loadRecipe(join(folder, file), { env });
    expect(warnings).toEqual([]);
    expect(secrets).toContain(signInSecrets[file] ?? env.OPENMETADATA_TOKEN);
    if (settings.connection.type === 'Atlas') expect(secrets).toContain('pass-of-the-reader');
    if (settings.connection.type === 'Postgres') expect(secrets).toContain('pass-of-postgres');
    expect(settings.targetHost).toBe('openmetadata.example:8585');
  });

  it('have one for each authProvider, and docs/sign-in.md names it', async () => {
    const page = await readFile(join(folder, '../docs/sign-in.md'), 'utf8');
    for (const provider of authProviders.filter((name) => !['openmetadata', 'ldap', 'saml'].includes(name))) {
      const file = `sign-in-${provider}.yaml`;
      const { settings } = await loadRecipe(join(folder, file), { env });
      expect(settings.openMetadata.authProvider).toBe(provider);
      expect(page).toContain(`../recipes/${file}`);
    }
  });

  it('atlas-export.yaml reads a file from where the recipe is', async () => {
    const { settings } = await loadRecipe(join(folder, 'atlas-export.yaml'), { env });
    expect(settings).toMatchObject({ sourceType: 'AtlasExport', sourceHost: 'sales.zip' });
    expect(settings.connection).toMatchObject({ path: join(folder, 'exports', 'sales.zip') });
  });

  it('atlas-page.yaml only enriches', async () => {
    const { settings } = await loadRecipe(join(folder, 'atlas-page.yaml'), { env });
    expect(settings.mode).toBe('enrich');
  });

  it('atlas-clusters.yaml gives each cluster its place', async () => {
    const { settings } = await loadRecipe(join(folder, 'atlas-clusters.yaml'), { env });
    expect(settings.clusters).toEqual({ primary: 'hive_prod', staging: 'hive_test.staging' });
  });
});
