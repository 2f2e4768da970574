import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { defaults } from './defaults.ts';
import { explainSettings } from './explain-settings.ts';
import { loadRecipe } from './load-recipe.ts';
import { environmentNames } from './overrides.ts';
import { RecipeError } from './recipe-error.ts';

const recipe = {
  source: {
    type: 'Atlas',
    serviceName: 'local_atlas',
    serviceConnection: {
      config: { username: 'reader', password: '${env:PW}', entity_type: 'Table', databaseServiceName: ['${env:DB}'] },
    },
    sourceConfig: { config: {} },
  },
  sink: { type: 'metadata-rest' },
  workflowConfig: {
    openMetadataServerConfig: { hostPort: 'http://om.example/api', securityConfig: { jwtToken: 'token-of-the-bot' } },
  },
  meridian: { concurrency: 3, atlas: { pageSize: '${env:PAGE}', retries: 1 } },
};
const env = { PW: 'pass-of-the-reader', DB: 'local_hive', PAGE: '500' };

describe('a value’s origin', () => {
  it('is a flag, else the environment, else the recipe, else the default', async () => {
    const loaded = await loadRecipe(recipe, {
      env: { ...env, MERIDIAN_CONCURRENCY: '5', MERIDIAN_ATLAS_RETRIES: '7', MERIDIAN_RAISE_ON_ERROR: 'false' },
      flags: { 'meridian.concurrency': 2 },
    });
    expect(loaded.settings).toMatchObject({ concurrency: 2, raiseOnError: false });
    expect(loaded.settings.atlasLimits).toMatchObject({ retries: 7, pageSize: 500, timeoutSeconds: 60 });
    const settings = Object.fromEntries(explainSettings(loaded).map(({ path, ...rest }) => [path, rest]));
    expect(settings['meridian.concurrency']).toMatchObject({ value: 2, origin: 'flag' });
    expect(settings['meridian.atlas.retries']).toMatchObject({
      value: 7,
      origin: 'environment',
      name: 'MERIDIAN_ATLAS_RETRIES',
    });
    expect(settings['meridian.atlas.pageSize']).toMatchObject({ value: 500, origin: 'reference', name: '${env:PAGE}' });
    expect(settings['meridian.atlas.timeoutSeconds']).toMatchObject({ value: 60, origin: 'default' });
    expect(settings['source.serviceName']).toMatchObject({ value: 'local_atlas', origin: 'recipe' });
    expect(settings['source.serviceConnection.config.databaseServiceName']).toMatchObject({
      value: ['local_hive'],
      origin: 'reference',
    });
  });

  it('is told without the secrets', async () => {
    const loaded = await loadRecipe(recipe, { env });
    const shown = JSON.stringify(explainSettings(loaded));
    expect(shown).not.toContain('pass-of-the-reader');
    expect(shown).not.toContain('token-of-the-bot');
    expect(loaded.secrets).toEqual(expect.arrayContaining(['pass-of-the-reader', 'token-of-the-bot']));
    // What the schema knows as open stays readable: a masked service name would blank out every path.
    expect(loaded.secrets).not.toContain('local_hive');
  });

  it('names the defaults that a run really follows', async () => {
    const { settings, config, origins } = await loadRecipe({ ...recipe, meridian: {} }, { env });
    const shown = new Map(explainSettings({ config, settings, origins }).map(({ path, value }) => [path, value]));
    expect(settings.mode).toBe(shown.get('meridian.mode'));
    expect(settings.concurrency).toBe(shown.get('meridian.concurrency'));
    expect(settings.classificationName).toBe(shown.get('meridian.classificationName'));
    expect(settings.successThreshold).toBe(shown.get('workflowConfig.successThreshold'));
    expect(settings.sourceConfig.overrideMetadata).toBe(shown.get('source.sourceConfig.config.overrideMetadata'));
    for (const [key, value] of Object.entries(defaults.atlas)) {
      expect(shown.get(`meridian.atlas.${key}`), key).toBe(value);
      expect(settings.atlasLimits[key as keyof typeof defaults.atlas], key).toBe(value);
    }
  });
});

describe('the environment', () => {
  it('is checked like the recipe, and a mistake there names the variable', async () => {
    const error = await loadRecipe(recipe, { env: { ...env, MERIDIAN_MODE: 'enrch' } }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(RecipeError);
    expect((error as RecipeError).problems).toEqual([
      expect.objectContaining({
        file: 'environment MERIDIAN_MODE',
        path: 'meridian.mode',
        suggestion: 'Did you mean “enrich”?',
      }),
    ]);
  });

  it('has files start where the command runs, the recipe where it stands', async () => {
    const cwd = resolve('somewhere');
    const { settings } = await loadRecipe(recipe, { env: { ...env, MERIDIAN_STATE_PATH: 'a.db' }, cwd });
    expect(settings.statePath).toBe(join(cwd, 'a.db'));
  });

  it('leaves names alone that mean something else', () => {
    for (const name of ['MERIDIAN_HOME', 'MERIDIAN_USERNAME', 'MERIDIAN_PASSWORD']) {
      expect(environmentNames.has(name)).toBe(false);
    }
  });
});
