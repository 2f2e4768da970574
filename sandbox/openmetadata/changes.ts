import { type Doc, sameJson } from './doc.ts';

interface FieldChange {
  readonly name: string;
  readonly oldValue?: unknown;
  readonly newValue?: unknown;
}

/** Collects what a write changes, in the form in which the history of an entity tells it. */
export class Changes {
  readonly #added: FieldChange[] = [];
  readonly #updated: FieldChange[] = [];
  readonly #deleted: FieldChange[] = [];
  /** True when something was taken away, so that the version goes up by a whole number. */
  major = false;

  get any(): boolean {
    return this.#added.length + this.#updated.length + this.#deleted.length > 0;
  }

  /** @param asText writes the values as JSON text, as the server does for everything but plain values. */
  value(name: string, before: unknown, now: unknown, asText = false): void {
    const form = (value: unknown): unknown => (asText ? JSON.stringify(value) : value);
    const [had, has] = [before !== undefined && before !== null, now !== undefined && now !== null];
    if (!had && has) {
      this.#added.push({ name, newValue: form(now) });
    } else if (had && !has) {
      this.#deleted.push({ name, oldValue: form(before) });
    } else if (had && !sameJson(before, now)) {
      this.#updated.push({ name, oldValue: form(before), newValue: form(now) });
    }
  }

  /**
   * Compares two lists item by item.
   * @returns the items that came and went.
   */
  list<T>(
    name: string,
    before: readonly T[],
    now: readonly T[],
    same: (a: T, b: T) => boolean,
  ): { added: T[]; deleted: T[] } {
    const deleted = before.filter((item) => !now.some((other) => same(item, other)));
    const added = now.filter((item) => !before.some((other) => same(other, item)));
    this.listed(name, added, deleted);
    return { added, deleted };
  }

  /** Notes items of a list that came and went. */
  listed(name: string, added: readonly unknown[], deleted: readonly unknown[]): void {
    if (added.length > 0) {
      this.#added.push({ name, newValue: JSON.stringify(added) });
    }
    if (deleted.length > 0) {
      this.#deleted.push({ name, oldValue: JSON.stringify(deleted) });
    }
  }

  toDoc(previousVersion: number): Doc {
    return {
      fieldsAdded: this.#added,
      fieldsUpdated: this.#updated,
      fieldsDeleted: this.#deleted,
      previousVersion,
    };
  }

  /** The version after these changes: 0.1 more, or 1.0 more when something was taken away. */
  nextVersion(version: number): number {
    return this.any ? Math.round((version + (this.major ? 1 : 0.1)) * 10) / 10 : version;
  }
}
