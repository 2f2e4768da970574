import { notFound } from './api-error.ts';
import type { Collections } from './collections.ts';
import { type Doc, text } from './doc.ts';
import type { EntityLink, EntityRow, Store } from './store.ts';

/** What other entities show of one: its reference without the address, and what leads further up. */
export interface Link {
  readonly reference: Doc;
  readonly parent: string | null;
  readonly serviceType: string | undefined;
  readonly path: string;
}

const MOST_KEPT = 5_000;

/** References to entities, resolved when they are read, so that a renamed parent shows its new text at once. */
export class Links {
  readonly #store: Store;
  readonly #collections: Collections;
  readonly #known = new Map<string, Link>();
  readonly #idByFqn = new Map<string, string>();
  /** Address up to and without `/v1`; known once the server listens. */
  base = '';

  constructor(store: Store, collections: Collections) {
    this.#store = store;
    this.#collections = collections;
  }

  /** Must be called for every entity that was written or removed. */
  forget(row: Pick<EntityRow, 'id' | 'type' | 'fqn'>): void {
    this.#known.delete(row.id);
    this.#idByFqn.delete(`${row.type} ${row.fqn}`);
  }

  byId(id: string): Link | undefined {
    let link = this.#known.get(id);
    if (link === undefined) {
      const row = this.#store.byId(id);
      if (row === undefined) {
        return undefined;
      }
      link = this.#keep(row);
    }
    return link;
  }

  /**
   * The id of a parent that must exist and not be deleted.
   * @throws {ApiError} 404 otherwise.
   */
  idOf(type: string, fqn: string): string {
    const key = `${type} ${fqn}`;
    const known = this.#idByFqn.get(key);
    if (known !== undefined && this.#known.has(known)) {
      return known;
    }
    const row = this.#store.byFqn(type, fqn);
    if (row === undefined || row.deleted) {
      throw notFound(type, fqn);
    }
    this.#keep(row);
    this.#idByFqn.set(key, row.id);
    return row.id;
  }

  /** @throws {ApiError} 404 when there is no such entity of that type, or only a deleted one. */
  require(target: EntityLink): Link {
    const link = this.byId(target.id);
    if (link === undefined || link.reference['type'] !== target.type || link.reference['deleted'] === true) {
      throw notFound(target.type, target.id);
    }
    return link;
  }

  /** The reference as answers show it; undefined when the entity is gone for good. */
  reference(id: string, withAddress = true): Doc | undefined {
    const link = this.byId(id);
    if (link === undefined) {
      return undefined;
    }
    return withAddress ? { ...link.reference, href: this.address(link.path, id) } : link.reference;
  }

  address(path: string, id: string): string {
    return `${this.base}/v1/${path}/${id}`;
  }

  #keep(row: EntityRow): Link {
    if (this.#known.size >= MOST_KEPT) {
      this.#known.clear();
      this.#idByFqn.clear();
    }
    const link = {
      reference: referenceOf(row),
      parent: row.parent,
      serviceType: text(row.doc['serviceType']),
      path: this.#collections.has(row.type) ? this.#collections.byType(row.type).path : 'metadata/types',
    };
    this.#known.set(row.id, link);
    return link;
  }
}

function referenceOf(row: EntityRow): Doc {
  const reference: Doc = { id: row.id, type: row.type, name: row.doc['name'], fullyQualifiedName: row.fqn };
  for (const key of ['description', 'displayName']) {
    if (row.doc[key] !== undefined) {
      reference[key] = row.doc[key];
    }
  }
  if (row.type !== 'type') {
    reference['deleted'] = row.deleted;
  }
  return reference;
}
