import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadRecipe } from './load-recipe.ts';

const folder = join(import.meta.dirname, '../../recipes');
const files = readdirSync(folder).filter((name) => /\.(yaml|json)$/.test(name));
const env = {
  ATLAS_URL: 'http://atlas.example:21000',
  ATLAS_USER: 'reader',
  ATLAS_PASSWORD: 'pass-of-the-reader',
  OPENMETADATA_URL: 'http://openmetadata.example:8585/api',
  OPENMETADATA_TOKEN: 'token-of-the-bot',
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

  it.each(files)('%s is without mistakes or warnings and hides its password and token', async (file) => {
    const { warnings, secrets, settings } = await loadRecipe(join(folder, file), { env });
    expect(warnings).toEqual([]);
    expect(secrets).toEqual(expect.arrayContaining(['pass-of-the-reader', 'token-of-the-bot']));
    expect(settings.targetHost).toBe('openmetadata.example:8585');
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
