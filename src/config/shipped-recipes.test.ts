import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadRecipe } from './load-recipe.ts';

const folder = join(import.meta.dirname, '../../recipes');
const files = readdirSync(folder).filter((name) => /\.(yaml|json)$/.test(name));
const env = {
  ATLAS_EXPORT: 'exports/sales.zip',
  RECORDS_FILE: 'exports/atlas.jsonl',
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

  it.each(files)('%s is without mistakes or warnings and hides its secrets', async (file) => {
    const { warnings, secrets, settings } = await loadRecipe(join(folder, file), { env });
    expect(warnings).toEqual([]);
    expect(secrets).toContain('token-of-the-bot');
    if (settings.connection.type === 'Atlas') expect(secrets).toContain('pass-of-the-reader');
    expect(settings.targetHost).toBe('openmetadata.example:8585');
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
