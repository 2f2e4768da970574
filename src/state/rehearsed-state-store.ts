import type { AssetState, EdgeEnd, EdgeState, JournalEntry, JournalRun, StateStore } from './state-store.ts';

type AssetType = AssetState['entityType'];

interface ForgottenService {
  readonly entityTypes: ReadonlySet<string>;
  readonly fqn: string;
}

/**
 * A state store for plans: shows what writes would leave behind, and keeps them to itself. Nothing is written to the
 * store beneath, no transaction stays open there and nothing is locked, so that a plan disturbs no run.
 */
export class RehearsedStateStore implements StateStore {
  readonly #beneath: StateStore;
  /** What was written since, gone with the plan. */
  readonly #own: StateStore;
  readonly #goneMeta = new Set<string>();
  readonly #goneAssets = new Set<string>();
  readonly #goneEdges = new Set<string>();
  readonly #goneEnds = new Set<string>();
  readonly #goneServices: ForgottenService[] = [];
  #journalCopied = false;
  #assetsChanged = false;
  #edgesChanged = false;
  #cleared = false;

  constructor(beneath: StateStore, own: StateStore) {
    this.#beneath = beneath;
    this.#own = own;
  }

  async getMeta(key: string): Promise<string | undefined> {
    const own = await this.#own.getMeta(key);
    return own ?? (this.#hidesMeta(key) ? undefined : this.#beneath.getMeta(key));
  }

  async setMeta(key: string, value: string | undefined): Promise<void> {
    if (value === undefined) this.#goneMeta.add(key);
    await this.#own.setMeta(key, value);
  }

  listMeta(prefix: string): AsyncIterable<readonly [key: string, value: string]> {
    const beneath = without(this.#beneath.listMeta(prefix), ([key]) => this.#hidesMeta(key));
    return merged(this.#own.listMeta(prefix), beneath, ([key]) => [key]);
  }

  async forgetMeta(prefix: string): Promise<void> {
    const keys: string[] = [];
    for await (const [key] of this.listMeta(prefix)) keys.push(key);
    for (const key of keys) await this.setMeta(key, undefined);
  }

  async getAsset(entityType: AssetType, fqn: string): Promise<AssetState | undefined> {
    const own = await this.#own.getAsset(entityType, fqn);
    if (own) return own;
    return this.#hidesAsset({ entityType, fqn }) ? undefined : this.#beneath.getAsset(entityType, fqn);
  }

  async findBySource(sourceId: string): Promise<readonly AssetState[]> {
    const beneath = [];
    for (const asset of await this.#beneath.findBySource(sourceId)) {
      const replaced = await this.#own.getAsset(asset.entityType, asset.fqn);
      if (!replaced && !this.#hidesAsset(asset)) beneath.push(asset);
    }
    const found = [...(await this.#own.findBySource(sourceId)), ...beneath];
    return found.sort((a, b) => compare(assetKey(a), assetKey(b)));
  }

  async putAsset(state: AssetState): Promise<void> {
    this.#assetsChanged = true;
    await this.#own.putAsset(state);
  }

  async countAssets(entityType?: AssetType): Promise<number> {
    return this.#assetsChanged ? count(this.listAssets(entityType)) : this.#beneath.countAssets(entityType);
  }

  listAssets(entityType?: AssetType): AsyncIterable<AssetState> {
    const beneath = without(this.#beneath.listAssets(entityType), (asset) => this.#hidesAsset(asset));
    return merged(this.#own.listAssets(entityType), beneath, assetKey);
  }

  async forgetAsset(entityType: AssetType, fqn: string): Promise<void> {
    this.#assetsChanged = true;
    this.#goneAssets.add(nameOf({ entityType, fqn }));
    await this.#own.forgetAsset(entityType, fqn);
  }

  async forgetService(entityTypes: Parameters<StateStore['forgetService']>[0], serviceFqn: string): Promise<void> {
    this.#assetsChanged = true;
    this.#edgesChanged = true;
    this.#goneServices.push({ entityTypes: new Set(entityTypes), fqn: serviceFqn });
    await this.#own.forgetService(entityTypes, serviceFqn);
  }

  async getEdge(from: EdgeEnd, to: EdgeEnd): Promise<EdgeState | undefined> {
    const own = await this.#own.getEdge(from, to);
    return own ?? (this.#hidesEdge({ from, to }) ? undefined : this.#beneath.getEdge(from, to));
  }

  async putEdge(state: EdgeState): Promise<void> {
    this.#edgesChanged = true;
    await this.#own.putEdge(state);
  }

  async forgetEdge(from: EdgeEnd, to: EdgeEnd): Promise<void> {
    this.#edgesChanged = true;
    this.#goneEdges.add(edgeName({ from, to }));
    await this.#own.forgetEdge(from, to);
  }

  listEdges(into?: EdgeEnd): AsyncIterable<EdgeState> {
    const beneath = without(this.#beneath.listEdges(into), (edge) => this.#hidesEdge(edge));
    return merged(this.#own.listEdges(into), beneath, edgeKey);
  }

  async countEdges(): Promise<number> {
    return this.#edgesChanged ? count(this.listEdges()) : this.#beneath.countEdges();
  }

  async forgetEdgesOf(end: EdgeEnd): Promise<void> {
    this.#edgesChanged = true;
    this.#goneEnds.add(nameOf(end));
    await this.#own.forgetEdgesOf(end);
  }

  async putJournal(entry: JournalEntry): Promise<void> {
    await this.#copyJournal();
    await this.#own.putJournal(entry);
  }

  listJournal(runId: string): AsyncIterable<JournalEntry> {
    return (this.#journalCopied ? this.#own : this.#beneath).listJournal(runId);
  }

  listJournalRuns(): Promise<readonly JournalRun[]> {
    return (this.#journalCopied ? this.#own : this.#beneath).listJournalRuns();
  }

  async startJournal(runId: string, startedAt: string, keep: number): Promise<void> {
    await this.#copyJournal();
    await this.#own.startJournal(runId, startedAt, keep);
  }

  async markUndone(runId: string, undoneAt: string): Promise<void> {
    await this.#copyJournal();
    await this.#own.markUndone(runId, undoneAt);
  }

  async clear(): Promise<void> {
    this.#cleared = true;
    this.#assetsChanged = true;
    this.#edgesChanged = true;
    this.#journalCopied = true;
    await this.#own.clear();
  }

  async close(): Promise<void> {
    await this.#own.close();
    await this.#beneath.close();
  }

  #hidesMeta(key: string): boolean {
    return this.#cleared || this.#goneMeta.has(key);
  }

  /** Plans write no journal. Should one do so, it works on a copy. */
  async #copyJournal(): Promise<void> {
    if (this.#journalCopied) return;
    for (const { runId, startedAt, undoneAt } of await this.#beneath.listJournalRuns()) {
      await this.#own.startJournal(runId, startedAt, Number.MAX_SAFE_INTEGER);
      for await (const entry of this.#beneath.listJournal(runId)) await this.#own.putJournal(entry);
      if (undoneAt !== undefined) await this.#own.markUndone(runId, undoneAt);
    }
    this.#journalCopied = true;
  }

  #hidesAsset(asset: Pick<AssetState, 'entityType' | 'fqn'>): boolean {
    if (this.#cleared || this.#goneAssets.has(nameOf(asset))) return true;
    return this.#goneServices.some(
      ({ entityTypes, fqn }) =>
        entityTypes.has(asset.entityType) && (asset.fqn === fqn || asset.fqn.startsWith(`${fqn}.`)),
    );
  }

  #hidesEdge(edge: Pick<EdgeState, 'from' | 'to'>): boolean {
    if (this.#cleared || this.#goneEdges.has(edgeName(edge))) return true;
    return [edge.from, edge.to].some(
      (end) =>
        this.#goneEnds.has(nameOf(end)) ||
        this.#goneServices.some(
          ({ entityTypes, fqn }) => entityTypes.has(end.entityType) && end.fqn.startsWith(`${fqn}.`),
        ),
    );
  }
}

type SortKey = readonly string[];

const nameOf = ({ entityType, fqn }: { readonly entityType: string; readonly fqn: string }): string =>
  `${entityType} ${fqn}`;
const edgeName = ({ from, to }: Pick<EdgeState, 'from' | 'to'>): string => JSON.stringify([nameOf(from), nameOf(to)]);
const assetKey = ({ entityType, fqn }: AssetState): SortKey => [entityType, fqn];
const edgeKey = ({ from, to }: EdgeState): SortKey => [to.entityType, to.fqn, from.entityType, from.fqn];

function compare(a: SortKey, b: SortKey): number {
  for (const [i, left] of a.entries()) {
    // Bytes of UTF-8, as the stores order them.
    const order = Buffer.compare(Buffer.from(left), Buffer.from(b[i]!));
    if (order !== 0) return order;
  }
  return 0;
}

async function* without<Row>(rows: AsyncIterable<Row>, hidden: (row: Row) => boolean): AsyncIterable<Row> {
  for await (const row of rows) if (!hidden(row)) yield row;
}

/** Two sorted listings as one; where both have a row of one key, the first one's. */
async function* merged<Row>(
  first: AsyncIterable<Row>,
  second: AsyncIterable<Row>,
  keyOf: (row: Row) => SortKey,
): AsyncIterable<Row> {
  const [a, b] = [first[Symbol.asyncIterator](), second[Symbol.asyncIterator]()];
  let [left, right] = [await a.next(), await b.next()];
  while (!left.done || !right.done) {
    const order = left.done ? 1 : right.done ? -1 : compare(keyOf(left.value), keyOf(right.value));
    if (order <= 0) yield left.value;
    else yield right.value;
    if (order >= 0) right = await b.next();
    if (order <= 0) left = await a.next();
  }
}

async function count(rows: AsyncIterable<unknown>): Promise<number> {
  let n = 0;
  for await (const _ of rows) n += 1;
  return n;
}
