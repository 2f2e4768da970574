import { progressParts } from '../workflow/format-progress.ts';
import type { Progress } from '../workflow/progress.ts';
import { ProgressRate } from '../workflow/progress-rate.ts';
import type { Terminal } from './terminal.ts';

const redrawEveryMs = 100;
const lineEveryMs = 10_000;
const clearLine = '\r\u001b[2K';

/**
 * Where a run stands, on standard error: one live line on a terminal, a line every ten seconds in a pipe or CI.
 */
export class ProgressLine {
  readonly #terminal: Terminal;
  readonly #live: boolean;
  readonly #rate = new ProgressRate();
  readonly #timer: NodeJS.Timeout;
  #latest: Progress | undefined;
  #latestAt = 0;
  #shown = '';
  #shownAt = Number.NEGATIVE_INFINITY;

  /** @param options.live false for no live line although there is a terminal (it shows the data at the same time) */
  constructor(terminal: Terminal, { live = true }: { readonly live?: boolean } = {}) {
    this.#terminal = terminal;
    this.#live = live && terminal.interactive;
    this.#timer = setInterval(() => this.#tick(), this.#live ? redrawEveryMs : lineEveryMs);
    this.#timer.unref();
  }

  update(progress: Progress): void {
    this.#latest = progress;
    this.#latestAt = Date.now();
    this.#rate.add(progress, Date.now());
    if (this.#live && Date.now() - this.#shownAt >= redrawEveryMs) this.#draw();
  }

  /** Prints a line of its own above the live one. */
  note(text: string): void {
    this.#clear();
    this.#terminal.note(`${text}\n`);
  }

  /** Takes the live line away. */
  end(): void {
    clearInterval(this.#timer);
    this.#clear();
    this.#latest = undefined;
  }

  #tick(): void {
    if (!this.#latest) return;
    if (this.#live) this.#draw();
    else this.#terminal.note(`${this.#text(Number.POSITIVE_INFINITY)}\n`);
  }

  #draw(): void {
    this.#shownAt = Date.now();
    // One column stays free: a line that fills the last one wraps on some terminals.
    const text = this.#text(this.#terminal.width - 1);
    if (text === this.#shown) return;
    this.#terminal.note(`${clearLine}${text}`);
    this.#shown = text;
  }

  #clear(): void {
    if (this.#shown !== '') this.#terminal.note(clearLine);
    this.#shown = '';
  }

  /** As many parts as fit, the most important ones first. */
  #text(width: number): string {
    // Nothing may be told for long while a server thinks; the time goes on.
    const elapsedSeconds = this.#latest!.elapsedSeconds + (Date.now() - this.#latestAt) / 1000;
    const progress = { ...this.#latest!, elapsedSeconds };
    const { head, tail } = progressParts(progress, this.#rate.of(progress));
    let text = head.slice(0, Math.max(0, width));
    for (const part of tail) {
      const longer = `${text}  ${part}`;
      if (longer.length > width) break;
      text = longer;
    }
    return text;
  }
}
