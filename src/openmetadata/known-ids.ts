type Kind = 'container' | 'glossaryTerm';

/** Looks an id up by its FQN; undefined where there is none. */
export type FindId = (kind: Kind, fqn: string) => Promise<string | undefined>;

/**
 * Ids of containers and terms by FQN, asked for once each: what stands in a container names it by id, and so does what
 * is related to a term. Only as many are kept as fit in little memory; those that were needed last stay.
 */
export class KnownIds {
  readonly #find: FindId;
  readonly #most: number;
  readonly #ids = new Map<string, Promise<string | undefined>>();

  constructor(find: FindId, most = 10_000) {
    this.#find = find;
    this.#most = most;
  }

  get(kind: Kind, fqn: string): Promise<string | undefined> {
    const key = `${kind} ${fqn}`;
    const known = this.#ids.get(key);
    if (known) {
      this.#keep(key, known);
      return known;
    }
    const id = this.#find(kind, fqn);
    this.#keep(key, id);
    // Only what is there is worth keeping: what is missing may come.
    id.then(
      (found) => found === undefined && this.#forget(key, id),
      () => this.#forget(key, id),
    );
    return id;
  }

  set(kind: Kind, fqn: string, id: string): void {
    this.#keep(`${kind} ${fqn}`, Promise.resolve(id));
  }

  #keep(key: string, id: Promise<string | undefined>): void {
    this.#ids.delete(key);
    this.#ids.set(key, id);
    if (this.#ids.size <= this.#most) return;
    const [oldest] = this.#ids.keys();
    this.#ids.delete(oldest!);
  }

  #forget(key: string, id: Promise<string | undefined>): void {
    if (this.#ids.get(key) === id) this.#ids.delete(key);
  }
}
