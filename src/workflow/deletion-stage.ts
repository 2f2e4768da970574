import type { GoneCandidate, Presence, Source } from '../connectors/source.ts';
import { buildFqn, splitFqn } from '../model/fqn.ts';
import type { AssetKind, NamePath } from '../model/records.ts';
import type { Change } from '../reconcile/change.ts';
import {
  type Guard,
  guardReason,
  needsAttention,
  objectingGuard,
  type RunFacts,
  shareOf,
} from '../reconcile/deletion-guards.ts';
import type { AssetState } from '../state/state-store.ts';
import { EdgeDeletions } from './edge-deletions.ts';
import type { RunContext } from './run-context.ts';

export interface DeletionOptions {
  readonly source: Source;
  /** `markDeletedTables` and its sisters. What is no database or schema goes with the tables. */
  readonly markDeleted: { readonly tables: boolean; readonly schemas: boolean; readonly databases: boolean };
  /** Nothing was remembered of an earlier run when this one began. */
  readonly firstRun: boolean;
  /** Percent, by kind. */
  readonly maxSharePercent: number;
  /** Whether this recipe reads a place at all: its filters and its services. */
  readonly inScope: (kind: AssetKind, path: NamePath) => boolean;
  /** Told of everything that will be deleted before anything is. */
  readonly announce: (kind: AssetKind | 'lineage', name: string) => void;
}

/** What holds others comes after what it holds. */
const order: readonly AssetKind[] = [
  'table',
  'topic',
  'container',
  'pipeline',
  'mlmodel',
  'databaseSchema',
  'database',
  'glossaryTerm',
  'glossary',
];

/** What an asset of a kind may hold. */
const heldBy: Readonly<Partial<Record<AssetKind, readonly AssetKind[]>>> = {
  database: ['databaseSchema', 'table'],
  databaseSchema: ['table'],
  container: ['container'],
};

const chunk = 100;

/**
 * The end of a run: what an earlier run brought and the source no longer has is deleted, softly, if every guard lets it
 * pass (reconcile/deletion-guards.ts), and otherwise listed with the reason why it stays.
 */
export class DeletionStage {
  readonly #context: RunContext;
  readonly #options: DeletionOptions;
  readonly #facts: RunFacts;

  /** @param read assets that the source showed */
  constructor(context: RunContext, options: DeletionOptions, read: number) {
    this.#context = context;
    this.#options = options;
    const { report } = context;
    this.#facts = {
      firstRun: options.firstRun,
      failures: report.failureCount,
      read,
      partial: new Set(report.partial),
      maxSharePercent: options.maxSharePercent,
    };
  }

  async run(): Promise<void> {
    const { scratch, lazy, signal } = this.#context;
    const counted = new Map<AssetKind, number>();
    for (const kind of order) {
      counted.set(kind, lazy ? await this.#findDeleted(kind) : await this.#findMissing(kind));
      signal.throwIfAborted();
    }
    // Edges first: the target refuses to take one away once an end of it is deleted.
    await new EdgeDeletions(this.#context, this.#options, this.#facts, (asset) => this.#outOfScope(asset)).run();
    for (const kind of order) {
      const count = scratch.candidateCount(kind);
      if (count > 0) await this.#settle(kind, count, counted.get(kind) ?? 0);
    }
  }

  /** Candidates by absence. @returns how many of the kind the last run knew */
  async #findMissing(kind: AssetKind): Promise<number> {
    const { state, scratch } = this.#context;
    let known = 0;
    for await (const asset of state.listAssets(kind)) {
      if (asset.deletedByUs) continue;
      known += 1;
      if (scratch.seen(kind, asset.fqn) === undefined) this.#consider(kind, asset);
    }
    return known;
  }

  /** Candidates that the source told of as deleted. @returns how many of the kind the last run knew */
  async #findDeleted(kind: AssetKind): Promise<number> {
    const { state, scratch } = this.#context;
    for (const id of scratch.goneIds()) {
      for (const asset of await state.findBySource(id)) {
        const isOther = asset.entityType !== kind || asset.deletedByUs;
        if (!isOther && scratch.seen(kind, asset.fqn) === undefined) this.#consider(kind, asset);
      }
    }
    return state.countAssets(kind);
  }

  #consider(kind: AssetKind, asset: AssetState): void {
    if (asset.undone !== undefined && asset.sourceHash === undefined) {
      this.#done('kept', kind, asset.fqn, `its deletion was undone with run ${asset.undone}`);
    } else if (this.#outOfScope(asset)) this.#list(kind, asset.fqn, this.#reason('out-of-scope', kind));
    else this.#context.scratch.addCandidate(kind, asset.fqn);
  }

  #outOfScope({ entityType, fqn, path, sourceType }: AssetState): boolean {
    if (entityType === 'tag' || entityType === 'termRelation') return true;
    const { source, inScope } = this.#options;
    const names = path ?? splitFqn(fqn);
    if (sourceType !== undefined && source.covers && !source.covers(sourceType, names)) return true;
    return !inScope(entityType, names);
  }

  async #settle(kind: AssetKind, count: number, previous: number): Promise<void> {
    const { scratch, report } = this.#context;
    const why = this.#notAsked(kind);
    if (why !== undefined) return this.#listAll(kind, why);
    let guard = objectingGuard(this.#facts, { kind, count, previous });
    if (!guard && !(await this.#allConfirmed(kind))) guard = 'unconfirmed';
    if (guard) {
      const message = guardReason(guard, this.#facts, { kind, count, previous });
      if (needsAttention(guard)) {
        report.guards.push({ guard, entityType: kind, count, message, ...shareOf(guard, { count, previous }) });
      }
      return this.#listAll(kind, message);
    }
    for (const fqn of scratch.candidates(kind)) this.#options.announce(kind, fqn);
    for (const fqn of scratch.candidates(kind)) {
      this.#context.signal.throwIfAborted();
      await this.#delete(kind, fqn);
    }
  }

  /** Why the recipe does not ask for deletions of a kind. */
  #notAsked(kind: AssetKind): string | undefined {
    const { markDeleted } = this.#options;
    if (kind === 'glossary' || kind === 'glossaryTerm') {
      return 'not deleted: people may use a vocabulary elsewhere';
    }
    if (this.#context.policy.mode === 'enrich') return 'not deleted: in enrich mode structure is left alone';
    if (kind === 'database') return markDeleted.databases ? undefined : 'not deleted: markDeletedDatabases is off';
    if (kind === 'databaseSchema') return markDeleted.schemas ? undefined : 'not deleted: markDeletedSchemas is off';
    return markDeleted.tables ? undefined : 'not deleted: markDeletedTables is off';
  }

  /** Asks the source for every candidate by its id. One that is still there shows that the listing cannot be trusted. */
  async #allConfirmed(kind: AssetKind): Promise<boolean> {
    const { scratch, state, signal } = this.#context;
    const { source } = this.#options;
    if (!source.confirmGone) return false;
    let batch: GoneCandidate[] = [];
    const ask = async (): Promise<boolean> => {
      const outcomes: readonly Presence[] = batch.length > 0 ? await source.confirmGone!(batch, signal) : [];
      batch = [];
      return outcomes.every((outcome) => outcome === 'gone');
    };
    for (const fqn of scratch.candidates(kind)) {
      const asset = await state.getAsset(kind, fqn);
      // A database stands for a cluster, which has no id: it is gone when all that it held is.
      if (asset && !asset.sourceId.startsWith('cluster:')) batch.push({ kind, id: asset.sourceId });
      if (batch.length === chunk && !(await ask())) return false;
    }
    return ask();
  }

  async #delete(kind: AssetKind, fqn: string): Promise<void> {
    const { state, scratch, target, write, lazy, looksUp } = this.#context;
    const held = heldBy[kind];
    if (held && lazy) return this.#list(kind, fqn, 'not deleted: a full run decides about what holds others');
    if (held && (await this.#holdsOthers(held, fqn))) {
      return this.#list(kind, fqn, 'not deleted: it holds what is not from this source');
    }
    if (scratch.isHeldBack(kind, fqn)) {
      return this.#list(kind, fqn, 'not deleted yet: an edge of it that is gone could not be taken away');
    }
    try {
      const row = await state.getAsset(kind, fqn);
      const listed = scratch.target(kind, fqn) ?? (looksUp ? await target.readAsset(kind, { fqn }) : undefined);
      if (!row || !listed || listed.deleted) {
        // Somebody was faster. What a person deleted is not ours to bring back, so nothing of it is remembered.
        if (write) await state.forgetAsset(kind, fqn);
        return;
      }
      if (write) {
        await this.#context.journal.note({ action: 'delete', entityType: kind, fqn, targetId: listed.id });
        await target.deleteAsset(kind, listed.id);
        await state.putAsset({ ...row, targetId: listed.id, deletedByUs: true });
      }
      scratch.indexTarget(kind, fqn, { id: listed.id, version: listed.version, deleted: true });
      this.#done('delete', kind, fqn, 'gone at the source, confirmed by its id');
    } catch (error) {
      if (this.#context.signal.aborted) throw error;
      this.#context.failed(kind, fqn, error);
    }
  }

  /** Whether the target holds live assets below a name. */
  async #holdsOthers(kinds: readonly AssetKind[], fqn: string): Promise<boolean> {
    const { scratch, target, looksUp } = this.#context;
    if (!looksUp) return scratch.liveBelow(kinds, fqn) > 0;
    const [service] = splitFqn(fqn);
    for (const kind of kinds) {
      for await (const { fqn: name, deleted } of target.listAssets(kind, buildFqn([service!]), false)) {
        if (!deleted && name.startsWith(`${fqn}.`) && !scratch.target(kind, name)?.deleted) return true;
      }
    }
    return false;
  }

  #reason(guard: Guard, kind: AssetKind): string {
    return guardReason(guard, this.#facts, { kind, count: 0, previous: 0 });
  }

  #listAll(kind: AssetKind, reason: string): void {
    for (const fqn of this.#context.scratch.candidates(kind)) this.#list(kind, fqn, reason);
  }

  #list(kind: AssetKind, fqn: string, reason: string): void {
    this.#done('gone', kind, fqn, reason);
  }

  #done(action: Change['action'], entityType: AssetKind, fqn: string, reason: string): void {
    this.#context.done({ action, entityType, fqn, reason, fields: [] });
  }
}
