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

const orders = { kind: 'table', fqn: 'bakery_hive.prod.shop.orders' };

function assetPath(asset: { readonly kind: string; readonly fqn: string }, tab?: string): string {
  return `/catalogue/${world.pipelineId}/asset?${new URLSearchParams({ ...asset, ...(tab && { tab }) })}`;
}

interface Table {
  readonly id: string;
  readonly description?: string;
}

async function table(fqn: string): Promise<Table> {
  return world.target<Table>('GET', `tables/name/${encodeURIComponent(fqn)}`);
}

describe('the tree', () => {
  it('is opened, moved in and chosen from by keys alone', async () => {
    const test = await world.open(browser, '/catalogue');
    const { page } = test;
    const line = (name: string) => page.getByRole('treeitem', { name, exact: true });
    const focused = () => page.locator('[role="treeitem"]:focus').innerText();
    await line('bakery_hive').focus();
    // Right opens, then goes inside; a letter leads to the next line that begins with it.
    await page.keyboard.press('ArrowRight');
    await line('prod').waitFor();
    await page.keyboard.press('ArrowRight');
    expect(await focused()).toBe('dr');
    await page.keyboard.press('p');
    expect(await focused()).toBe('prod');
    await page.keyboard.press('ArrowRight');
    await line('shop').waitFor();
    await page.keyboard.press('End');
    expect(await focused()).toBe('Bakery words');
    await line('shop').focus();
    await page.keyboard.press('ArrowRight');
    await line('orders').waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('o');
    expect(await focused()).toBe('order_lines');
    await page.keyboard.press('o');
    expect(await focused()).toBe('orders');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'orders' }).waitFor();
    expect(await line('orders').getAttribute('aria-selected')).toBe('true');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    expect(await line('shop').getAttribute('aria-expanded')).toBe('false');
    await test.close();
  });

  it('is pleasant in every look', async () => {
    const test = await world.open(browser, '/catalogue');
    await test.page.getByRole('link', { name: /bakery_kafka/ }).waitFor();
    await test.page.getByText('2 topics').waitFor({ state: 'attached' });
    await test.inEveryLook('catalogue');
    await test.close();
  });
});

describe('the search', () => {
  it('leads to an asset, and the tree is open where it is', async () => {
    const test = await world.open(browser, '/catalogue');
    const { page } = test;
    await page.getByRole('searchbox').fill('orde');
    await page.getByRole('heading', { level: 2, name: 'Tables' }).waitFor();
    await test.inEveryLook('catalogue-search');
    await page.getByRole('link', { name: `orders ${orders.fqn}`, exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'orders' }).waitFor();
    await page.getByRole('searchbox').press('Escape');
    await page.getByRole('treeitem', { name: 'orders', exact: true, selected: true }).waitFor();
    await test.close();
  });

  it('says so when nothing is found', async () => {
    const test = await world.open(browser, '/catalogue');
    await test.page.getByRole('searchbox').fill('no such thing');
    await test.page.getByRole('status').filter({ hasText: 'Nothing found' }).waitFor();
    await test.close();
  });
});

describe('the page of a table', () => {
  it('shows columns, labels, owner and properties, each with where it comes from', async () => {
    const { id } = await table(orders.fqn);
    await world.target('PATCH', `tables/${id}`, [{ op: 'add', path: '/displayName', value: 'Orders of all shops' }]);
    const test = await world.open(browser, assetPath(orders));
    const { page } = test;
    await page.getByRole('heading', { level: 1, name: 'Orders of all shops' }).waitFor();
    await page.getByRole('button', { name: 'Description: Source', exact: true }).click();
    await page.getByText('From the source; it follows what changes there').waitFor();
    await page.keyboard.press('Escape');
    await page.getByText('From the source; it follows what changes there').waitFor({ state: 'detached' });
    await page.getByRole('textbox', { name: 'Filter columns' }).fill('order_id');
    expect(await page.getByRole('rowheader').count()).toBe(1);
    await page.getByRole('textbox', { name: 'Filter columns' }).fill('');
    await test.inEveryLook('catalogue-table');
    await page.getByRole('tab', { name: 'Where from' }).click();
    const row = page.getByRole('row').filter({ hasText: 'Orders of all shops' });
    expect(await row.innerText()).toMatch(/Display name[\s\S]*OpenMetadata[\s\S]*admin/);
    await test.inEveryLook('catalogue-table-origins');
    await test.close();
  });

  it('shows what others wrote as words: nothing of it runs, loads or leads astray', async () => {
    const { id, description } = await table(orders.fqn);
    const attack = [
      '**Bold** <script>window.ran = 1</script><img src="http://127.0.0.1:9/x.png" onerror="window.ran = 2">',
      '<b onclick="window.ran = 3" style="position:fixed;inset:0">loud</b> [here](javascript:window.ran=4)',
      '<iframe src="https://example.com"></iframe><form action="https://example.com"><input name="p"></form>',
      '<a href=" java\tscript:window.ran=5">there</a> [good](https://example.com/page)',
    ].join('\n\n');
    await world.target('PATCH', `tables/${id}`, [{ op: 'replace', path: '/description', value: attack }]);
    const test = await world.open(browser, assetPath(orders));
    const { page } = test;
    await page.locator('main strong', { hasText: 'Bold' }).waitFor();
    await page.getByText('window.ran = 1').waitFor();
    await page.getByText('loud', { exact: true }).click();
    expect(await page.evaluate('window.ran')).toBeUndefined();
    expect(await page.locator('main :is(script, iframe, form, img, [onclick], [onerror])').count()).toBe(0);
    expect(await page.locator('main a[href^="javascript" i]').count()).toBe(0);
    expect(await page.getByRole('link', { name: 'good' }).getAttribute('href')).toBe('https://example.com/page');
    await world.target('PATCH', `tables/${id}`, [{ op: 'replace', path: '/description', value: description }]);
    await test.close();
  });

  it('opens what is nested in a column', async () => {
    const { fqn, outer, inner } = await nestedColumn();
    const test = await world.open(browser, assetPath({ kind: 'table', fqn }));
    await test.page.getByRole('button', { name: `Show what is inside ${outer}` }).click();
    await test.page.getByRole('rowheader', { name: inner }).waitFor();
    await test.inEveryLook('catalogue-nested');
    await test.close();
  });

  it('says what to do when there is nothing of this name', async () => {
    const test = await world.open(browser, assetPath({ kind: 'table', fqn: 'bakery_hive.prod.shop.nowhere' }), {
      expectedErrors: [/status of 404/],
    });
    await test.page
      .getByRole('alert')
      .filter({ hasText: 'has nothing called bakery_hive.prod.shop.nowhere' })
      .waitFor();
    await test.close();
  });
});

interface Column {
  readonly name: string;
  readonly children?: readonly Column[];
}

async function nestedColumn(): Promise<{ fqn: string; outer: string; inner: string }> {
  const { data } = await world.target<{ data: { fullyQualifiedName: string; columns?: Column[] }[] }>(
    'GET',
    'tables?limit=1000&fields=columns',
  );
  for (const { fullyQualifiedName: fqn, columns = [] } of data) {
    const column = columns.find(({ children }) => children?.length);
    if (column) return { fqn, outer: column.name, inner: column.children![0]!.name };
  }
  throw new Error('The sample warehouse has no nested column.');
}
