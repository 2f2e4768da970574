import { AuthenticationError, ConnectionError } from '../../errors.ts';
import { buildFqn } from '../../model/fqn.ts';
import type { LabelProposal } from '../../openmetadata/label-proposal.ts';
import type { ProfiledTables } from '../../openmetadata/profiled-tables.ts';
import { findPersonalData, type PersonalData } from '../../profiler/personal-data/find-personal-data.ts';
import type { SampleRows } from '../../profiler/profiling-engine.ts';
import type { StateStore } from '../../state/state-store.ts';
import { hasLabel } from './label-rules.ts';
import type { ProfileLedger } from './profile-ledger.ts';
import type { TablePlan } from './table-plan.ts';

interface Parts {
  readonly classify: { readonly confidence: number; readonly language: string };
  readonly maskedTags: readonly string[];
  readonly tables: ProfiledTables;
  readonly ledger: ProfileLedger;
  readonly state: StateStore;
}

/** Prefix of what is remembered of a column: what was proposed once is never proposed again, whatever became of it. */
const memory = 'proposed.';

/** Looks for personal data in columns of which nobody has said anything yet, and proposes labels for them. */
export class LabelProposer {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** What columns probably hold, as sure as the recipe wants it. Values are only looked at. */
  look(plan: TablePlan, rows: SampleRows | undefined): readonly PersonalData[] {
    const { confidence, language } = this.#parts.classify;
    const unsaid = new Set(
      plan.listed.columns.filter(({ ownLabels }) => !isSaid(ownLabels)).map((each) => each.sourceName),
    );
    const columns = plan.table.columns.filter(({ name }) => unsaid.has(name));
    const looked = columns.map(({ name, dataType }) => {
      const index = rows?.columns.indexOf(name) ?? -1;
      return { name, dataType, values: index < 0 ? [] : rows!.rows.map((row) => row[index]) };
    });
    return findPersonalData(looked, language).filter((found) => found.confidence >= confidence);
  }

  /** Columns of which no value may leave, now that this is known. */
  hidden(found: readonly PersonalData[]): readonly string[] {
    return found.filter(({ tag }) => hasLabel([tag], this.#parts.maskedTags)).map(({ column }) => column);
  }

  async propose(plan: TablePlan, found: readonly PersonalData[]): Promise<void> {
    for (const each of found) await this.#propose(plan, each);
  }

  async #propose(plan: TablePlan, { column, kind, tag, confidence, because }: PersonalData): Promise<void> {
    const { state, tables, ledger } = this.#parts;
    const name = plan.targetNames.get(column) ?? column;
    const fqn = `${plan.listed.fqn}.${buildFqn([name])}`;
    const told = { entityType: 'tagSuggestion', fqn, fields: [] } as const;
    if ((await state.getMeta(`${memory}${fqn}`)) !== undefined) {
      ledger.done({ ...told, action: 'unchanged', reason: 'was proposed before' });
      return;
    }
    const reason = `${tag}: looks like ${kind}, by ${because} (${confidence} %)`;
    const proposal: LabelProposal = { column: name, tagFqn: tag, reason };
    try {
      if (!(await tables.proposeLabel(plan.listed, proposal))) {
        ledger.done({ ...told, action: 'kept', reason: 'somebody has said what it holds' });
        return;
      }
      await state.setMeta(`${memory}${fqn}`, tag);
      ledger.done({ ...told, action: 'create', reason });
    } catch (error) {
      if (error instanceof AuthenticationError || error instanceof ConnectionError) throw error;
      ledger.failed('tagSuggestion', fqn, error, tables.describeProposal(plan.listed, proposal));
    }
  }
}

/** A label of the same vocabulary, also one that says that there is nothing personal in it. */
function isSaid(labels: readonly string[]): boolean {
  return hasLabel(labels, ['PII']);
}
