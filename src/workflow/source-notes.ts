import type { SourceMemory } from '../connectors/source.ts';
import type { StateStore } from '../state/state-store.ts';

const prefix = 'source.';

/** The few choices that a source remembers over runs: read at the beginning, at hand without waiting, saved between records. */
export class SourceNotes implements SourceMemory {
  readonly #state: StateStore;
  readonly #notes: Map<string, string>;
  readonly #unsaved = new Set<string>();
  readonly #afterSuccess = new Map<string, string | undefined>();

  private constructor(state: StateStore, notes: Map<string, string>) {
    this.#state = state;
    this.#notes = notes;
  }

  static async read(state: StateStore): Promise<SourceNotes> {
    const notes = new Map<string, string>();
    for await (const [key, value] of state.listMeta(prefix)) notes.set(key.slice(prefix.length), value);
    return new SourceNotes(state, notes);
  }

  get(key: string): string | undefined {
    return this.#notes.get(key);
  }

  set(key: string, value: string): void {
    this.#notes.set(key, value);
    this.#unsaved.add(key);
  }

  setAfterSuccess(key: string, value: string | undefined): void {
    this.#afterSuccess.set(key, value);
  }

  /** What is to be remembered once the run has ended without any failure, for the process that ends it. */
  get afterSuccess(): readonly (readonly [key: string, value: string | undefined])[] {
    return [...this.#afterSuccess];
  }

  /** Called once the run has ended without any failure. */
  async saveAfterSuccess(): Promise<void> {
    for (const [key, value] of this.#afterSuccess) await this.#state.setMeta(`${prefix}${key}`, value);
    this.#afterSuccess.clear();
  }

  /** Called before a record is handled: what the record rests on is remembered before it is written. */
  async save(): Promise<void> {
    for (const key of this.#unsaved) {
      this.#unsaved.delete(key);
      await this.#state.setMeta(`${prefix}${key}`, this.#notes.get(key));
    }
  }
}
