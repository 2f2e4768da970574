import { rm, stat } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lookNamed, looks } from './look.ts';
import { TestBrowser } from './test-browser.ts';
import { screenshotFolder } from './test-page.ts';

const page = (body: string): string => `<!doctype html><html lang="en"><head><title>Kit</title>
  <link rel="icon" href="data:,"><meta name="viewport" content="width=device-width">
  <style>body { color: #222; background: #fff } @media (prefers-color-scheme: dark) { body { color: #eee; background: #111 } }</style>
  </head><body><main><h1>Kit</h1>${body}</main></body></html>`;

const pages: Readonly<Record<string, string>> = {
  '/': page('<p>All is well.</p>'),
  '/inline': page('<script>document.title = "changed"</script>'),
  '/unlabelled': page('<input type="text"><img src="data:,">'),
  '/wide': page('<div style="width: 500px">wider than a phone</div>'),
  '/broken': page('<script src="/broken.js"></script>'),
  '/broken.js': 'throw new Error("out of order")',
};

let server: Server;
let url: string;
let browser: TestBrowser;

beforeAll(async () => {
  server = createServer(({ url: path = '/' }, response) => {
    response.setHeader('content-type', path.endsWith('.js') ? 'text/javascript' : 'text/html');
    response.setHeader('content-security-policy', "default-src 'self'; style-src 'unsafe-inline'; img-src data:");
    response.statusCode = pages[path] === undefined ? 404 : 200;
    response.end(pages[path] ?? 'no such page');
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  browser = await TestBrowser.start();
});
afterAll(async () => {
  await browser.close();
  server.close();
});

describe('a page in the real browser', () => {
  it('is accepted when nothing is wrong, with a picture in every look', async () => {
    await Promise.all(looks.map(({ name }) => rm(join(screenshotFolder, `kit-${name}.png`), { force: true })));
    const test = await browser.open(url);
    await test.inEveryLook('kit');
    await test.close();
    for (const { name } of looks)
      expect((await stat(join(screenshotFolder, `kit-${name}.png`))).size).toBeGreaterThan(0);
  });

  it('is refused when its policy is violated', async () => {
    const test = await browser.open(`${url}/inline`);
    expect(await test.page.title()).toBe('Kit');
    await expect(test.close()).rejects.toThrow(/Content Security Policy/);
  });

  it('is refused when a script throws', async () => {
    const test = await browser.open(`${url}/broken`);
    await expect(test.close()).rejects.toThrow(/out of order/);
  });

  it('is refused when an answer fails, unless the test expects it', async () => {
    const missing = await browser.open(`${url}/nowhere`);
    await expect(missing.close()).rejects.toThrow(/404/);
    const expected = await browser.open(`${url}/nowhere`, { expectedErrors: [/status of 404/] });
    await expected.close();
  });

  it('is refused when people cannot use it', async () => {
    const test = await browser.open(`${url}/unlabelled`);
    await expect(test.checkAccessibility()).rejects.toThrow(/label \(critical\)/);
    await expect(test.checkAccessibility()).rejects.toThrow(/image-alt \(critical\)/);
    await test.close();
  });

  it('is refused when it scrolls sideways on a narrow screen', async () => {
    const test = await browser.open(`${url}/wide`, { look: lookNamed('narrow-dark') });
    await expect(test.inEveryLook('kit-too-wide')).rejects.toThrow(/narrow-light: the page is \d+ pixels wider/);
    await test.close();
  });
});
