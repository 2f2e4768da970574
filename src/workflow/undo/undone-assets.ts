import { splitFqn } from '../../model/fqn.ts';
import { type AssetKind, type AssetRecord, serviceKindOf } from '../../model/records.ts';
import type { DesiredOptions } from '../../reconcile/desired-labels.ts';
import type { DesiredAsset, OwnerReference } from '../../reconcile/target-asset.ts';
import type { AssetWork } from '../asset-work.ts';
import type { RunContext } from '../run-context.ts';

export interface StaysUndone {
  /** For people. */
  readonly reason: string;
  /** It is not there, so that nothing can be put into it, drawn to it or said of it. */
  readonly isAway: boolean;
}

type Owner = OwnerReference | 'none' | undefined;

/** What an ingest leaves as an undo has left it. */
export class UndoneAssets {
  readonly #context: RunContext;
  readonly #hashOf: (record: AssetRecord, owner: Owner, options: DesiredOptions) => Promise<string>;

  /** @param hashOf hash of what a record comes to, with the labels that the options let through */
  constructor(
    context: RunContext,
    hashOf: (record: AssetRecord, owner: Owner, options: DesiredOptions) => Promise<string>,
  ) {
    this.#context = context;
    this.#hashOf = hashOf;
  }

  /** Why an asset stays as an undo has left it; undefined where it is to be handled as any other. */
  async why({ desired, record, state, sourceHash }: AssetWork, owner: Owner): Promise<StaysUndone | undefined> {
    const holder = await this.#undoneHolder(desired);
    if (holder !== undefined) {
      return { reason: `what holds it was undone with run ${holder}`, isAway: true };
    }
    if (state?.undone === undefined || state.sourceHash === undefined) return undefined;
    const isAway = state.deletedByUs === true;
    // Somebody has brought it back, or what holds it came back with all that it held.
    if (isAway && this.#context.scratch.target(desired.entityType, desired.fqn)?.deleted === false) return undefined;
    const isSame =
      state.sourceHash === sourceHash || state.sourceHash === (await this.#hashOf(record, owner, this.#labelsOfThen()));
    if (!isSame) return undefined;
    return { reason: `undone with run ${state.undone}; the source has not changed it since`, isAway };
  }

  /** Labels whose tags the same undo took away are no change of the source. */
  #labelsOfThen(): DesiredOptions {
    const { desired, undone } = this.#context;
    return {
      ...desired,
      usable: (fqn) => desired.usable(fqn) || undone.hadLabel('tag', fqn),
      usableTerm: (fqn) => desired.usableTerm(fqn) || undone.hadLabel('glossaryTerm', fqn),
    };
  }

  /** The undone run that had made what an asset lies in, where that is away. */
  async #undoneHolder(desired: DesiredAsset): Promise<string | undefined> {
    const { state, scratch, undone } = this.#context;
    const { entityType, parentFqn } = desired;
    const kind = holderKind(desired);
    if (kind === undefined) {
      const service = serviceKindOf(entityType);
      return service && undone.runOf(service, parentFqn);
    }
    const row = await state.getAsset(kind, parentFqn);
    if (scratch.seen(kind, parentFqn) === 'undone') return row?.undone ?? 'an earlier run';
    // A run of changes does not see what has not changed.
    const isUnseen = scratch.seen(kind, parentFqn) === undefined;
    return isUnseen && row?.deletedByUs ? row.undone : undefined;
  }
}

/** The kind of asset that an asset lies in; undefined for one directly in a service, or in nothing. */
function holderKind({ entityType, parentFqn }: DesiredAsset): AssetKind | undefined {
  if (entityType === 'table') return 'databaseSchema';
  if (entityType === 'databaseSchema') return 'database';
  const isTop = parentFqn === '' || splitFqn(parentFqn).length === 1;
  if (entityType === 'container') return isTop ? undefined : 'container';
  if (entityType === 'glossaryTerm') return isTop ? 'glossary' : 'glossaryTerm';
  return undefined;
}
