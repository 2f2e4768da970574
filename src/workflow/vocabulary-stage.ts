import { buildFqn } from '../model/fqn.ts';
import type { TagRecord } from '../model/records.ts';
import { textHash } from '../reconcile/applied.ts';
import type { Change, FieldChange } from '../reconcile/change.ts';
import { tagFqn } from '../reconcile/desired.ts';
import { mergeText } from '../reconcile/merge-text.ts';
import type { RunContext } from './run-context.ts';
import type { TargetTag } from './target.ts';

/** State keeps tags under this prefix, since a service may have the name of a classification. */
const stateKey = (fqn: string): string => `tag:${fqn}`;

/**
 * Classifications: one of our own in the target, each of the source's as a tag in it, sub-classifications below their
 * parent. A vocabulary is small (hundreds), so it is held in the heap.
 */
export class VocabularyStage {
  readonly #context: RunContext;
  readonly #held = new Map<string, TargetTag>();
  readonly #usable = new Set<string>();
  #started = false;

  constructor(context: RunContext) {
    this.#context = context;
  }

  /** Labels that assets may carry: those of our classification that the target has, and every other one. */
  usable(fqn: string): boolean {
    const own = `${buildFqn([this.#context.desired.classification])}.`;
    return !fqn.startsWith(own) || this.#usable.has(fqn);
  }

  async handle(record: TagRecord): Promise<void> {
    if (!this.#context.desired.includeTags) return;
    await this.#start();
    const { target, state, desired } = this.#context;
    const fqn = tagFqn(record, desired.classification, desired.naming);
    const { name, displayName } = desired.naming.tag(record.path.at(-1)!);
    const raw = record.path.at(-1)!;
    const description = record.description || `The classification “${raw}” of Apache Atlas.`;
    const held = this.#held.get(fqn);
    const known = state.getAsset(stateKey(fqn));
    try {
      if (!held || held.deleted) {
        if (known?.applied) {
          this.#done('kept', fqn, 'a person removed it from OpenMetadata');
          return;
        }
        if (this.#context.write) {
          const parent =
            record.path.length > 1
              ? tagFqn({ path: record.path.slice(0, -1) }, desired.classification, desired.naming)
              : undefined;
          const stored = await target.createTag({
            classification: desired.classification,
            ...(parent !== undefined && { parent }),
            name,
            ...(displayName !== undefined && { displayName }),
            description,
          });
          this.#remember(fqn, description, stored.id);
        }
        this.#usable.add(fqn);
        this.#done('create', fqn, 'not in OpenMetadata yet');
        return;
      }
      this.#usable.add(fqn);
      await this.#describe(fqn, description, held);
    } catch (error) {
      if (this.#context.signal.aborted) throw error;
      this.#context.failed('tag', fqn, error);
    }
  }

  async #describe(fqn: string, description: string, held: TargetTag): Promise<void> {
    const { target, state, policy } = this.#context;
    const known = state.getAsset(stateKey(fqn));
    const base = known?.applied ? { applied: known.applied } : {};
    const merged = mergeText({
      field: 'description',
      source: description,
      target: held.description,
      base,
      override: policy.override,
      history: 'none',
    });
    if (merged === 'needs-history') return;
    if (typeof merged.write === 'string') {
      if (this.#context.write) {
        await target.describeTag(held.id, merged.write, held.description);
        this.#remember(fqn, merged.write, held.id);
      }
      this.#done('update', fqn, 'changed at the source', merged.change);
      return;
    }
    if (this.#context.write && !known && merged.ours !== undefined) this.#remember(fqn, description, held.id);
    this.#done(merged.change ? 'kept' : 'unchanged', fqn, 'in step', merged.change);
  }

  async #start(): Promise<void> {
    if (this.#started) return;
    this.#started = true;
    const { target, desired } = this.#context;
    const name = desired.classification;
    const found = await target.findClassification(name);
    if (!found || found.deleted) {
      if (this.#context.write) await target.createClassification(name, 'Classifications of Apache Atlas.');
      this.#context.done({
        action: 'create',
        entityType: 'classification',
        fqn: name,
        reason: 'holds the labels from Apache Atlas',
        fields: [],
      });
      if (!found) return;
    }
    for await (const tag of target.listTags(name)) this.#held.set(tag.fqn, tag);
  }

  #remember(fqn: string, description: string, targetId: string): void {
    this.#context.state.putAsset({
      fqn: stateKey(fqn),
      entityType: 'tag',
      sourceId: fqn,
      targetId,
      applied: { texts: { description: textHash(description) }, labels: {} },
    });
  }

  #done(action: Change['action'], fqn: string, reason: string, field?: FieldChange): void {
    this.#context.done({ action, entityType: 'tag', fqn, reason, fields: field ? [field] : [] });
  }
}
