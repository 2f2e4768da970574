import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CatalogueWorld, startCatalogueWorld } from './catalogue-world.ts';
import { TestBrowser } from './test-browser.ts';

let world: CatalogueWorld;
let browser: TestBrowser;

beforeAll(async () => {
  [world, browser] = await Promise.all([startCatalogueWorld(), TestBrowser.start()]);
});
afterAll(async () => {
  await browser.close();
  await world.close();
});

function lineagePath(fqn: string): string {
  const query = new URLSearchParams({ kind: 'table', fqn, tab: 'lineage' });
  return `/catalogue/${world.pipelineId}/asset?${query}`;
}

const box = (page: Page, name: string) => page.locator('.react-flow__node').filter({ hasText: name });

/** Resolves when the picture stands, and holds as many boxes. */
async function arranged(page: Page, boxes: number): Promise<void> {
  await page.locator(`[data-arranged="true"][data-nodes="${boxes}"]`).waitFor();
}

async function countShown(page: Page): Promise<number> {
  return Number.parseInt(await page.getByRole('status').filter({ hasText: 'asset' }).innerText(), 10);
}

describe('the picture of a lineage', () => {
  it('is laid out from left to right, and grows and shrinks by clicks', async () => {
    const test = await world.open(browser, lineagePath('bakery_hive.dr.shop.orders'));
    const { page } = test;
    await page.locator('[data-arranged="true"]').waitFor();
    const before = await countShown(page);
    const left = async (name: string): Promise<number> => (await box(page, name).boundingBox())!.x;
    expect(await left('baskets_raw')).toBeLessThan(await left('bakery_hive.dr.shop'));
    expect(await page.locator('.react-flow__edge').count()).toBeGreaterThan(0);
    await page.getByRole('button', { name: 'Show what baskets_raw is made of' }).click();
    await page.getByRole('button', { name: 'Hide what baskets_raw is made of' }).waitFor({ state: 'attached' });
    const after = await countShown(page);
    expect(after).toBeGreaterThan(before);
    await arranged(page, after);
    await test.inEveryLook('lineage');
    await page.getByRole('button', { name: 'Hide what baskets_raw is made of' }).click();
    await arranged(page, before);
    await test.close();
  });

  it('follows a column', async () => {
    const test = await world.open(browser, lineagePath('bakery_hive.prod.shop.orders'));
    const { page } = test;
    await page.locator('[data-arranged="true"]').waitFor();
    await page.getByRole('radiogroup', { name: 'Level' }).getByText('Columns').click();
    const payload = page.getByRole('button', { name: 'payload' });
    await payload.click();
    expect(await payload.getAttribute('aria-pressed')).toBe('true');
    expect(await page.locator('.react-flow__edge.lit').count()).toBeGreaterThan(1);
    await test.inEveryLook('lineage-columns');
    await test.close();
  });

  it('tells of a box where it is, and leads there', async () => {
    const test = await world.open(browser, lineagePath('bakery_hive.dr.shop.orders'));
    const { page } = test;
    await page.locator('[data-arranged="true"]').waitFor();
    await box(page, 'baskets_raw').getByRole('button', { name: 'baskets_raw' }).first().click();
    await page.getByRole('link', { name: 'Open this asset' }).click();
    await page.getByRole('heading', { level: 1, name: 'baskets_raw' }).waitFor();
    await test.close();
  });

  it('is told in words beside', async () => {
    const test = await world.open(browser, lineagePath('bakery_hive.dr.shop.orders'));
    const { page } = test;
    await page.locator('[data-arranged="true"]').waitFor();
    const shown = await countShown(page);
    await page.getByRole('radiogroup', { name: 'View' }).getByText('List').click();
    await page.getByRole('heading', { level: 2, name: 'Upstream' }).waitFor();
    expect(await page.getByRole('rowheader').count()).toBe(shown - 1);
    await test.inEveryLook('lineage-list');
    await test.close();
  });

  it('says so when nothing is known', async () => {
    const lonely = await makeTable('lonely');
    const test = await world.open(browser, lineagePath(lonely.fqn));
    await test.page.getByRole('heading', { name: 'No lineage is known' }).waitFor();
    await test.close();
  });

  it('folds many neighbours into one, which opens by clicks', async () => {
    const hub = await makeTable('hub');
    const users = await Promise.all([...Array(40).keys()].map((index) => makeTable(`user_of_hub_${index + 10}`)));
    for (const { id } of users) await link(hub.id, id);
    const test = await world.open(browser, lineagePath(hub.fqn));
    const { page } = test;
    // Twelve, the hub, and one that stands for the rest.
    await arranged(page, 14);
    await page.getByRole('button', { name: '28 more' }).click();
    await arranged(page, 41);
    await test.close();
  });
});

interface Made {
  readonly id: string;
  readonly fqn: string;
}

async function makeTable(name: string): Promise<Made> {
  const { id, fullyQualifiedName: fqn } = await world.target<{ id: string; fullyQualifiedName: string }>(
    'PUT',
    'tables',
    {
      name,
      databaseSchema: 'bakery_hive.prod.shop',
      columns: [{ name: 'id', dataType: 'BIGINT' }],
    },
  );
  return { id, fqn };
}

async function link(from: string, to: string): Promise<void> {
  await world.target('PUT', 'lineage', {
    edge: { fromEntity: { id: from, type: 'table' }, toEntity: { id: to, type: 'table' } },
  });
}
