/** The lines of a log as they come in; tells those who look at it at most once a frame. */
export class LogBuffer {
  readonly lines: string[] = [];
  readonly #listeners = new Set<() => void>();
  #rest = '';
  #asked = false;
  #version = 0;

  /** Goes up with each change: what `useSyncExternalStore` compares. */
  get version(): number {
    return this.#version;
  }

  add(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.lines.push(line);
    if (this.#asked) return;
    this.#asked = true;
    requestAnimationFrame(() => {
      this.#asked = false;
      this.#version += 1;
      for (const listener of this.#listeners) listener();
    });
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
}
