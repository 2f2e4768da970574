import { type Browser, chromium } from 'playwright-core';
import { type Look, looks } from './look.ts';
import { TestPage } from './test-page.ts';
import { unpackChromium } from './unpack-chromium.ts';

export interface OpenOptions {
  /** Wide and light unless set. */
  readonly look?: Look;
  /** Console errors that belong to the test, such as the 401 of a wrong password. */
  readonly expectedErrors?: readonly RegExp[];
}

/**
 * A real Chromium. One is enough for a test file: `open` gives each test a profile of its own (cookies, storage).
 *
 * ```ts
 * beforeAll(async () => { browser = await TestBrowser.start(); });
 * afterAll(() => browser.close());
 * it('…', async () => {
 *   const test = await browser.open(url);
 *   await test.page.getByRole('button', { name: 'Run' }).click();
 *   await test.inEveryLook('pipelines');   // screenshots and axe, four times
 *   await test.close();                    // fails on console errors
 * });
 * ```
 */
export class TestBrowser {
  readonly #browser: Browser;

  private constructor(browser: Browser) {
    this.#browser = browser;
  }

  static async start(): Promise<TestBrowser> {
    const { executablePath, env } = await unpackChromium();
    const browser = await chromium.launch({
      executablePath,
      env: { ...(process.env as Record<string, string>), ...env },
      // No graphics card, and often a small /dev/shm; all else as users have it, web security included.
      args: ['--disable-dev-shm-usage', '--font-render-hinting=none'],
      handleSIGINT: false,
      handleSIGTERM: false,
    });
    return new TestBrowser(browser);
  }

  get version(): string {
    return this.#browser.version();
  }

  /** A new window on an address, once it has loaded. */
  async open(url: string, options: OpenOptions = {}): Promise<TestPage> {
    const { viewport, colorScheme } = options.look ?? looks[0]!;
    const context = await this.#browser.newContext({
      viewport: { ...viewport },
      colorScheme,
      reducedMotion: 'reduce',
      locale: 'en-GB',
      timezoneId: 'UTC',
      acceptDownloads: true,
    });
    // A slow machine is no failure; a test that hangs is told what it waited for.
    context.setDefaultTimeout(240_000);
    const page = new TestPage(await context.newPage(), options.expectedErrors ?? []);
    await page.page.goto(url);
    return page;
  }

  async close(): Promise<void> {
    await this.#browser.close();
  }
}
