import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { defaults } from '../src/config/defaults.ts';
import { loadRecipe } from '../src/config/load-recipe.ts';
import { airflowBlock } from '../src/schema/airflow-block.ts';

it('the recipe in docs/recipe.md is one that runs', async () => {
  const page = await readFile(join(import.meta.dirname, '..', 'docs', 'recipe.md'), 'utf8');
  const yaml = /```yaml\n(.*?)```/s.exec(page)![1]!;
  const folder = await mkdtemp(join(tmpdir(), 'meridian-docs-'));
  try {
    await writeFile(join(folder, 'recipe.yaml'), yaml);
    await writeFile(join(folder, 'atlas-password'), 'of the file\n');
    const { settings, secrets, warnings } = await loadRecipe(join(folder, 'recipe.yaml'), {
      env: { ATLAS_USER: 'reader', OPENMETADATA_TOKEN: 'of the environment' },
    });
    expect(warnings).toEqual([]);
    expect(settings.connection).toMatchObject({ signIn: { username: 'reader', password: 'of the file' } });
    expect(settings).toMatchObject({ mode: 'create', clusters: { prod: 'hive_prod' } });
    expect(secrets).toEqual(expect.arrayContaining(['of the file', 'of the environment']));
  } finally {
    await rm(folder, { recursive: true });
  }
});

it('docs/recipe.md has every key of airflow:, with its default', async () => {
  const page = await readFile(join(import.meta.dirname, '..', 'docs', 'recipe.md'), 'utf8');
  const yaml = /```yaml\n(airflow:\n.*?)```/s.exec(page)![1]!.replace('# endDate', 'endDate');
  const { airflow } = parse(yaml) as { airflow: Record<string, unknown> };
  expect(Object.keys(airflow)).toEqual(Object.keys(airflowBlock['properties'] as object));
  expect(airflow).toMatchObject(defaults.airflow);
});
