interface Waiting<Item, Result> {
  item: Item;
  readonly told: { readonly resolve: (result: Result) => void; readonly reject: (error: unknown) => void }[];
}

/** Rows that one statement takes at most. */
const most = 200;

/**
 * Gathers what is asked for while a statement is under way into the next one: on a busy run one round trip serves many
 * rows, and on an idle one nobody waits for company. One statement is sent at a time, so that rows are written in the order
 * in which they were asked for. Of one row asked for twice before it is sent, the later item is sent for both.
 */
export class StatementBatch<Item, Result> {
  readonly #send: (items: readonly Item[]) => Promise<readonly Result[]>;
  /** By key, in the order in which they came. */
  readonly #waiting = new Map<string, Waiting<Item, Result>>();
  #isSending = false;

  /** @param send sends one statement for some rows, and tells the result of each in their order */
  constructor(send: (items: readonly Item[]) => Promise<readonly Result[]>) {
    this.#send = send;
  }

  /** @param key of the row */
  add(key: string, item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      const before = this.#waiting.get(key);
      if (before) {
        before.item = item;
        before.told.push({ resolve, reject });
      } else {
        this.#waiting.set(key, { item, told: [{ resolve, reject }] });
      }
      if (this.#isSending) return;
      this.#isSending = true;
      // What is asked for in the same turn goes along.
      queueMicrotask(() => void this.#sendAll());
    });
  }

  async #sendAll(): Promise<void> {
    while (this.#waiting.size > 0) {
      const rows = [...this.#waiting].slice(0, most);
      for (const [key] of rows) this.#waiting.delete(key);
      // Whoever else writes some of them takes them in the same order, so that neither waits for the other.
      rows.sort(([a], [b]) => (a < b ? -1 : 1));
      await this.#sendRows(rows.map(([, row]) => row));
    }
    this.#isSending = false;
  }

  async #sendRows(rows: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await this.#send(rows.map(({ item }) => item));
      for (const [i, { told }] of rows.entries()) for (const { resolve } of told) resolve(results[i]!);
    } catch (error) {
      if (rows.length === 1) {
        for (const { reject } of rows[0]!.told) reject(error);
        return;
      }
      // One row may be what the database refuses: each by itself says which.
      for (const row of rows) await this.#sendRows([row]);
    }
  }
}
