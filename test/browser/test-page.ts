import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ConsoleMessage, Page } from 'playwright-core';
import { findAccessibilityFaults } from './find-accessibility-faults.ts';
import { type Look, looks } from './look.ts';

/** Git ignores it; a test run leaves its pictures here. */
export const screenshotFolder = join(import.meta.dirname, 'screenshots');

/** A window of the browser that remembers what went wrong in it. */
export class TestPage {
  readonly page: Page;
  readonly #expected: readonly RegExp[];
  readonly #problems: string[] = [];

  constructor(page: Page, expected: readonly RegExp[]) {
    this.page = page;
    this.#expected = expected;
    const note = (message: ConsoleMessage): void => {
      // Violations of the Content Security Policy and failed requests are errors of the console, too.
      if (message.type() === 'error') this.#problem(`console: ${message.text()} (${message.location().url})`);
    };
    page.on('console', note);
    page.on('pageerror', (error) => this.#problem(`uncaught: ${error.stack ?? error.message}`));
    page.on('crash', () => this.#problem('the page crashed'));
    page.on('worker', (worker) => worker.on('console', note));
  }

  /** Console errors, violations of the Content Security Policy and uncaught errors so far. */
  get problems(): readonly string[] {
    return this.#problems;
  }

  /** Resolves when fonts are there and nothing moves any more. */
  async settled(): Promise<void> {
    await this.page.evaluate(`(async () => {
      await document.fonts.ready;
      const finite = document.getAnimations().filter((each) => each.effect?.getComputedTiming().endTime !== Infinity);
      await Promise.allSettled(finite.map((each) => each.finished));
      await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    })()`);
  }

  async show(look: Look): Promise<void> {
    await this.page.setViewportSize({ ...look.viewport });
    await this.page.emulateMedia({ colorScheme: look.colorScheme });
    await this.settled();
  }

  /** @returns the picture's path */
  async screenshot(name: string): Promise<string> {
    await mkdir(screenshotFolder, { recursive: true });
    const path = join(screenshotFolder, `${name}.png`);
    await this.settled();
    await this.page.screenshot({ path });
    return path;
  }

  /** @throws Error that names each serious or critical fault, and where it is */
  async checkAccessibility(where = this.page.url()): Promise<void> {
    const faults = await findAccessibilityFaults(this.page);
    if (faults.length > 0) throw new Error(`${where} is not accessible:\n${faults.join('\n')}`);
  }

  /**
   * Takes a picture `NAME-LOOK.png` of the page as it stands in every look, and checks that it is accessible and does not
   * scroll sideways.
   * @param prepare runs in every look before, such as to open a menu that a narrow page hides
   */
  async inEveryLook(name: string, prepare?: (look: Look) => Promise<void>): Promise<void> {
    for (const look of looks) {
      await this.show(look);
      await prepare?.(look);
      await this.screenshot(`${name}-${look.name}`);
      await this.checkAccessibility(`${name}, ${look.name}`);
      const overhang = await this.page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth');
      if (overhang > 0) throw new Error(`${name}, ${look.name}: the page is ${overhang} pixels wider than the window`);
    }
    await this.show(looks[0]!);
  }

  /** @throws Error when anything went wrong in it that the test did not expect */
  async close(): Promise<void> {
    await this.page.context().close();
    if (this.#problems.length > 0) throw new Error(`Problems in the browser:\n${this.#problems.join('\n')}`);
  }

  #problem(text: string): void {
    if (!this.#expected.some((pattern) => pattern.test(text))) this.#problems.push(text);
  }
}
