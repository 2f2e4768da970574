import type { JournalEntry, StateStore } from '../state/state-store.ts';

/** How many runs can be undone. */
const kept = 20;

/** Writes down what a run changes at the target, before it is sent, so that `undo` can revert it. */
export class RunJournal {
  readonly #state: StateStore;
  readonly #runId: string;
  readonly #startedAt: string;
  #opened: Promise<void> | undefined;
  #sequence: number;

  /** @param from number before that of the first entry: several processes of a run have ranges of their own */
  constructor(state: StateStore, runId: string, startedAt: string, from = 0) {
    this.#state = state;
    this.#runId = runId;
    this.#startedAt = startedAt;
    this.#sequence = from;
  }

  /** @returns the entry's number, to be completed after the answer */
  async note(entry: Omit<JournalEntry, 'runId' | 'sequence'>): Promise<number> {
    this.#sequence += 1;
    const sequence = this.#sequence;
    // A run that writes nothing leaves no journal, and pushes no older one out.
    this.#opened ??= this.#state.startJournal(this.#runId, this.#startedAt, kept);
    await this.#opened;
    await this.#state.putJournal({ ...entry, runId: this.#runId, sequence });
    return sequence;
  }

  /** Completes an entry with what the answer told. */
  async complete(sequence: number, entry: Omit<JournalEntry, 'runId' | 'sequence'>): Promise<void> {
    await this.#state.putJournal({ ...entry, runId: this.#runId, sequence });
  }
}
