export interface RequestCount {
  readonly method: string;
  /** Path with identifiers replaced, such as `/v1/tables/{id}`. */
  readonly path: string;
  readonly status: number;
  readonly count: number;
}

/** Counts requests by method, path template and status; memory depends on the templates, not on the requests. */
export class RequestCounter {
  readonly #counts = new Map<string, { method: string; path: string; status: number; count: number }>();
  #total = 0;

  get total(): number {
    return this.#total;
  }

  /** @param path a template: names and ids must have been replaced, or the map grows with the data. */
  add(method: string, path: string, status: number): void {
    this.#total += 1;
    const key = `${method} ${path} ${status}`;
    const known = this.#counts.get(key);
    if (known === undefined) {
      this.#counts.set(key, { method, path, status, count: 1 });
    } else {
      known.count += 1;
    }
  }

  /** Every combination that was seen, most frequent first. */
  list(): RequestCount[] {
    return [...this.#counts.values()].map((entry) => ({ ...entry })).sort((a, b) => b.count - a.count);
  }

  clear(): void {
    this.#counts.clear();
    this.#total = 0;
  }
}
