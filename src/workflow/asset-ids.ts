import { buildFqn, splitFqn } from '../model/fqn.ts';
import type { AssetKind } from '../model/records.ts';
import type { RunContext } from './run-context.ts';

/** Rows that one request of a listing brings, about. */
const rowsPerPage = 500;
/** So many of a service are asked for before it is asked how many there are. */
const firstFew = 20;

/** One kind of asset in one service. */
interface Group {
  asked: number;
  /** Requests that it takes to list all of them. */
  pages: Promise<number> | undefined;
  listed: Promise<void> | undefined;
}

/**
 * Ids of assets that were made in bulk, since bulk answers tell none. They are asked for one by one, until that has taken as
 * many requests as to list all of the service: at worst twice the fewest that are possible.
 */
export class AssetIds {
  readonly #context: RunContext;
  readonly #groups = new Map<string, Group>();

  constructor(context: RunContext) {
    this.#context = context;
  }

  /** @returns undefined where the target has no such asset */
  async find(kind: AssetKind, fqn: string): Promise<string | undefined> {
    const service = buildFqn(splitFqn(fqn).slice(0, 1));
    const key = `${kind} ${service}`;
    const group = this.#groups.get(key) ?? { asked: 0, pages: undefined, listed: undefined };
    this.#groups.set(key, group);
    const { target, scratch } = this.#context;
    group.asked += 1;
    if (group.asked >= firstFew) {
      group.pages ??= target.countAssets(kind, service).then((count) => Math.ceil(count / rowsPerPage));
      if (group.asked >= (await group.pages)) {
        group.listed ??= this.#list(kind, service);
        await group.listed;
        const id = scratch.idOf(kind, fqn);
        if (id !== undefined) return id;
      }
    }
    return target.findAssetId(kind, fqn);
  }

  async #list(kind: AssetKind, service: string): Promise<void> {
    const { target, scratch, signal } = this.#context;
    for await (const { fqn, id } of target.listAssets(kind, service, false)) {
      signal.throwIfAborted();
      scratch.noteId(kind, fqn, id);
    }
  }
}
