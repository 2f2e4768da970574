import { PatchConflict } from '../../openmetadata/patch-conflict.ts';
import { combinePending } from '../../reconcile/applied.ts';
import type { AssetType, TargetAsset } from '../../reconcile/target-asset.ts';
import { type AssetUndo, undoAsset } from '../../reconcile/undo-asset.ts';
import type { AssetAfter, AssetBefore } from '../../reconcile/written-asset.ts';
import type { AssetState, JournalEntry } from '../../state/state-store.ts';
import type { Stored } from '../target.ts';
import type { UndoContext } from './undo-context.ts';
import type { DeletedAsset } from './undo-target.ts';

/** How often a patch is decided anew when somebody changes the entity at the same time. */
const patchTries = 4;
/** The version of what was just made. */
const firstVersion = 0.1;

const holders: ReadonlySet<AssetType> = new Set<AssetType>([
  'database',
  'databaseSchema',
  'container',
  'glossary',
  'glossaryTerm',
]);

/**
 * Reverts the writes of assets. Each is decided by what the target holds now, so that what is back already needs nothing:
 * an undo that was killed is simply run again.
 */
export class UndoAssets {
  readonly #undo: UndoContext;

  constructor(undo: UndoContext) {
    this.#undo = undo;
  }

  async revert(entry: JournalEntry): Promise<void> {
    const { entityType, fqn } = entry;
    const type = entityType === 'termRelation' ? 'glossaryTerm' : (entityType as AssetType);
    const asset = await this.#undo.target.readAsset(type, { fqn });
    switch (entry.action) {
      case 'create':
        return this.#created(entry, type, asset);
      case 'restore':
        return this.#restored(entry, type, asset);
      case 'delete':
        return this.#deleted(entry, type, asset);
      default:
        return this.#updated(entry, type, asset);
    }
  }

  async #created(entry: JournalEntry, type: AssetType, asset: TargetAsset | undefined): Promise<void> {
    if (!asset) {
      await this.#mark(entry, { deletedByUs: true });
      return this.#undo.done(entry, 'unchanged', 'not in OpenMetadata any more');
    }
    const { target } = this.#undo;
    const row = await this.#row(entry);
    if (asset.deleted) return this.#deletedAlready(entry, type, asset);
    // A bulk answer tells no id: then only its history says who has made what bears the name now.
    const isOurs = row?.targetId === undefined ? await target.madeByBot(type, asset.id) : row.targetId === asset.id;
    if (!isOurs) return this.#undo.kept(entry, 'somebody has made it anew since the run');
    const version = entry.versionAfter ?? firstVersion;
    if (asset.version > version && (await target.touchedSince(type, asset.id, version))) {
      return this.#undo.kept(entry, 'somebody has changed it since the run');
    }
    await this.#delete(entry, type, asset, 'made by the run');
  }

  /** Softly, unless it holds something or is in use. */
  async #delete(entry: JournalEntry, type: AssetType, asset: TargetAsset, reason: string): Promise<void> {
    const { target, run } = this.#undo;
    const held = holders.has(type) ? await this.#undo.holds(type, asset.id, asset.fqn) : undefined;
    if (held) return this.#undo.kept(entry, `it holds what is not of the run, such as ${held.fqn}`);
    if (type === 'glossaryTerm') {
      const labels = await this.#undo.labelsLeft('glossaryTerm', asset.id, asset.fqn);
      if (labels > 0) return this.#undo.kept(entry, `it stands for ${labels} other things, which would lose it`);
    }
    this.#undo.countLabels(asset);
    this.#undo.goes({ type, fqn: asset.fqn });
    if (run.write) {
      const stored = await target.deleteAsset(type, asset.id);
      await this.#mark(entry, { targetId: asset.id, deletedByUs: true, ...versionOf(stored) });
    }
    this.#undo.done(entry, 'delete', reason);
  }

  async #deletedAlready(entry: JournalEntry, type: AssetType, asset: TargetAsset): Promise<void> {
    this.#undo.countLabels(asset);
    this.#undo.goes({ type, fqn: asset.fqn });
    // What a person has deleted is theirs to bring back, whatever the source does.
    if (await this.#lastIsBot(type, asset)) {
      await this.#mark(entry, { targetId: asset.id, targetVersion: asset.version, deletedByUs: true });
    }
    this.#undo.done(entry, 'unchanged', 'deleted already');
  }

  async #restored(entry: JournalEntry, type: AssetType, asset: TargetAsset | undefined): Promise<void> {
    if (!asset) return this.#undo.kept(entry, 'not in OpenMetadata any more');
    if (asset.deleted) return this.#deletedAlready(entry, type, asset);
    const version = entry.versionAfter ?? (entry.before as AssetBefore | undefined)?.version ?? firstVersion;
    if (asset.version > version && (await this.#undo.target.touchedSince(type, asset.id, version))) {
      return this.#undo.kept(entry, 'somebody has changed it since the run');
    }
    const undone = this.#decide(entry, type, asset);
    if (this.#undo.run.write) await this.#send(entry, type, asset, undone);
    await this.#delete(entry, type, asset, 'restored by the run');
  }

  async #deleted(entry: JournalEntry, type: AssetType, asset: TargetAsset | undefined): Promise<void> {
    const { target, run } = this.#undo;
    if (!asset) return this.#undo.kept(entry, 'not in OpenMetadata any more: deleted for good');
    if (!asset.deleted) {
      await this.#mark(entry, { targetId: asset.id, targetVersion: asset.version }, 'restored');
      return this.#undo.done(entry, 'unchanged', 'restored already');
    }
    if (!(await this.#lastIsBot(type, asset))) {
      return this.#undo.kept(entry, 'a person has deleted it since the run');
    }
    this.#undo.restores({ type, fqn: asset.fqn });
    if (run.write) {
      if (holders.has(type)) await this.#noteDeletedBelow(type, asset.fqn);
      const stored = await target.restoreAsset(type, asset.id);
      // A server brings back all that was deleted below, whoever had deleted it.
      for (const other of run.scratch.takeDeferred<DeletedAsset>()) await target.deleteAsset(other.type, other.id);
      await this.#mark(entry, { targetId: asset.id, ...versionOf(stored) }, 'restored');
    }
    this.#undo.done(entry, 'restore', 'deleted by the run');
  }

  async #noteDeletedBelow(type: AssetType, fqn: string): Promise<void> {
    const { target, run } = this.#undo;
    for await (const asset of target.deletedBelow(type, fqn)) {
      if (!run.scratch.isCandidate(asset.type, asset.fqn)) run.scratch.defer(asset);
    }
  }

  async #updated(entry: JournalEntry, type: AssetType, asset: TargetAsset | undefined): Promise<void> {
    if (!asset) return this.#undo.kept(entry, 'not in OpenMetadata any more');
    if (asset.deleted) return this.#undo.kept(entry, 'deleted since the run');
    const { run } = this.#undo;
    const undone = this.#decide(entry, type, asset);
    const writes = undone.put !== undefined || undone.patch.length > 0;
    for (const { field, action, from } of undone.fields) {
      if (action === 'remove' && from !== undefined && field.endsWith('tags') && !run.write)
        this.#undo.countLabel(from);
    }
    const stored = run.write && writes ? await this.#send(entry, type, asset, undone) : asset;
    await this.#mark(entry, { targetId: asset.id, ...versionOf(stored) });
    const isKept = undone.fields.length > 0;
    const action = writes ? 'update' : isKept ? 'kept' : 'unchanged';
    this.#undo.done(
      entry,
      action,
      writes ? 'written by the run' : isKept ? 'changed since the run' : 'as before the run',
      undone.fields,
    );
  }

  #decide(entry: JournalEntry, entityType: AssetType, now: TargetAsset): AssetUndo {
    const after = (entry.after ?? { fields: [] }) as AssetAfter;
    return undoAsset({ entityType, before: (entry.before ?? {}) as AssetBefore, after, now });
  }

  async #send(entry: JournalEntry, type: AssetType, asset: TargetAsset, decided: AssetUndo): Promise<Stored> {
    const { target } = this.#undo;
    let current = asset;
    let undone = decided;
    let stored: Stored = asset;
    const again = async (): Promise<void> => {
      const fresh = await target.readAsset(type, { id: asset.id });
      if (!fresh || fresh.deleted)
        throw new Error(`${asset.fqn} was deleted in OpenMetadata while it was being undone.`);
      current = fresh;
      undone = this.#decide(entry, type, fresh);
    };
    if (undone.put) {
      stored = await target.putAsset(undone.put);
      await again();
      if (undone.put && type === 'table') {
        stored = await target.putBesideAnother(undone.put);
        await again();
      }
    }
    for (let tries = 1; undone.patch.length > 0; tries += 1) {
      try {
        stored = await target.patchAsset(type, current.id, undone.patch);
        break;
      } catch (error) {
        if (!(error instanceof PatchConflict) || tries >= patchTries) throw error;
        await again();
      }
    }
    return stored;
  }

  #lastIsBot(type: AssetType, { id }: TargetAsset): Promise<boolean> {
    return this.#undo.target.lastIsBot(type, id);
  }

  #row({ entityType, fqn }: JournalEntry): Promise<AssetState | undefined> {
    return this.#undo.run.state.getAsset(entityType as AssetState['entityType'], fqn);
  }

  /**
   * Remembers that the next ingest shall leave it as it is. What we had applied stays known as such: the words that are
   * back then count as a person's.
   */
  async #mark(
    entry: JournalEntry,
    known: Pick<AssetState, 'targetId' | 'targetVersion' | 'deletedByUs'>,
    was?: 'restored',
  ): Promise<void> {
    const { run, runId } = this.#undo;
    if (!run.write) return;
    const row = await this.#row(entry);
    if (!row) return;
    const { pending, deletedByUs: _d, sourceHash: confirmed, ...rest } = row;
    const sourceHash =
      was === 'restored' ? undefined : (confirmed ?? (entry.after as AssetAfter | undefined)?.sourceHash);
    const applied = pending ? combinePending(row.applied, pending) : row.applied;
    await run.state.putAsset({
      ...rest,
      ...known,
      ...(sourceHash !== undefined && { sourceHash }),
      ...(applied && { applied }),
      undone: runId,
    });
    if (entry.entityType === 'termRelation') await this.#keepTermInStep(entry, known);
  }

  /** Our own patch has raised the term's version: the next run shall not take it for somebody else's change. */
  async #keepTermInStep({ fqn }: JournalEntry, { targetVersion }: Pick<AssetState, 'targetVersion'>): Promise<void> {
    const { state } = this.#undo.run;
    const term = await state.getAsset('glossaryTerm', fqn);
    if (term?.targetVersion !== undefined && targetVersion !== undefined)
      await state.putAsset({ ...term, targetVersion });
  }
}

function versionOf(stored: Stored | undefined): Pick<AssetState, 'targetVersion'> {
  return stored?.version === undefined ? {} : { targetVersion: stored.version };
}
