import { randomUUID } from 'node:crypto';
import type { DeployOutcome, Engine, PipelineDefinition, PipelineRun } from '../engine/engine.ts';
import { ConfigurationError } from '../errors.ts';

/**
 * A stand-in of an engine for tests of the server: it keeps pipelines and runs in memory, and runs nothing. A run waits
 * until the test says how it ended.
 */
export class FakeEngine implements Engine {
  readonly name = 'stand-in';
  readonly pipelines = new Map<string, PipelineDefinition>();
  readonly texts = new Map<string, string>();
  readonly #runs = new Map<string, PipelineRun[]>();

  async deploy({ pipeline }: { pipeline: PipelineDefinition }): Promise<DeployOutcome> {
    const before = this.pipelines.get(pipeline.id);
    if (before && before.fqn !== pipeline.fqn) {
      throw new ConfigurationError('engine.pipeline-taken', `${pipeline.id} belongs to ${before.fqn}.`);
    }
    this.pipelines.set(pipeline.id, pipeline);
    if (!before) return 'created';
    return JSON.stringify(before) === JSON.stringify(pipeline) ? 'unchanged' : 'updated';
  }

  async trigger({ pipelineId }: { pipelineId: string }): Promise<{ runId: string }> {
    const runId = randomUUID();
    const queuedAt = new Date().toISOString();
    const run: PipelineRun = { pipelineId, runId, state: 'queued', trigger: 'manual', attempt: 1, queuedAt };
    this.#runs.set(pipelineId, [run, ...this.#runsOf(pipelineId)]);
    return { runId };
  }

  /** The test's word on how the newest run stands. */
  settle(pipelineId: string, change: Partial<PipelineRun>): void {
    const [newest, ...rest] = this.#runsOf(pipelineId);
    this.#runs.set(pipelineId, [{ ...newest!, ...change }, ...rest]);
  }

  async stop({ pipelineId }: { pipelineId: string }): Promise<number> {
    const runs = this.#runsOf(pipelineId);
    const open = runs.filter(({ state }) => state === 'queued' || state === 'running');
    this.#runs.set(
      pipelineId,
      runs.map((run) => (open.includes(run) ? { ...run, state: 'stopped', endedAt: new Date().toISOString() } : run)),
    );
    return open.length;
  }

  async enable({ pipelineId }: { pipelineId: string }): Promise<void> {
    this.#change(pipelineId, { enabled: true });
  }

  async disable({ pipelineId }: { pipelineId: string }): Promise<void> {
    this.#change(pipelineId, { enabled: false });
  }

  async status({ pipelineId, limit = 10, onlyQueued = false }: Parameters<Engine['status']>[0]) {
    return this.#runsOf(pipelineId)
      .filter(({ state }) => !onlyQueued || state === 'queued')
      .slice(0, limit);
  }

  async logs({ pipelineId, after = '0', maxCharacters = 2_000_000 }: Parameters<Engine['logs']>[0]) {
    this.#runsOf(pipelineId);
    const whole = this.texts.get(pipelineId) ?? '';
    const end = Number(after) + maxCharacters;
    const text = whole.slice(Number(after), end);
    return { text, total: whole.length, ...(end < whole.length && { after: String(end) }) };
  }

  async delete({ pipelineId }: { pipelineId: string }): Promise<void> {
    this.#runsOf(pipelineId);
    this.pipelines.delete(pipelineId);
    this.#runs.delete(pipelineId);
  }

  async list() {
    return [...this.pipelines.values()].map(({ id, fqn, pipelineType, enabled, schedule }) => ({
      id,
      pipelineType,
      enabled,
      schedule,
      ...(fqn !== undefined && { fqn }),
    }));
  }

  async close(): Promise<void> {}

  #runsOf(pipelineId: string): PipelineRun[] {
    if (!this.pipelines.has(pipelineId)) {
      throw new ConfigurationError('engine.unknown-pipeline', `There is no pipeline ${pipelineId}.`);
    }
    return this.#runs.get(pipelineId) ?? [];
  }

  #change(pipelineId: string, change: Partial<PipelineDefinition>): void {
    this.#runsOf(pipelineId);
    this.pipelines.set(pipelineId, { ...this.pipelines.get(pipelineId)!, ...change });
  }
}
