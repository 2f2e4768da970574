import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../../src/server/test-server.testing.ts';
import { TestBrowser } from './test-browser.ts';

let server: TestServer;
let browser: TestBrowser;
beforeAll(async () => {
  server = await startTestServer();
  await server.app.listen({ host: '127.0.0.1', port: 0 });
  browser = await TestBrowser.start();
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
});

it('/docs lists the APIs, and keeps to the policy', async () => {
  const test = await browser.open(`${server.app.listeningOrigin}/docs`);
  const { page } = test;
  await page.getByText('/api/v1/openmetadata/deploy').waitFor();
  await page.getByText('/metrics').waitFor();
  expect(test.problems).toEqual([]);
  await test.close();
});
