import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { loadRecipe } from './load-recipe.ts';
import { RecipeError } from './recipe-error.ts';

const page = join(import.meta.dirname, '../../../shared/page/atlas-airflow-sdk.md');
const there = existsSync(page);
if (!there) console.warn('Skipped: the documentation page is not beside the repository.');
const blocks = there
  ? [...readFileSync(page, 'utf8').matchAll(/```yaml\n(.*?)```/gs)].map(([, text]) => text!.trimEnd())
  : [];
const [recipe = '', ...signIns] = blocks;

const problemsOf = async (text: string) => {
  const error = await loadRecipe({ text, name: 'page.yaml' }, { env: {} }).catch((reason: unknown) => reason);
  return error instanceof RecipeError ? error.problems : [];
};

describe.skipIf(!there)('the recipe of the documentation page', () => {
  it('asks for its placeholders to be filled in, and for nothing else', async () => {
    const problems = await problemsOf(recipe);
    expect(problems.map(({ path }) => path)).toEqual([
      'workflowConfig.openMetadataServerConfig.hostPort',
      'workflowConfig.openMetadataServerConfig.authProvider',
    ]);
    expect(problems.every(({ message }) => message.includes('placeholder'))).toBe(true);
  });

  it('loads without a warning once server and token are filled in as the page shows', async () => {
    const start = recipe.slice(0, recipe.indexOf('workflowConfig:'));
    const server = signIns[0]!.replace('{bot_jwt_token}', 'token-of-the-bot');
    const { settings, warnings } = await loadRecipe({ text: `${start}${server}`, name: 'page.yaml' }, { env: {} });
    expect(warnings).toEqual([]);
    expect(settings).toMatchObject({
      mode: 'enrich',
      serviceName: 'local_atlas',
      connection: { hostPort: 'http://localhost:10000', databaseServiceName: ['local_hive'], entityType: 'Table' },
      openMetadata: { hostPort: 'http://localhost:8585/api', securityConfig: { jwtToken: 'token-of-the-bot' } },
    });
  });

  it.each(signIns.map((text) => [`${parse(text).workflowConfig.openMetadataServerConfig.authProvider}`, text]))(
    'its sign-in %s has the keys that the schema knows',
    async (_, text) => {
      const start = recipe.slice(0, recipe.indexOf('workflowConfig:'));
      const messages = (await problemsOf(`${start}${text}`)).map(({ message }) => message);
      const others = messages.filter((message) => !/placeholder|not available yet/.test(message));
      expect(others).toEqual([]);
      expect(messages.length).toBeGreaterThan(0);
    },
  );
});
