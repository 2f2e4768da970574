import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTrino, type TrinoStandIn } from './start-trino.ts';

interface Results {
  readonly id: string;
  readonly nextUri?: string;
  readonly columns?: readonly { readonly name: string; readonly type: string; readonly typeSignature: object }[];
  readonly data?: readonly (readonly unknown[])[];
  readonly stats: { readonly state: string };
  readonly error?: { readonly errorName: string; readonly errorCode: number; readonly errorType: string };
}

let trino: TrinoStandIn;
beforeAll(async () => {
  trino = await startTrino({ pageRows: 2 });
});
afterAll(() => trino.close());

const headers = { 'X-Trino-User': 'ada' };

async function post(sql: string, more: Record<string, string> = {}, at = trino): Promise<Response> {
  return fetch(`${at.url}/v1/statement`, { method: 'POST', body: sql, headers: { ...headers, ...more } });
}

/** Every page of a statement, and the headers of the last one. */
async function run(sql: string, more: Record<string, string> = {}): Promise<{ pages: Results[]; last: Headers }> {
  let response = await post(sql, more);
  const pages = [(await response.json()) as Results];
  while (pages.at(-1)!.nextUri) {
    response = await fetch(pages.at(-1)!.nextUri!);
    pages.push((await response.json()) as Results);
  }
  return { pages, last: response.headers };
}

const rowsOf = (pages: readonly Results[]): unknown[] => pages.flatMap(({ data }) => data ?? []);

describe('the stand-in of Trino', () => {
  it('pages through an answer, from QUEUED over RUNNING to FINISHED', async () => {
    const { pages } = await run('SELECT column_name FROM hive.information_schema.columns ORDER BY 1');
    const states = pages.map(({ stats }) => stats.state);
    expect(states[0]).toBe('QUEUED');
    expect(states).toContain('RUNNING');
    expect(states.at(-1)).toBe('FINISHED');
    expect(pages.every(({ data }) => (data?.length ?? 0) <= 2)).toBe(true);
    expect(rowsOf(pages)).toHaveLength(21);
    const [column] = pages.find(({ columns }) => columns)!.columns!;
    expect(column).toEqual({
      name: 'column_name',
      type: 'varchar',
      typeSignature: { rawType: 'varchar', arguments: [] },
    });
  });

  it('gives a page again to a client whose connection broke, and no older one', async () => {
    const first = (await (await post('SELECT 1 FROM hive.information_schema.tables')).json()) as Results;
    const second = await (await fetch(first.nextUri!)).text();
    expect(await (await fetch(first.nextUri!)).text()).toBe(second);
    await fetch((JSON.parse(second) as Results).nextUri!);
    expect((await fetch(first.nextUri!)).status).toBe(410);
  });

  it('is stopped by DELETE', async () => {
    const first = (await (await post('SELECT 1 FROM hive.information_schema.tables')).json()) as Results;
    expect((await fetch(first.nextUri!, { method: 'DELETE' })).status).toBe(204);
    const after = (await (await fetch(first.nextUri!)).json()) as Results;
    expect(after.error).toMatchObject({ errorName: 'USER_CANCELED', errorCode: 3, errorType: 'USER_ERROR' });
    expect(trino.queries().find(({ id }) => id === first.id)?.state).toBe('CANCELED');
  });

  it.each([
    ['SHOW COLUMNS FROM hive.sales.nothing', 'TABLE_NOT_FOUND', 46],
    ['SHOW TABLES FROM hive.nothing', 'SCHEMA_NOT_FOUND', 45],
    ['SELECT * FROM nothing.information_schema.tables', 'CATALOG_NOT_FOUND', 44],
    ['SELECT wrong_name FROM hive.information_schema.tables', 'COLUMN_NOT_FOUND', 47],
    ['SELEC 1', 'SYNTAX_ERROR', 1],
    ['DROP TABLE hive.sales.orders', 'SYNTAX_ERROR', 1],
  ])('tells what is wrong in the body of a 200: %s', async (sql, errorName, errorCode) => {
    const { pages } = await run(sql);
    expect(pages.at(-1)).toMatchObject({ stats: { state: 'FAILED' }, error: { errorName, errorCode } });
  });

  it('hides what the server hides from a star', async () => {
    const { pages } = await run("SELECT * FROM hive.information_schema.columns WHERE table_name = 'raw_events'");
    const names = pages.flatMap(({ columns }) => columns ?? []).map(({ name }) => name);
    expect(names).toContain('data_type');
    expect(names).not.toContain('comment');
  });

  it('keeps a session in the headers of the client', async () => {
    const used = await run('USE hive.sales');
    expect(used.last.get('X-Trino-Set-Catalog')).toBe('hive');
    const session = { 'X-Trino-Catalog': 'hive', 'X-Trino-Schema': 'sales' };
    expect(rowsOf((await run('SHOW TABLES', session)).pages)).toHaveLength(3);
    expect(rowsOf((await run('DESCRIBE orders', session)).pages)[0]).toEqual([
      ...['order_id', 'bigint', '', 'Number of the order'],
    ]);
    const prepared = await run(
      'PREPARE named FROM SELECT table_type FROM information_schema.tables WHERE table_name = ?',
    );
    const statement = { ...session, 'X-Trino-Prepared-Statement': prepared.last.get('X-Trino-Added-Prepare')! };
    expect(rowsOf((await run("EXECUTE named USING 'open_orders'", statement)).pages)).toEqual([['VIEW']]);
    const wrong = await run('SHOW CATALOGS', { 'X-Trino-Session': 'no_such_thing=1' });
    expect(wrong.pages.at(-1)?.error?.errorName).toBe('SYNTAX_ERROR');
  });

  it('lets in who signs in', async () => {
    const guarded = await startTrino({ users: { ada: 'lovelace' }, tokens: ['a.b.c'] });
    const status = async (authorization: string): Promise<number> =>
      (await post('SHOW CATALOGS', { authorization }, guarded)).status;
    const basic = (pair: string): string => `Basic ${Buffer.from(pair).toString('base64')}`;
    expect(await status(basic('ada:lovelace'))).toBe(200);
    expect(await status('Bearer a.b.c')).toBe(200);
    expect(await status(basic('ada:wrong'))).toBe(401);
    expect(await status('Bearer x')).toBe(401);
    expect((await post('SHOW CATALOGS', {}, guarded)).status).toBe(401);
    expect((await fetch(`${guarded.url}/v1/info`)).status).toBe(200);
    await guarded.close();
  });
});
