import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestBrowser } from '../browser/test-browser.ts';
import type { TestPage } from '../browser/test-page.ts';
import { type ConsoleWorld, people, refusesContainers, startConsoleWorld } from './console-world.ts';
import { signIn } from './sign-in.ts';

let world: ConsoleWorld;
let browser: TestBrowser;

beforeAll(async () => {
  [world, browser] = await Promise.all([startConsoleWorld(), TestBrowser.start()]);
});
afterAll(async () => {
  await browser?.close();
  await world?.close();
});

/** A window on a page, signed in. */
async function signedIn(path = '/pipelines', who: keyof typeof people = 'ada'): Promise<TestPage> {
  const test = await browser.open(`${world.url}${path}`);
  await signIn(test, who);
  return test;
}

/** Nothing that the browser holds or was sent has a secret in it. */
async function showsNoSecret({ page }: TestPage): Promise<void> {
  const content = await page.content();
  const values = await page
    .locator('input')
    .evaluateAll((all) => all.map((each) => (each as { value?: string }).value));
  for (const secret of world.secrets) {
    expect(content).not.toContain(secret);
    expect(values).not.toContain(secret);
  }
}

/** Requests that changed something at OpenMetadata, so far. */
function writes(): number {
  const changing = world.sandbox.openmetadata.requests().filter(({ method }) => method !== 'GET');
  return changing.reduce((sum, { count }) => sum + count, 0);
}

/** Writes another description to an entity that has one, past Meridian. */
async function changedDescription(kind: string, description: string): Promise<void> {
  const { url, botToken } = world.sandbox.openmetadata;
  const headers = { authorization: `Bearer ${botToken}` };
  const listed = await fetch(`${url}/v1/${kind}?limit=100`, { headers });
  const { data } = (await listed.json()) as { data: { id: string; description?: string }[] };
  const entity = data.find((each) => each.description)!;
  const answer = await fetch(`${url}/v1/${kind}/${entity.id}`, {
    method: 'PATCH',
    headers: { ...headers, 'content-type': 'application/json-patch+json' },
    body: JSON.stringify([{ op: 'replace', path: '/description', value: description }]),
  });
  expect(answer.status).toBe(200);
}

describe('signing in and out', () => {
  it('refuses a wrong password, lets a right one in, back to the page that was asked for, and out again', async () => {
    const test = await browser.open(`${world.url}/pipelines/new`, { expectedErrors: [/status of 401/] });
    const { page } = test;
    await page.getByLabel('User name').fill('ada');
    await page.getByRole('textbox', { name: 'Password' }).fill('wrong');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText('The user name or the password is wrong.').waitFor();
    await test.inEveryLook('console-sign-in');

    await page.getByRole('textbox', { name: 'Password' }).fill(people.ada.password);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'New pipeline' }).waitFor();

    await page.getByRole('button', { name: 'Signed in as ada' }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    // The session is over for the server, too.
    expect(await page.evaluate(async () => (await fetch('/api/console/pipelines')).status)).toBe(401);
    await test.close();
  });

  it('leads on from an address where nothing is', async () => {
    const test = await signedIn('/no/such/page');
    await test.page.getByRole('heading', { name: 'There is nothing here' }).waitFor();
    await test.inEveryLook('console-not-found');
    await test.page.getByRole('link', { name: 'To the pipelines' }).click();
    await test.page.getByRole('heading', { name: 'Pipelines', exact: true }).waitFor();
    await test.close();
  });

  it('shows a viewer what there is, and nothing that changes it', async () => {
    await world.engine.deploy({ pipeline: world.bakery({ id: 'seen', displayName: 'Seen by all' }) });
    const test = await signedIn('/pipelines', 'vera');
    await test.page.getByRole('link', { name: 'Seen by all' }).waitFor();
    expect(await test.page.getByRole('button', { name: /Run|Plan|New/ }).count()).toBe(0);
    await world.engine.delete({ pipelineId: 'seen' });
    await test.close();
  });
});

describe('a first pipeline', () => {
  it('is made by the form: filled in, tested, saved, planned, run, and its run watched', async () => {
    const test = await signedIn();
    const { page } = test;
    await page.getByRole('heading', { name: 'No pipeline yet' }).waitFor();
    await test.inEveryLook('console-no-pipeline');
    await page.getByRole('link', { name: 'New pipeline' }).first().click();

    await page.getByLabel('Name', { exact: true }).fill('Night bakery');
    expect(await page.getByLabel('Id').inputValue()).toBe('night_bakery');
    await page.getByLabel('Owner').fill('Data platform');
    await page.getByRole('tab', { name: 'Source' }).click();
    await page.getByLabel('Service name').fill('night_atlas');
    await page.getByLabel('Address').fill(world.sandbox.atlas.url);
    await page.getByLabel('User name').fill('admin');
    await page.getByLabel('Password', { exact: true }).fill(world.secrets[0]!);
    await page.getByRole('combobox', { name: 'Database services' }).fill('night_hive');
    await page.keyboard.press('Enter');
    await page.getByRole('tab', { name: 'OpenMetadata' }).click();
    await page.getByLabel('Address').fill(world.sandbox.openmetadata.url);
    await page.getByRole('textbox', { name: 'Token' }).fill('no-token');
    await page.getByRole('tab', { name: 'What is carried' }).click();
    await page.getByRole('combobox', { name: 'Mode' }).click();
    await page.getByRole('option', { name: 'create' }).click();
    await page.getByText('The recipe is valid.').waitFor();

    // What is typed in the form stands in the YAML, and the other way round.
    const yaml = page.getByRole('textbox', { name: 'Recipe as YAML' });
    await yaml.getByText('serviceName: night_atlas').waitFor();
    await page.getByRole('tab', { name: 'Source' }).click();
    await yaml.getByText('serviceName: night_atlas').click();
    await page.keyboard.press('End');
    await page.keyboard.type('_2');
    await expect.poll(() => page.getByLabel('Service name').inputValue()).toBe('night_atlas_2');

    await page.getByRole('tab', { name: 'Schedule' }).click();
    await page.getByText('The next five times').waitFor();
    expect(await page.getByRole('status').getByRole('listitem').count()).toBe(5);
    // What was typed as a secret cannot be read over a shoulder.
    expect(await yaml.textContent()).not.toContain(world.secrets[0]);
    await test.inEveryLook('console-form');
    for (const section of ['Basics', 'Source', 'OpenMetadata', 'What is carried', 'Runs']) {
      await page.getByRole('tab', { name: section }).click();
      const more = page.getByRole('button', { name: /^More settings/ });
      while ((await more.count()) > 0) await more.first().click();
      await test.screenshot(`console-form-${section.toLowerCase().replaceAll(' ', '-')}`);
      await test.checkAccessibility(section);
      // Every group says what it is.
      expect(await page.locator('fieldset:not([aria-label]) fieldset[aria-label=""]').count()).toBe(0);
    }

    await page.getByRole('button', { name: 'Test connection' }).click();
    const dialog = page.getByRole('dialog', { name: 'Test connection' });
    await dialog.getByText('Something does not work yet.').waitFor();
    await test.screenshot('console-test-failed');
    await page.keyboard.press('Escape');
    await page.getByRole('tab', { name: 'OpenMetadata' }).click();
    await page.getByRole('textbox', { name: 'Token' }).fill(world.sandbox.token);
    await page.getByRole('button', { name: 'Test connection' }).click();
    await dialog.getByText('Everything works.').waitFor();
    await test.inEveryLook('console-test-passed');
    await page.keyboard.press('Escape');

    await page.getByRole('button', { name: 'Create pipeline' }).click();
    await page.getByRole('heading', { name: 'Night bakery' }).waitFor();
    const { recipe } = await world.engine.history.pipeline({ pipelineId: 'night_bakery' });
    expect(recipe).toMatchObject({ source: { serviceName: 'night_atlas_2' }, meridian: { mode: 'create' } });

    await page.getByRole('button', { name: 'Plan' }).click();
    await page.getByRole('heading', { name: 'Plan' }).waitFor();
    await page.getByRole('button', { name: 'Run this now' }).waitFor();
    await page.getByLabel('Search names, fields, values and reasons').fill('loaf_sales');
    const change = page.getByRole('button', { name: /loaf_sales/ }).first();
    await change.click();
    await page.getByText('All of it is new.').first().waitFor();
    expect(writes()).toBe(0);

    await page.getByRole('button', { name: 'Run this now' }).click();
    await page.getByRole('heading', { name: /^Run of/ }).waitFor();
    await page.getByRole('tab', { name: 'Summary', selected: true }).waitFor();
    await page.getByText('Success', { exact: true }).waitFor();
    await page.getByRole('row', { name: /^Tables/ }).waitFor();
    expect(writes()).toBeGreaterThan(0);
    await test.inEveryLook('console-run');
    await page.getByRole('tab', { name: 'Log' }).click();
    await page.getByLabel('Search the log').fill('tables');
    await page.getByText(/^\d+ lines?$/).waitFor();
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Download' }).click();
    expect((await download).suggestedFilename()).toMatch(/\.log$/);
    await test.inEveryLook('console-log');
    await showsNoSecret(test);
    await test.close();
  });

  it('shows what is wrong where it is, and never gives a stored secret back', async () => {
    await world.engine.deploy({ pipeline: world.bakery({ id: 'stored', displayName: 'Stored bakery' }) });
    const test = await signedIn('/pipelines/stored/edit');
    const { page } = test;
    await page.getByText('The recipe is valid.').waitFor();
    await showsNoSecret(test);
    const address = page.getByLabel('Address');
    const right = await address.inputValue();
    await address.fill('localhost:21000');
    await page.getByText('1 thing to correct').first().waitFor();
    await page
      .getByText(/This is no address\./)
      .first()
      .waitFor();
    await test.inEveryLook('console-mistake');
    await address.fill(right);
    await page.getByText('The recipe is valid.').waitFor();
    await page.getByRole('tab', { name: 'Basics' }).click();
    await page.getByLabel('Owner').fill('Night shift');
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.getByRole('heading', { name: 'Stored bakery', exact: true }).waitFor();
    await page.getByText('Night shift').waitFor();
    // The password that nobody typed again still lets the run in.
    expect((await world.ran('stored')).state).toBe('success');
    await test.close();
  });
});

describe('runs', () => {
  it('one that goes on is watched and stopped', async () => {
    await world.engine.deploy({
      pipeline: world.bakery({ id: 'endless', displayName: 'Archive' }, world.deafSource),
    });
    const test = await signedIn();
    const { page } = test;
    await page.getByRole('button', { name: 'Run Archive now' }).click();
    await page.getByRole('heading', { name: 'Under way' }).waitFor();
    await page.getByText('Time left').waitFor();
    await test.inEveryLook('console-live');
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByRole('button', { name: 'Stop the run' }).click();
    await page.getByText('Stopped', { exact: true }).first().waitFor();
    await page.getByRole('button', { name: 'Run now' }).waitFor();
    await world.engine.delete({ pipelineId: 'endless' });
    await test.close();
  });

  it('refused requests show what was sent and answered, and are sent again', async () => {
    await world.engine.deploy({ pipeline: world.bakery({ id: 'bakery', displayName: 'Bakery warehouse' }) });
    world.sandbox.openmetadata.faults.set(refusesContainers);
    const first = await world.ran('bakery');
    world.sandbox.openmetadata.faults.clear();
    expect(first.state).toBe('partialSuccess');
    const test = await signedIn(`/pipelines/bakery/runs/${first.runId}?tab=failed`);
    const { page } = test;
    await page
      .getByRole('button', { name: /HTTP 409/ })
      .first()
      .click();
    await page
      .getByText(/^PUT \/.*containers/)
      .first()
      .waitFor();
    await test.inEveryLook('console-failed-records');
    await page.getByRole('button', { name: /^Replay all/ }).click();
    await page.getByRole('heading', { name: /^Replay of/ }).waitFor();
    await page.getByRole('button', { name: 'Run now' }).waitFor();
    await showsNoSecret(test);
    await test.close();
  });

  it('one that fails says why, and a narrow page has its navigation behind a button', async () => {
    await world.engine.deploy({ pipeline: world.bakery({ id: 'gone', displayName: 'Gone' }, 'http://127.0.0.1:1') });
    const { runId, state } = await world.ran('gone');
    expect(state).toBe('failed');
    const test = await signedIn(`/pipelines/gone/runs/${runId}`);
    await test.page
      .getByText(/cannot be reached/)
      .first()
      .waitFor();
    await test.inEveryLook('console-failed-run', async ({ viewport }) => {
      if (viewport.width > 900) return;
      await test.page.getByRole('button', { name: 'Open navigation' }).click();
      await test.page.getByRole('link', { name: 'Catalogue' }).waitFor();
      await test.page.getByRole('button', { name: 'Open navigation' }).click();
    });
    await world.engine.delete({ pipelineId: 'gone' });
    await test.close();
  });

  it('the history draws them, and two are compared', async () => {
    await world.ran('bakery');
    const test = await signedIn('/pipelines/bakery');
    const { page } = test;
    await page.getByRole('img', { name: /Durations and changes/ }).waitFor();
    const choices = page.getByRole('checkbox');
    await choices.nth(0).check();
    await choices.nth(1).check();
    await test.inEveryLook('console-history');
    await page.getByRole('button', { name: 'Compare' }).click();
    await page.getByRole('heading', { name: 'Two runs compared' }).waitFor();
    await page.getByRole('columnheader', { name: 'Difference' }).waitFor();
    await test.inEveryLook('console-compare');
    await page.goto(`${world.url}/pipelines`);
    await page.getByRole('link', { name: 'Bakery warehouse' }).waitFor();
    await test.inEveryLook('console-pipelines');
    await test.close();
  });

  it('a plan shows each field before and after, and why', async () => {
    await changedDescription('tables', 'Written by another tool.');
    const test = await signedIn('/pipelines/bakery');
    const { page } = test;
    await page.getByRole('button', { name: 'Plan' }).click();
    await page.getByRole('button', { name: 'Run this now' }).waitFor();
    await page
      .getByRole('button', { name: /description/ })
      .first()
      .click();
    await page.getByRole('columnheader', { name: 'After the run' }).waitFor();
    await page.getByRole('cell', { name: 'Written by another tool.' }).waitFor();
    await test.inEveryLook('console-plan');
    await page.getByLabel('Search names, fields, values and reasons').fill('no such thing');
    await page.getByRole('heading', { name: 'No change matches' }).waitFor();
    await test.close();
  });

  it('a pipeline is paused, resumed, and deleted after a question', async () => {
    const schedule = { cron: '0 4 * * *', timezone: 'UTC', catchup: false };
    await world.engine.deploy({ pipeline: world.bakery({ id: 'short', displayName: 'Short-lived', schedule }) });
    const test = await signedIn();
    const { page } = test;
    const menu = page.getByRole('button', { name: 'More about Short-lived' });
    await menu.click();
    await page.getByRole('menuitem', { name: 'Pause schedule' }).click();
    await page.getByText('The schedule is paused.').waitFor();
    await menu.click();
    await page.getByRole('menuitem', { name: 'Resume schedule' }).click();
    await page.getByText('The schedule goes on.').waitFor();
    await menu.click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await page.getByRole('button', { name: 'Delete the pipeline' }).click();
    await page.getByText('The pipeline is deleted.').waitFor();
    expect((await world.engine.list()).map(({ id }) => id)).not.toContain('short');
    await test.close();
  });
});
