import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenMetadataStandIn, startOpenMetadata } from '../../sandbox/openmetadata/start-openmetadata.ts';
import { clientOf } from '../../sandbox/openmetadata/test-client.ts';
import { startTrino, type TrinoStandIn } from '../../sandbox/trino/start-trino.ts';
import { type PostgresServer, startPostgres } from '../../src/state/postgres/postgres-server.testing.ts';
import { TestBrowser } from '../browser/test-browser.ts';
import type { TestPage } from '../browser/test-page.ts';
import { type ConsoleWorld, startConsoleWorld } from './console-world.ts';
import { signIn } from './sign-in.ts';

const password = 'Pa55word-of-the-shop';
let world: ConsoleWorld;
let browser: TestBrowser;
let postgres: PostgresServer;
let trino: TrinoStandIn;
let other: OpenMetadataStandIn;

beforeAll(async () => {
  [world, browser, postgres, trino, other] = await Promise.all([
    startConsoleWorld(),
    TestBrowser.start(),
    startPostgres(),
    startTrino(),
    startOpenMetadata(),
  ]);
  await makeShop();
  await clientOf(other, 'bot').put('/services/databaseServices', { name: 'elsewhere', serviceType: 'Hive' });
});
afterAll(async () => {
  await browser?.close();
  await Promise.all([world?.close(), postgres?.stop(), trino?.close(), other?.close()]);
});

async function makeShop(): Promise<void> {
  const client = new pg.Client({ connectionString: postgres.address('postgres') });
  await client.connect();
  await client.query('CREATE DATABASE shop');
  await client.query(`CREATE USER reader PASSWORD '${password}'`);
  await client.end();
  const shop = new pg.Client({ connectionString: postgres.address('shop') });
  await shop.connect();
  await shop.query(`
    CREATE TABLE public.loaves (id integer PRIMARY KEY, kind text, grams numeric(8, 2));
    COMMENT ON TABLE public.loaves IS 'What comes out of the oven';
    INSERT INTO public.loaves SELECT n, CASE WHEN n % 4 > 0 THEN 'kind ' || n % 7 END, 400 + n % 90 FROM generate_series(1, 200) n;
    GRANT SELECT ON public.loaves TO reader;
    ANALYZE;`);
  await shop.end();
}

/** A new pipeline's form, filled in but for its source. */
async function newPipeline(name: string, service: string): Promise<TestPage> {
  const test = await browser.open(`${world.url}/pipelines/new`);
  const { page } = test;
  await signIn(test, 'ada');
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByRole('tab', { name: 'OpenMetadata' }).click();
  await page.getByLabel('Address').fill(world.sandbox.openmetadata.url);
  await page.getByRole('textbox', { name: 'Token' }).fill(world.sandbox.token);
  await page.getByRole('tab', { name: 'Source' }).click();
  await page.getByLabel('Service name').fill(service);
  return test;
}

async function choose({ page }: TestPage, field: string, option: string): Promise<void> {
  await page.getByRole('combobox', { name: field }).click();
  await page.getByRole('option', { name: option, exact: true }).click();
}

/** Whether the text beside the form shows something: a secret that was typed never does. */
async function yamlHas({ page }: TestPage, text: string): Promise<boolean> {
  const shown = await page.getByRole('textbox', { name: 'Recipe as YAML' }).textContent();
  return shown?.includes(text) ?? false;
}

async function connectionWorks({ page }: TestPage): Promise<void> {
  await page.getByText('The recipe is valid.').waitFor();
  await page.getByRole('button', { name: 'Test connection' }).click();
  const dialog = page.getByRole('dialog', { name: 'Test connection' });
  await dialog.getByText('Everything works.').waitFor();
  await page.keyboard.press('Escape');
}

async function createdAndRun({ page }: TestPage, name: string): Promise<void> {
  await page.getByRole('button', { name: 'Create pipeline' }).click();
  await page.getByRole('heading', { name }).waitFor();
  await page.getByRole('button', { name: 'Run now' }).click();
  await page.getByRole('heading', { name: /^Run of/ }).waitFor();
  await page.getByRole('tab', { name: 'Summary', selected: true }).waitFor();
  await page.getByText('Success', { exact: true }).waitFor();
}

describe('a pipeline of each connector, made by the form', () => {
  it('reads PostgreSQL, with a password that no page shows', async () => {
    const test = await newPipeline('Shop database', 'shop_postgres');
    const { page } = test;
    await choose(test, 'Kind of source', 'PostgreSQL');
    await page.getByLabel('Address').fill(`127.0.0.1:${postgres.port}`);
    await page.getByLabel('User name').fill('reader');
    await page.getByRole('button', { name: /^Way to sign in/ }).click();
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.getByRole('textbox', { name: 'Database', exact: true }).fill('shop');
    await test.inEveryLook('connector-postgres');
    await connectionWorks(test);
    expect(await yamlHas(test, password)).toBe(false);
    await createdAndRun(test, 'Shop database');
    await page.getByRole('row', { name: /^Tables/ }).waitFor();
    await test.close();
  });

  it('reads Trino', async () => {
    const test = await newPipeline('Lake', 'lake_trino');
    const { page } = test;
    await choose(test, 'Kind of source', 'Trino');
    await page.getByLabel('Address').fill(trino.url);
    await page.getByLabel('User name').fill('ada');
    await page.getByRole('button', { name: /^Way to sign in/ }).click();
    await page.getByLabel('JSON web token', { exact: true }).waitFor();
    await test.inEveryLook('connector-trino');
    await connectionWorks(test);
    await createdAndRun(test, 'Lake');
    await page.getByRole('row', { name: /^Tables/ }).waitFor();
    await test.close();
  });

  it('reads another OpenMetadata, with a token of its own', async () => {
    const test = await newPipeline('Other server', 'other_openmetadata');
    const { page } = test;
    await choose(test, 'Kind of source', 'OpenMetadata');
    await page.getByLabel('Address').fill(other.url);
    await page.getByRole('textbox', { name: 'Token' }).fill(other.botToken);
    await test.inEveryLook('connector-openmetadata');
    await connectionWorks(test);
    expect(await yamlHas(test, other.botToken)).toBe(false);
    await page.getByRole('button', { name: 'Create pipeline' }).click();
    await page.getByRole('heading', { name: 'Other server' }).waitFor();
    await test.close();
  });
});

describe('a pipeline that profiles', () => {
  it('is made by the form, planned, run and watched, and the table shows what it found', async () => {
    const test = await newPipeline('Shop profiles', 'shop_postgres');
    const { page } = test;
    await choose(test, 'Kind of source', 'PostgreSQL');
    await page.getByLabel('Address').fill(`127.0.0.1:${postgres.port}`);
    await page.getByLabel('User name').fill('reader');
    await page.getByRole('button', { name: /^Way to sign in/ }).click();
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.getByRole('textbox', { name: 'Database', exact: true }).fill('shop');
    await page.getByRole('tab', { name: 'Basics' }).click();
    await choose(test, 'Kind of pipeline', 'Profiler');
    await page.getByRole('tab', { name: 'What is profiled' }).click();
    await page.getByRole('combobox', { name: 'Metrics' }).waitFor();
    await page.getByRole('textbox', { name: 'Recipe as YAML' }).getByText('type: Profiler').waitFor();
    await test.inEveryLook('profiler-form');
    await connectionWorks(test);
    await page.getByRole('button', { name: 'Create pipeline' }).click();
    await page.getByRole('heading', { name: 'Shop profiles' }).waitFor();
    const { pipelineType } = await world.engine.history.pipeline({ pipelineId: 'shop_profiles' });
    expect(pipelineType).toBe('profiler');

    await page.getByRole('button', { name: 'Plan' }).click();
    await page.getByRole('button', { name: 'Run this now' }).waitFor();
    await page.getByText('shop_postgres.shop.public.loaves').first().waitFor();
    await test.inEveryLook('profiler-plan');
    await page.getByRole('button', { name: 'Run this now' }).click();
    await page.getByRole('heading', { name: /^Run of/ }).waitFor();
    await page.getByText('Success', { exact: true }).waitFor();
    await page.getByText('Tables profiled').waitFor();
    await page.getByRole('row', { name: /^Profiles/ }).waitFor();
    await test.inEveryLook('profiler-run');

    const asset = new URLSearchParams({ kind: 'table', fqn: 'shop_postgres.shop.public.loaves', tab: 'profile' });
    await page.goto(`${world.url}/catalogue/shop_database/asset?${asset}`);
    await page.getByRole('region', { name: 'Newest profile' }).getByText('200', { exact: true }).waitFor();
    const kind = page.getByRole('row').filter({ hasText: 'kind' });
    expect(await kind.innerText()).toContain('25 %');
    await page.getByRole('button', { name: 'Profile of the column grams' }).click();
    await page.getByRole('img', { name: /^Distribution in/ }).waitFor();
    await test.inEveryLook('profiler-column');
    await test.close();
  });

  it('keeps its kind: a recipe of another one is refused, and says what to do', async () => {
    const { recipe } = await world.engine.history.pipeline({ pipelineId: 'shop_profiles' });
    const test = await browser.open(`${world.url}/pipelines/shop_profiles/edit`, { expectedErrors: [/status of 400/] });
    const { page } = test;
    await signIn(test, 'ada');
    await page.getByRole('tab', { name: 'Basics' }).click();
    expect(await page.getByRole('combobox', { name: 'Kind of pipeline' }).isDisabled()).toBe(true);
    const yaml = page.getByRole('textbox', { name: 'Recipe as YAML' });
    await yaml.getByText('type: Profiler').click();
    await page.keyboard.press('Home');
    await page.keyboard.press('Shift+End');
    await page.keyboard.type('type: DatabaseMetadata');
    await page.getByText('The recipe is valid.').waitFor();
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page
      .getByRole('alert')
      .getByText(/A recipe of that kind is for a pipeline of type metadata/)
      .waitFor();
    const kept = await world.engine.history.pipeline({ pipelineId: 'shop_profiles' });
    expect(kept.recipe).toEqual(recipe);
    await test.close();
  });
});
