import type { SourceMemory } from '../../source.ts';
import type { GlossaryReading } from '../atlas-reader.ts';
import type { AtlasTerm } from '../atlas-types.ts';

/** What is remembered of a term: its name as records tell it, and the entities that it was assigned to. */
interface TermNote {
  readonly name: string;
  readonly guids: readonly string[];
}

const indexKey = 'assigned.terms';
const keyOf = (guid: string): string => `assigned.${guid}`;

/**
 * Remembers which terms stand on which entities. Nothing shows that Atlas touches an entity's time when a term is assigned
 * to it, taken from it or renamed: the difference to the last run tells which entities must be read again.
 */
export class AssignmentNotes {
  readonly #memory: SourceMemory;
  readonly #seen = new Set<string>();
  readonly #changed = new Set<string>();
  readonly #before: ReadonlySet<string>;

  constructor(memory: SourceMemory) {
    this.#memory = memory;
    this.#before = new Set(JSON.parse(memory.get(indexKey) ?? '[]') as string[]);
  }

  /** Passes glossaries on, and takes note of their terms. */
  async *passing(readings: AsyncIterable<GlossaryReading>): AsyncGenerator<GlossaryReading> {
    for await (const reading of readings) yield { ...reading, terms: this.#passing(reading.terms) };
    this.#settle();
  }

  async *#passing(terms: AsyncIterable<AtlasTerm>): AsyncGenerator<AtlasTerm> {
    for await (const term of terms) {
      this.#note(term);
      yield term;
    }
  }

  /** Entities whose terms are not what they were; complete once all terms have passed. */
  changed(): ReadonlySet<string> {
    return this.#changed;
  }

  #note(term: AtlasTerm): void {
    this.#seen.add(term.guid);
    const guids = (term.assignedEntities ?? []).map(({ guid }) => guid).sort();
    const note: TermNote = { name: term.qualifiedName ?? term.name, guids };
    const text = JSON.stringify(note);
    const told = this.#memory.get(keyOf(term.guid));
    if (told === text) return;
    const old = told === undefined ? { name: note.name, guids: [] } : (JSON.parse(told) as TermNote);
    const [had, has] = [new Set(old.guids), new Set(guids)];
    for (const guid of new Set([...had, ...has])) {
      if (old.name !== note.name || !had.has(guid) || !has.has(guid)) this.#changed.add(guid);
    }
    this.#memory.setAfterSuccess(keyOf(term.guid), text);
  }

  /** Terms that are no more stand on nothing. */
  #settle(): void {
    for (const guid of this.#before) {
      if (this.#seen.has(guid)) continue;
      const told = this.#memory.get(keyOf(guid));
      for (const entity of told === undefined ? [] : (JSON.parse(told) as TermNote).guids) this.#changed.add(entity);
      this.#memory.setAfterSuccess(keyOf(guid), undefined);
    }
    this.#memory.setAfterSuccess(indexKey, JSON.stringify([...this.#seen].sort()));
  }
}
