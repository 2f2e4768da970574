import { splitFqn } from '../model/fqn.ts';
import type { TagRecord } from '../model/records.ts';
import { textHash } from '../reconcile/applied.ts';
import type { Change, FieldChange } from '../reconcile/change.ts';
import { tagFqn } from '../reconcile/desired-labels.ts';
import { mergeText } from '../reconcile/merge-text.ts';
import type { RunContext } from './run-context.ts';
import type { TargetTag } from './target.ts';
import { undoneKey } from './undo/undo-marks.ts';

/** Tags by their FQN: those that were told, and those that assets may carry. */
export interface KnownTags {
  readonly told: readonly string[];
  readonly usable: readonly string[];
}

type Vocabulary = NonNullable<TagRecord['vocabulary']>;

interface Words {
  readonly holder: string;
  readonly reason: string;
  readonly tag: string;
}

/** @param origin whose vocabularies they are, for people */
const wordsOf = (origin: string): Readonly<Record<Vocabulary, Words>> => ({
  classification: {
    holder: `Classifications of ${origin}.`,
    reason: `holds the classifications from ${origin}`,
    tag: 'classification',
  },
  label: {
    holder: `Labels of ${origin}: words that people stuck on single assets.`,
    reason: `holds the labels from ${origin}`,
    tag: 'label',
  },
  ownClassification: { holder: '', reason: 'a classification of the source', tag: 'tag' },
});

/**
 * Tags: two classifications of our own in the target, one for the source's classifications (sub-classifications below
 * their parent), one for its labels; and those that the source has as the target would. A vocabulary is small (hundreds),
 * so it is held in the heap.
 */
export class VocabularyStage {
  readonly #context: RunContext;
  readonly #origin: () => string;
  readonly #held = new Map<string, TargetTag>();
  readonly #usable = new Set<string>();
  readonly #told = new Set<string>();
  readonly #started = new Set<string>();
  /** How each classification stood when the run met it, or what the run has made of it. */
  readonly #holders = new Map<string, 'there' | 'deleted' | 'missing'>();
  /** Classifications that the source has as the target would, by their names there. */
  readonly #toldClassifications = new Map<string, TagRecord>();
  readonly #remembered = { tag: new Set<string>(), glossaryTerm: new Set<string>() };

  /** @param origin whose vocabularies these are, for people; asked once something was read */
  constructor(context: RunContext, origin: () => string) {
    this.#context = context;
    this.#origin = origin;
  }

  get #words(): Readonly<Record<Vocabulary, Words>> {
    return wordsOf(this.#origin());
  }

  /**
   * Tags that assets may carry: those of our classifications that the target has, and every other one. What this run was
   * not told of is there if an earlier run has put it there.
   */
  usable(fqn: string): boolean {
    if (this.#usable.has(fqn)) return true;
    if (this.#told.has(fqn)) return false;
    const { classification, labelClassification } = this.#context.desired;
    const holder = splitFqn(fqn)[0]!;
    const isOwn = holder === classification || holder === labelClassification || this.#toldClassifications.has(holder);
    return !isOwn || this.#remembered.tag.has(fqn);
  }

  /** Terms that assets may carry: those written in this run, and those of earlier runs where it tells nothing of them. */
  usableTerm(fqn: string): boolean {
    const seen = this.#context.scratch.seen('glossaryTerm', fqn);
    return seen === undefined ? this.#remembered.glossaryTerm.has(fqn) : seen === 'ok';
  }

  /** What this process was told of tags, for the others of its run. */
  get known(): KnownTags {
    return { told: [...this.#told], usable: [...this.#usable] };
  }

  /** Takes what another process of the run was told. */
  adopt({ told, usable }: KnownTags): void {
    for (const fqn of told) this.#told.add(fqn);
    for (const fqn of usable) this.#usable.add(fqn);
  }

  /** Reads what earlier runs have put there. Before the first asset, which is decided without waiting. */
  async recall(): Promise<void> {
    for (const entityType of ['tag', 'glossaryTerm'] as const) {
      for await (const { fqn, applied, deletedByUs } of this.#context.state.listAssets(entityType)) {
        if (applied && !deletedByUs) this.#remembered[entityType].add(fqn);
      }
    }
  }

  async handle(record: TagRecord): Promise<void> {
    if (!this.#context.desired.includeTags) return;
    const { target, state, desired } = this.#context;
    const vocabulary = record.vocabulary ?? 'classification';
    const holder = this.#holderOf(record);
    await this.#start(holder);
    const fqn = tagFqn(record, desired);
    if (this.#told.has(fqn)) return;
    this.#told.add(fqn);
    const raw = record.path.at(-1)!;
    const { name, displayName: original } = desired.naming.tag(raw);
    const displayName = record.displayName ?? original;
    const isAsTarget = vocabulary === 'ownClassification';
    const fallback = isAsTarget ? raw : `The ${this.#words[vocabulary].tag} “${raw}” of ${this.#origin()}.`;
    const description = record.description || fallback;
    if (isAsTarget && record.path.length === 1) return this.#classification(holder, record);
    const known = await state.getAsset('tag', fqn);
    if (!this.#held.has(fqn) && known?.applied) await this.#lookAgain(holder);
    const held = this.#held.get(fqn);
    try {
      if (!held || held.deleted) {
        const isOurs = known?.undone !== undefined && known.deletedByUs === true;
        if (isOurs && known.applied?.texts['description'] === textHash(description)) {
          return this.#done('kept', fqn, `undone with run ${known.undone}; the source has not changed it since`);
        }
        if (known?.applied && !isOurs) return this.#done('kept', fqn, 'a person removed it from OpenMetadata');
        await this.#ensureHolder(holder, vocabulary);
        if (this.#context.write) {
          const parent =
            record.path.length > (isAsTarget ? 2 : 1)
              ? tagFqn({ ...record, path: record.path.slice(0, -1) }, desired)
              : '';
          await this.#context.journal.note({ action: held ? 'restore' : 'create', entityType: 'tag', fqn });
          const stored = await target.createTag({
            classification: holder,
            ...(parent !== '' && { parent }),
            name,
            ...(displayName !== undefined && { displayName }),
            description,
          });
          await this.#remember(fqn, description, stored.id);
        }
        this.#usable.add(fqn);
        this.#done('create', fqn, 'not in OpenMetadata yet');
        return;
      }
      this.#usable.add(fqn);
      if (held.system) return this.#done('unchanged', fqn, 'a tag of the server itself');
      await this.#describe(fqn, description, held);
    } catch (error) {
      if (this.#context.signal.aborted) throw error;
      this.#context.failed('tag', fqn, error);
    }
  }

  async #describe(fqn: string, description: string, held: TargetTag): Promise<void> {
    const { target, state, policy } = this.#context;
    const known = await state.getAsset('tag', fqn);
    const isSame = known?.applied?.texts['description'] === textHash(description);
    if (known?.undone !== undefined && !known.deletedByUs && isSame) {
      return this.#done('kept', fqn, `undone with run ${known.undone}; the source has not changed it since`);
    }
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
        const [before, after] = [{ description: held.description }, { description: merged.write }];
        await this.#context.journal.note({
          action: 'update',
          entityType: 'tag',
          fqn,
          targetId: held.id,
          before,
          after,
        });
        await target.describeTag(held.id, merged.write, held.description);
        await this.#remember(fqn, merged.write, held.id);
      }
      this.#done('update', fqn, 'changed at the source', merged.change);
      return;
    }
    if (this.#context.write && !known && merged.ours !== undefined) await this.#remember(fqn, description, held.id);
    this.#done(merged.change ? 'kept' : 'unchanged', fqn, 'in step', merged.change);
  }

  #holderOf({ vocabulary, path }: TagRecord): string {
    const { classification, labelClassification, naming } = this.#context.desired;
    if (vocabulary === 'ownClassification') return naming.tag(path[0]!).name;
    return vocabulary === 'label' ? labelClassification : classification;
  }

  /** A classification that the target shall have as the source has it. One that a person has deleted stays so. */
  async #classification(name: string, record: TagRecord): Promise<void> {
    this.#toldClassifications.set(name, record);
    const { state, write } = this.#context;
    const isThere = this.#holders.get(name) === 'there';
    const known = await state.getAsset('tag', name);
    const action = isThere ? 'unchanged' : 'kept';
    if (isThere || known?.applied) {
      const reason = isThere ? 'in step' : 'a person removed it from OpenMetadata';
      return this.#context.done({ action, entityType: 'classification', fqn: name, reason, fields: [] });
    }
    try {
      await this.#ensureHolder(name, 'ownClassification');
      if (write) await this.#remember(name, record.description, name);
    } catch (error) {
      if (this.#context.signal.aborted) throw error;
      this.#context.failed('classification', name, error);
    }
  }

  async #start(name: string): Promise<void> {
    if (this.#started.has(name)) return;
    this.#started.add(name);
    const { target } = this.#context;
    const found = await target.findClassification(name);
    this.#holders.set(name, found ? (found.deleted ? 'deleted' : 'there') : 'missing');
    if (!found) return;
    for await (const tag of target.listTags(name)) this.#held.set(tag.fqn, tag);
  }

  /** Another process of the run may have made a tag since this one has listed them. */
  async #lookAgain(holder: string): Promise<void> {
    if (this.#context.part?.work !== 'assets') return;
    for await (const tag of this.#context.target.listTags(holder)) this.#held.set(tag.fqn, tag);
    this.#holders.set(holder, 'there');
  }

  /** Makes a classification, or brings it back, for a tag that is to be made in it. */
  async #ensureHolder(name: string, vocabulary: Vocabulary): Promise<void> {
    const held = this.#holders.get(name);
    if (held === 'there') return;
    this.#holders.set(name, 'there');
    const { target, journal, state, undone, write } = this.#context;
    const action = held === 'deleted' ? 'restore' : 'create';
    if (write) {
      await journal.note({ action, entityType: 'classification', fqn: name });
      const told = this.#toldClassifications.get(name);
      const displayName = told?.displayName ?? this.#context.desired.naming.tag(told?.path[0] ?? name).displayName;
      await target.createClassification(name, told?.description ?? this.#words[vocabulary].holder, {
        ...(displayName !== undefined && { displayName }),
        ...(told?.mutuallyExclusive && { mutuallyExclusive: true }),
      });
      if (undone.any) await state.setMeta(undoneKey('classification', name), undefined);
    }
    const { reason } = this.#words[vocabulary];
    this.#context.done({ action, entityType: 'classification', fqn: name, reason, fields: [] });
  }

  async #remember(fqn: string, description: string, targetId: string): Promise<void> {
    await this.#context.state.putAsset({
      entityType: 'tag',
      fqn,
      sourceId: fqn,
      targetId,
      applied: { texts: { description: textHash(description) }, labels: {} },
    });
  }

  #done(action: Change['action'], fqn: string, reason: string, field?: FieldChange): void {
    this.#context.done({ action, entityType: 'tag', fqn, reason, fields: field ? [field] : [] });
  }
}
