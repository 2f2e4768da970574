import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CatalogueWorld, startCatalogueWorld } from './catalogue-world.ts';
import { looks } from './look.ts';
import { putSampleProfiles } from './profile-samples.ts';
import { TestBrowser } from './test-browser.ts';
import type { TestPage } from './test-page.ts';

let world: CatalogueWorld;
let browser: TestBrowser;

beforeAll(async () => {
  // The first one whose profiles hold all that is shown.
  [world, browser] = await Promise.all([startCatalogueWorld('1.13.0'), TestBrowser.start()]);
});
afterAll(async () => {
  await browser?.close();
  await world?.close();
});

const orders = 'bakery_hive.prod.shop.orders';

function profilePath(fqn: string): string {
  return `/catalogue/${world.pipelineId}/asset?${new URLSearchParams({ kind: 'table', fqn, tab: 'profile' })}`;
}

/** Pictures of a part of the page that lies further down. */
async function pictured(test: TestPage, region: string, name: string): Promise<void> {
  for (const look of looks) {
    await test.show(look);
    await test.page.getByRole('region', { name: region, exact: true }).evaluate((part) => part.scrollIntoView());
    await test.screenshot(`${name}-${look.name}`);
  }
  await test.show(looks[0]!);
}

describe('the profile of a table', () => {
  it('says so where there is none', async () => {
    const test = await world.open(browser, profilePath('bakery_hive.prod.shop.shops'));
    await test.page.getByRole('heading', { name: 'No profile yet' }).waitFor();
    await test.inEveryLook('profile-none');
    await test.close();
  });

  it('shows rows and size over time, of which rows, and each column with what it holds', async () => {
    await putSampleProfiles(world, orders, { number: 'order_id', text: 'channel' }, 20);
    const test = await world.open(browser, `${profilePath(orders).replace('&tab=profile', '')}`);
    const { page } = test;
    await page.getByRole('tab', { name: 'Profile' }).click();
    const facts = page.getByRole('region', { name: 'Newest profile' });
    await facts.getByText('120,000').waitFor();
    await facts.getByText('10 % of the rows', { exact: true }).waitFor();
    await facts.getByText('14.2 MB').waitFor();
    await facts.getByText(/Everything about columns is an estimate/).waitFor();
    await page.getByRole('img', { name: /^Rows and size over time: 20 profiles/ }).waitFor();
    const row = page.getByRole('row').filter({ hasText: 'channel' });
    // The proportions that the profiler left out are computed from the counts.
    expect(await row.innerText()).toMatch(/10 %\s+< 0\.1 %/);
    await test.inEveryLook('profile-table');
    await pictured(test, 'Columns', 'profile-columns');

    // What the plot shows can be read as a table, by keys alone.
    const numbers = page.getByRole('region', { name: 'Rows and size over time' });
    await numbers.getByText('The same as a table').focus();
    await page.keyboard.press('Enter');
    const first = numbers.getByRole('row').nth(1);
    await first.getByText('120,000').waitFor();
    expect(await numbers.getByRole('row').count()).toBe(21);
    await page.getByRole('radiogroup', { name: 'Time' }).getByText('7 days').click();
    await page.getByRole('img', { name: /^Rows and size over time: 7 profiles/ }).waitFor();
    expect(new URL(page.url()).searchParams.get('span')).toBe('7');
    await test.close();
  });

  it('shows a column over time, its distribution as bars, and its numbers for reading', async () => {
    const test = await world.open(browser, profilePath(orders));
    const { page } = test;
    await page.getByRole('button', { name: 'Profile of the column order_id' }).click();
    await page.getByRole('img', { name: /^Nulls, distinct and unique over time: 20 profiles/ }).waitFor();
    await page.getByRole('img', { name: 'Distribution in 10 bars' }).waitFor();
    await page.getByRole('img', { name: /Minimum 1, First quartile 402, Median 498/ }).waitFor();
    const metrics = page.getByRole('region', { name: 'Numbers' });
    // Only a tenth of the rows was looked at.
    await metrics.getByRole('row', { name: 'Median ≈ 498' }).waitFor();
    await metrics.getByRole('row', { name: 'Distinct values ≈ 120,000 (100 %)' }).waitFor();
    await test.inEveryLook('profile-column');
    await pictured(test, 'Distribution', 'profile-distribution');
    const distribution = page.getByRole('region', { name: 'Distribution', exact: true });
    await distribution.getByText('The same as a table').click();
    await distribution.getByRole('row', { name: '400.00 to 500.00 14,100' }).waitFor();
    // An older profile was of all rows: nothing about it is an estimate.
    await page.getByRole('combobox', { name: 'Profile of' }).click();
    await page.getByRole('option').nth(1).click();
    await metrics.getByRole('row', { name: 'Median 498' }).waitFor();
    await page.goBack();
    await page.getByRole('button', { name: 'Profile of the column channel' }).click();
    // What others wrote stays text.
    await page.getByRole('row', { name: 'rye <b>loaf</b> 40,000' }).waitFor();
    await test.inEveryLook('profile-text-column');
    await test.close();
  });

  it('takes thousands of columns, a part at a time', async () => {
    const columns = Array.from({ length: 3000 }, (_, place) => ({
      name: `measure_${String(place).padStart(4, '0')}`,
      dataType: 'BIGINT',
      dataTypeDisplay: 'bigint',
    }));
    const body = { name: 'wide_measures', databaseSchema: 'bakery_hive.prod.shop', columns };
    const { id } = await world.target<{ id: string }>('PUT', 'tables', body);
    const timestamp = Date.now() - 1000;
    await world.target('PUT', `tables/${id}/tableProfile`, {
      tableProfile: { timestamp, rowCount: 10 },
      columnProfile: columns.map(({ name }, place) => ({ name, timestamp, valuesCount: 10, nullCount: place % 7 })),
    });
    const test = await world.open(browser, profilePath('bakery_hive.prod.shop.wide_measures'));
    const { page } = test;
    const rows = page.getByRole('region', { name: 'Columns' }).getByRole('rowheader');
    await page.getByRole('button', { name: 'Profile of the column measure_0000' }).waitFor();
    expect(await rows.count()).toBe(100);
    await page.getByRole('button', { name: 'Show 100 more' }).click();
    await page.getByRole('button', { name: 'Profile of the column measure_0199' }).waitFor();
    await page.getByRole('textbox', { name: 'Filter columns' }).fill('measure_2999');
    await page.getByRole('button', { name: 'Profile of the column measure_2999' }).click();
    await page.getByRole('img', { name: /^Nulls, distinct and unique over time: 1 profile/ }).waitFor();
    await page.getByRole('combobox', { name: 'Column' }).fill('measure_1234');
    await page.getByRole('option', { name: 'measure_1234' }).click();
    await page.getByRole('heading', { level: 2, name: 'measure_1234' }).waitFor();
    await test.checkAccessibility();
    await test.close();
  });

  it('says what is wrong when OpenMetadata does not answer, and can be tried again', async () => {
    const { faults } = world.sandbox.openmetadata;
    faults.set([{ kind: '500', match: '^GET /api/v1/tables/.*/tableProfile' }]);
    const test = await world.open(browser, profilePath(orders), { expectedErrors: [/status of \d+/] });
    const { page } = test;
    await page.getByRole('alert').waitFor();
    await test.screenshot('profile-failed');
    faults.clear();
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('region', { name: 'Newest profile' }).waitFor();
    await test.close();
  });
});
