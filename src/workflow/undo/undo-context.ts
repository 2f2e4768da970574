import type { Change, FieldChange } from '../../reconcile/change.ts';
import { type ColumnNode, type Label, labelKey, type TargetAsset } from '../../reconcile/target-asset.ts';
import type { JournalEntry } from '../../state/state-store.ts';
import type { RunContext } from '../run-context.ts';
import type { EntityName, UndoTarget } from './undo-target.ts';

/** What the parts of one undo share. */
export class UndoContext {
  readonly run: RunContext;
  readonly target: UndoTarget;
  /** The run that is undone. */
  readonly runId: string;
  /** Labels on what goes, by the label's key: a vocabulary is small. */
  readonly #going = new Map<string, number>();

  constructor(run: RunContext, target: UndoTarget, runId: string) {
    this.run = run;
    this.target = target;
    this.runId = runId;
  }

  done(entry: JournalEntry, action: Change['action'], reason: string, fields: readonly FieldChange[] = []): void {
    this.run.done({ action, entityType: entry.entityType, fqn: entry.fqn, reason, fields });
  }

  kept(entry: JournalEntry, reason: string): void {
    this.done(entry, 'kept', reason);
  }

  /** Notes what was, or in a plan would be, deleted: it holds nobody back. */
  goes({ type, fqn }: EntityName): void {
    this.run.scratch.see(type as 'table', fqn, 'undone');
  }

  /** Notes what was, or in a plan would be, restored. */
  restores({ type, fqn }: EntityName): void {
    this.run.scratch.see(type as 'table', fqn, 'ok');
  }

  comesBack({ type, fqn }: EntityName): boolean {
    return this.run.scratch.seen(type as 'table', fqn) === 'ok';
  }

  /** The first thing alive in a holder that this undo does not take away. */
  async holds(type: Parameters<UndoTarget['heldIn']>[0], id: string, fqn: string): Promise<EntityName | undefined> {
    for await (const held of this.target.heldIn(type, id, fqn)) {
      if (this.run.scratch.seen(held.type as 'table', held.fqn) !== 'undone') return held;
    }
    return undefined;
  }

  /** Counts the labels of an asset that goes. */
  countLabels({ tags, columns = [] }: TargetAsset): void {
    for (const label of tags) this.countLabel(labelKey(label));
    for (const column of columns) this.#countLabelsOf(column);
  }

  /** Those of what is nested in it, too. */
  #countLabelsOf({ tags = [], children = [] }: ColumnNode & { readonly tags?: readonly Label[] }): void {
    for (const label of tags) this.countLabel(labelKey(label));
    for (const child of children) this.#countLabelsOf(child);
  }

  countLabel(key: string): void {
    this.#going.set(key, (this.#going.get(key) ?? 0) + 1);
  }

  /** Labels of a tag or a term that stay on what this undo does not take away. */
  async labelsLeft(type: 'tag' | 'glossaryTerm', id: string, fqn: string): Promise<number> {
    const key = labelKey({ tagFQN: fqn, source: type === 'tag' ? 'Classification' : 'Glossary' });
    // A server counts those of all that stands below it, too.
    let going = 0;
    for (const [other, count] of this.#going) if (other === key || other.startsWith(`${key}.`)) going += count;
    return (await this.target.labelsInUse(type, id)) - going;
  }
}
