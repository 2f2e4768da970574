import { type Label, labelKey, type OwnerReference } from './target-asset.ts';

/** RFC 6902. */
export interface PatchOperation {
  readonly op: 'add' | 'replace' | 'remove' | 'test';
  readonly path: string;
  readonly value?: unknown;
}

export interface PatchLabel extends Label {
  readonly state: 'Confirmed';
}

export function confirmed(label: Label): PatchLabel {
  return { tagFQN: label.tagFQN, source: label.source, labelType: label.labelType, state: 'Confirmed' };
}

/** Escapes a name for a JSON Pointer (RFC 6901). */
function pointer(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}

/**
 * Collects one entity's JSON Patch. What is replaced or removed is tested first, so that a person's change between our
 * reading and our writing is never overwritten: the server applies a patch whole or not at all (LIVE-1.1).
 */
export class PatchBuilder {
  readonly #operations: PatchOperation[] = [];
  #extensionStarted = false;

  /** Sets a text; `held` is what the target has now (undefined or empty: absent). */
  set(path: string, value: string, held: string | undefined): void {
    if (held) this.#operations.push({ op: 'test', path, value: held });
    // `add` also replaces; `replace` on an absent field is refused by the server.
    this.#operations.push({ op: held ? 'replace' : 'add', path, value });
  }

  /** `held` is the value as it is stored. */
  remove(path: string, held: unknown): void {
    this.#operations.push({ op: 'test', path, value: held }, { op: 'remove', path });
  }

  labels(path: string, held: readonly Label[], add: readonly Label[], remove: readonly string[]): void {
    const gone = new Set(remove);
    for (let i = held.length - 1; i >= 0; i -= 1) {
      const { tagFQN } = held[i]!;
      if (!gone.has(labelKey(held[i]!))) continue;
      this.#operations.push({ op: 'test', path: `${path}/${i}/tagFQN`, value: tagFQN });
      this.#operations.push({ op: 'remove', path: `${path}/${i}` });
    }
    if (add.length === 0) return;
    if (held.length === 0) this.#operations.push({ op: 'add', path, value: add.map(confirmed) });
    else for (const label of add) this.#operations.push({ op: 'add', path: `${path}/-`, value: confirmed(label) });
  }

  /** The owner; the sink turns `/owners` into the key of the server's version. */
  owner(owner: OwnerReference): void {
    this.#operations.push({ op: 'add', path: '/owners', value: [{ id: owner.id, type: owner.type }] });
  }

  /** All owners at once, as they were. */
  owners(owners: readonly OwnerReference[]): void {
    this.#operations.push({ op: 'add', path: '/owners', value: owners.map(({ id, type }) => ({ id, type })) });
  }

  /** Takes the owner off; guarded by its id, which the sink finds at the place of the server's version. */
  removeOwner(held: OwnerReference): void {
    this.#operations.push({ op: 'test', path: '/owners/0/id', value: held.id }, { op: 'remove', path: '/owners' });
  }

  /** Replaces a list of words whole; the sink turns names of terms into references. */
  list(path: string, words: readonly string[], hadAny: boolean): void {
    this.#operations.push({ op: hadAny ? 'replace' : 'add', path, value: [...words] });
  }

  attribute(path: string, value: unknown, hadAny: boolean): void {
    this.#operations.push({ op: hadAny ? 'replace' : 'add', path, value });
  }

  extension(name: string, value: unknown, hadAny: boolean): void {
    if (hadAny || this.#extensionStarted) {
      this.#operations.push({ op: 'add', path: `/extension/${pointer(name)}`, value });
    } else {
      this.#operations.push({ op: 'add', path: '/extension', value: { [name]: value } });
      this.#extensionStarted = true;
    }
  }

  /**
   * @param updatedAt when what the patch rests on was last changed. What is absent cannot be tested, and a person may be
   *   writing it right now: the whole patch is only taken where nothing has changed since.
   */
  operations(updatedAt?: number): readonly PatchOperation[] {
    if (updatedAt === undefined || this.#operations.length === 0) return this.#operations;
    return [{ op: 'test', path: '/updatedAt', value: updatedAt }, ...this.#operations];
  }
}
