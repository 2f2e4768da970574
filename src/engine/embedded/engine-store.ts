import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { ConfigurationError } from '../../errors.ts';
import { Statements } from '../../sqlite/statements.ts';
import type { PipelineDefinition, PipelineState, RunTrigger } from '../engine.ts';
import type { RunCounts, RunKind, RunRecord } from '../run-history.ts';
import { type RunRow, runOf, type StoredRun } from './run-row.ts';
import type { SecretBox } from './secret-box.ts';

type Recipe = PipelineDefinition['recipe'];

/** All of a pipeline but its recipe, which stays sealed until a run needs it. */
export interface StoredPipeline {
  readonly definition: Omit<PipelineDefinition, 'recipe'>;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly updatedAt: number;
  /** Epoch milliseconds: times of the schedule up to here have been seen to. */
  readonly handledUntil: number;
}

export interface NewRun {
  readonly runId: string;
  readonly pipelineId: string;
  readonly kind: RunKind;
  readonly trigger: RunTrigger;
  readonly attempt: number;
  readonly losses: number;
  /** Epoch milliseconds. */
  readonly queuedAt: number;
  readonly logicalDate?: number | undefined;
  readonly notBefore?: number | undefined;
  readonly follows?: string | undefined;
  readonly conf?: Recipe | undefined;
}

export interface RunEnd {
  readonly state: PipelineState;
  /** Epoch milliseconds. */
  readonly endedAt: number;
  readonly reason?: string | undefined;
  readonly counts?: RunCounts | undefined;
}

/** Pipelines, queue and history of an engine, in its database. What it was told is on disk when a method returns. */
export class EngineStore {
  readonly #database: DatabaseSync;
  readonly #box: SecretBox;
  readonly #statements: Statements;

  constructor(database: DatabaseSync, box: SecretBox) {
    this.#database = database;
    this.#statements = new Statements(database);
    this.#box = box;
  }

  close(): void {
    this.#database.close();
  }

  /** All or nothing, and one write to the disk for all of it. */
  transaction<T>(work: () => T): T {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.#database.exec('COMMIT');
      return result;
    } catch (error) {
      this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  pipelines(): StoredPipeline[] {
    return this.#all('SELECT definition, created_at, updated_at, handled_until FROM pipelines ORDER BY id').map(
      (row) => ({
        definition: JSON.parse(String(row['definition'])),
        createdAt: Number(row['created_at']),
        updatedAt: Number(row['updated_at']),
        handledUntil: Number(row['handled_until']),
      }),
    );
  }

  savePipeline({ definition, createdAt, updatedAt, handledUntil }: StoredPipeline, recipe: Recipe): void {
    const { id } = definition;
    const sealed = this.#box.seal(JSON.stringify(recipe), recipeContext(id));
    this.#run(
      `INSERT INTO pipelines VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET definition = excluded.definition,
       recipe = excluded.recipe, updated_at = excluded.updated_at, handled_until = excluded.handled_until`,
      [id, JSON.stringify(definition), sealed, createdAt, updatedAt, handledUntil],
    );
  }

  /** @throws ConfigurationError `engine.wrong-key` when it cannot be opened */
  recipe(pipelineId: string): Recipe {
    const row = this.#get('SELECT recipe FROM pipelines WHERE id = ?', [pipelineId]);
    return this.#opened(row!['recipe'] as Uint8Array, recipeContext(pipelineId));
  }

  /** What was laid over the recipe for this run. */
  conf(runId: string): Recipe | undefined {
    const sealed = this.#get('SELECT conf FROM runs WHERE run_id = ?', [runId])?.['conf'];
    return sealed ? this.#opened(sealed as Uint8Array, confContext(runId)) : undefined;
  }

  setHandledUntil(pipelineId: string, until: number): void {
    this.#run('UPDATE pipelines SET handled_until = ? WHERE id = ?', [until, pipelineId]);
  }

  /** With all of its runs. */
  removePipeline(pipelineId: string): void {
    this.transaction(() => {
      this.#run('DELETE FROM runs WHERE pipeline_id = ?', [pipelineId]);
      this.#run('DELETE FROM pipelines WHERE id = ?', [pipelineId]);
    });
  }

  /** @returns undefined when there is a run for this time of the schedule already */
  enqueue(run: NewRun): StoredRun | undefined {
    const conf = run.conf && this.#box.seal(JSON.stringify(run.conf), confContext(run.runId));
    const { changes } = this.#run(
      `INSERT OR IGNORE INTO runs (run_id, pipeline_id, kind, state, trigger, attempt, losses, logical_date, queued_at,
       not_before, follows, conf) VALUES (?, ?, ?, 'queued', ?, ?, ?, ?, ?, ?, ?, ?)`,
      [
        run.runId,
        run.pipelineId,
        run.kind,
        run.trigger,
        run.attempt,
        run.losses,
        run.logicalDate ?? null,
        run.queuedAt,
        run.notBefore ?? null,
        run.follows ?? null,
        conf ?? null,
      ],
    );
    return changes === 0 ? undefined : this.run(run.runId);
  }

  /** From here on a process may be about to start. */
  markStarting(runId: string): void {
    this.#run(`UPDATE runs SET state = 'starting' WHERE run_id = ?`, [runId]);
  }

  /** @param start tells the process from a later one with the same id */
  markProcess(runId: string, processId: number, start: string | undefined): void {
    this.#run('UPDATE runs SET process_id = ?, process_start = ? WHERE run_id = ?', [processId, start ?? null, runId]);
  }

  markRunning(runId: string, startedAt: number): void {
    this.#run(`UPDATE runs SET state = 'running', started_at = ? WHERE run_id = ?`, [startedAt, runId]);
  }

  /** Somebody has asked for its end. */
  markStopping(runId: string): void {
    this.#run('UPDATE runs SET stopping = 1 WHERE run_id = ?', [runId]);
  }

  /** A run that had not begun goes back into the queue. */
  markQueued(runId: string): void {
    this.#run(`UPDATE runs SET state = 'queued', process_id = NULL, process_start = NULL WHERE run_id = ?`, [runId]);
  }

  endRun(runId: string, { state, endedAt, reason, counts }: RunEnd): void {
    this.#run(
      'UPDATE runs SET state = ?, ended_at = ?, reason = ?, counts = ?, conf = NULL, process_id = NULL WHERE run_id = ?',
      [state, endedAt, reason ?? null, counts ? JSON.stringify(counts) : null, runId],
    );
  }

  setCounts(runId: string, counts: RunCounts): void {
    this.#run('UPDATE runs SET counts = ? WHERE run_id = ?', [JSON.stringify(counts), runId]);
  }

  run(runId: string): StoredRun | undefined {
    const row = this.#get('SELECT * FROM runs WHERE run_id = ?', [runId]);
    return row && runOf(row);
  }

  /** In the order in which they were queued. */
  unfinished(): StoredRun[] {
    return this.#all('SELECT * FROM runs WHERE ended_at IS NULL ORDER BY sequence').map(runOf);
  }

  /** Newest first. */
  runs(params: {
    readonly pipelineId: string;
    readonly limit: number;
    readonly kinds?: readonly RunKind[] | undefined;
    readonly onlyQueued?: boolean | undefined;
    readonly before?: number | undefined;
  }): RunRecord[] {
    const { pipelineId, limit, kinds, onlyQueued, before } = params;
    const conditions = ['pipeline_id = ?'];
    const values: SQLInputValue[] = [pipelineId];
    if (kinds) conditions.push(`kind IN (${kinds.map(() => '?').join(', ')})`);
    values.push(...(kinds ?? []));
    if (onlyQueued) conditions.push(`state IN ('queued', 'starting')`);
    if (before !== undefined) conditions.push('sequence < ?');
    if (before !== undefined) values.push(before);
    const sql = `SELECT * FROM runs WHERE ${conditions.join(' AND ')} ORDER BY sequence DESC LIMIT ?`;
    return this.#all(sql, [...values, limit]).map((row) => runOf(row).record);
  }

  /** Ended runs of a pipeline that are beyond what is kept: not among the newest `keep`, or ended before `endedBefore`. */
  expired(
    pipelineId: string,
    { keep, endedBefore }: { readonly keep: number; readonly endedBefore: number },
  ): string[] {
    return this.#all(
      `SELECT run_id FROM (SELECT run_id, ended_at, row_number() OVER (ORDER BY sequence DESC) AS place FROM runs
       WHERE pipeline_id = ? AND ended_at IS NOT NULL) WHERE place > ? OR ended_at < ?`,
      [pipelineId, keep, endedBefore],
    ).map((row) => String(row['run_id']));
  }

  removeRuns(runIds: readonly string[]): void {
    this.transaction(() => {
      for (const runId of runIds) this.#run('DELETE FROM runs WHERE run_id = ?', [runId]);
    });
  }

  #opened(sealed: Uint8Array, context: string): Recipe {
    try {
      return JSON.parse(this.#box.open(sealed, context));
    } catch (cause) {
      throw wrongKey(cause);
    }
  }

  #run(sql: string, values: readonly SQLInputValue[]): { changes: number | bigint } {
    return this.#statements.of(sql).run(...values);
  }

  #get(sql: string, values: readonly SQLInputValue[]): RunRow | undefined {
    return this.#statements.of(sql).get(...values);
  }

  #all(sql: string, values: readonly SQLInputValue[] = []): RunRow[] {
    return this.#statements.of(sql).all(...values);
  }
}

const recipeContext = (pipelineId: string): string => `recipe of ${pipelineId}`;
const confContext = (runId: string): string => `conf of ${runId}`;

/** Nothing that was sealed opens. */
export function wrongKey(cause?: unknown): ConfigurationError {
  return new ConfigurationError('engine.wrong-key', 'The recipes kept here were sealed with another key.', {
    help: 'Set MERIDIAN_KEY to the key that they were sealed with, or put its file back. Without it they have to be deployed anew, in another MERIDIAN_HOME.',
    cause,
  });
}
