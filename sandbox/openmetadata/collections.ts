import { assetCollections } from './asset-collections.ts';
import type { Collection } from './collection.ts';
import { governanceCollections } from './governance-collections.ts';
import type { ServerVersion } from './server-version.ts';
import { serviceCollections } from './service-collections.ts';
import { type SharedShapes, sharedShapes } from './shapes.ts';

/** All kinds of entities of a version, by path and by type. */
export class Collections {
  readonly shared: SharedShapes;
  readonly #byPath = new Map<string, Collection>();
  readonly #byType = new Map<string, Collection>();

  constructor(version: ServerVersion) {
    this.shared = sharedShapes(version);
    const all = [
      ...serviceCollections(version, this.shared),
      ...assetCollections(version, this.shared),
      ...governanceCollections(version, this.shared),
    ];
    for (const entry of all) {
      this.#byPath.set(entry.path, entry);
      this.#byType.set(entry.type, entry);
    }
  }

  byPath(path: string): Collection | undefined {
    return this.#byPath.get(path);
  }

  /** @throws {RangeError} for a type that the version does not have. */
  byType(type: string): Collection {
    const found = this.#byType.get(type);
    if (found === undefined) {
      throw new RangeError(`There is no collection of '${type}'`);
    }
    return found;
  }

  has(type: string): boolean {
    return this.#byType.has(type);
  }

  all(): Iterable<Collection> {
    return this.#byPath.values();
  }
}
