import type { PipelineRunRecord } from '../model/records.ts';
import type { Change } from '../reconcile/change.ts';
import { assetFqn } from '../reconcile/target-naming.ts';
import type { RunContext } from './run-context.ts';

/** Runs of pipelines: each is told once, by its time; the target keeps one for a time. */
export class PipelineRunStage {
  readonly #context: RunContext;

  constructor(context: RunContext) {
    this.#context = context;
  }

  async handle(record: PipelineRunRecord): Promise<void> {
    const { state, scratch, desired, lazy } = this.#context;
    const fqn = assetFqn({ kind: 'pipeline', path: record.path }, desired.naming);
    const isThere = scratch.seen('pipeline', fqn) === 'ok' || (lazy && (await state.getAsset('pipeline', fqn)));
    if (!isThere) return this.#done('skipped', fqn, 'the pipeline is not in OpenMetadata', record);
    const key = `pipelineRun.${fqn}`;
    const last = Number((await state.getMeta(key)) ?? 0);
    if (record.timestamp <= last) return this.#done('unchanged', fqn, 'told already', record);
    await this.#context.pool.add(() => this.#run(record, fqn, key));
  }

  async #run(record: PipelineRunRecord, fqn: string, key: string): Promise<void> {
    const { state, target, write, desired } = this.#context;
    try {
      if (write) {
        const tasks = record.tasks.map((task) => ({ ...task, name: desired.naming.entity(task.name).name }));
        await this.#context.journal.note({ action: 'create', entityType: 'pipelineRun', fqn });
        await target.putPipelineRun(fqn, { ...record, tasks });
        const last = Number((await state.getMeta(key)) ?? 0);
        if (record.timestamp > last) await state.setMeta(key, String(record.timestamp));
      }
      this.#done(
        'create',
        fqn,
        `${record.outcome.toLowerCase()} at ${new Date(record.timestamp).toISOString()}`,
        record,
      );
    } catch (error) {
      if (this.#context.signal.aborted) throw error;
      this.#context.failed('pipelineRun', fqn, error);
    }
  }

  #done(action: Change['action'], fqn: string, reason: string, { provenance }: PipelineRunRecord): void {
    this.#context.done({ action, entityType: 'pipelineRun', fqn, reason, fields: [], provenance });
  }
}
