import { buildFqn, splitFqn } from '../model/fqn.ts';
import type { EntityReference, PipelineStatus, StepSummary } from '../openmetadata/entities.ts';
import type { OpenMetadataClient } from '../openmetadata/openmetadata-client.ts';
import type { RunReport, StageCounts } from './report.ts';

const shownFailures = 10;

interface ReportedPipeline {
  /** OpenMetadata's `pipelineType`. */
  readonly type: 'metadata' | 'profiler' | 'autoClassification';
  /** `sourceConfig.config.type` */
  readonly config: string;
}

/** Services that a pipeline may belong to. */
const serviceTypes = ['metadataService', 'databaseService'] as const;

/**
 * Tells the OpenMetadata server how a run stands, when the recipe names an ingestion pipeline. Its failures are
 * warnings: they never fail the run.
 */
export class StatusReporter {
  readonly #client: OpenMetadataClient;
  readonly #fqn: string | undefined;
  readonly #report: RunReport;
  readonly #withSteps: boolean;
  readonly #pipeline: ReportedPipeline;
  readonly #warn: (message: string) => void;
  #ready = false;

  constructor(options: {
    readonly client: OpenMetadataClient;
    /** FQN of the ingestion pipeline; undefined to tell nobody. */
    readonly fqn: string | undefined;
    readonly report: RunReport;
    /** Servers from 1.3 on take counts by step. */
    readonly withSteps: boolean;
    /** What the ingestion pipeline is, where it has to be made; one of metadata unless set. */
    readonly pipeline?: ReportedPipeline;
    readonly warn: (message: string) => void;
  }) {
    this.#client = options.client;
    this.#fqn = options.fqn;
    this.#report = options.report;
    this.#withSteps = options.withSteps;
    this.#pipeline = options.pipeline ?? { type: 'metadata', config: 'DatabaseMetadata' };
    this.#warn = options.warn;
  }

  async started(): Promise<void> {
    await this.#send('running', {});
  }

  async ended(report: RunReport): Promise<void> {
    // "stopped" is known from 1.12 on only; older servers know it as a failure.
    const state = report.state === 'stopped' ? 'failed' : report.state;
    await this.#send(state, {
      endDate: Date.parse(report.endedAt),
      ...(this.#withSteps && { status: this.#steps(report) }),
    });
  }

  async #send(pipelineState: PipelineStatus['pipelineState'], more: Partial<PipelineStatus>): Promise<void> {
    if (this.#fqn === undefined || this.#report.command === 'plan') return;
    const startDate = Date.parse(this.#report.startedAt);
    const { runId } = this.#report;
    try {
      if (!(await this.#ensure(this.#fqn))) {
        // On a first run the service may not be there yet: the end of the run tells its status then.
        if (pipelineState !== 'running')
          this.#warn(`OpenMetadata has no service for the ingestion pipeline ${this.#fqn}.`);
        return;
      }
      await this.#client.putPipelineStatus(this.#fqn, {
        runId,
        pipelineState,
        startDate,
        timestamp: startDate,
        ...more,
      });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#warn(`The status of this run could not be told to OpenMetadata (${this.#fqn}): ${reason}`);
    }
  }

  /** Makes the pipeline under its service where it is missing. @returns false while there is no such service */
  async #ensure(fqn: string): Promise<boolean> {
    if (this.#ready) return true;
    // A status is told also when the run itself was stopped.
    const { signal } = new AbortController();
    if (!(await this.#client.getIngestionPipeline(fqn, signal))) {
      const parts = splitFqn(fqn);
      const service = parts.length === 2 ? await this.#service(buildFqn(parts.slice(0, 1)), signal) : undefined;
      if (!service) return false;
      await this.#client.createIngestionPipeline(
        {
          name: parts[1]!,
          service,
          pipelineType: this.#pipeline.type,
          sourceConfig: { type: this.#pipeline.config },
        },
        signal,
      );
    }
    this.#ready = true;
    return true;
  }

  async #service(fqn: string, signal: AbortSignal): Promise<EntityReference | undefined> {
    for (const type of serviceTypes) {
      const found = await this.#client.getByName(type, fqn, {}, signal);
      if (found) return { id: found.id, type };
    }
    return undefined;
  }

  #steps(report: RunReport): StepSummary[] {
    const stages = Object.values(report.stages);
    const sum = (key: keyof StageCounts): number => stages.reduce((n, stage) => n + stage[key], 0);
    const failures = report.failures.slice(0, shownFailures).map(({ name, message }) => ({ name, error: message }));
    const written = sum('created') + sum('updated') + sum('restored');
    return [
      {
        name: report.source.type,
        records: sum('read'),
        updated_records: 0,
        warnings: report.warnings.length,
        errors: 0,
        filtered: sum('filtered'),
        failures: [],
      },
      {
        name: 'OpenMetadata',
        records: written,
        updated_records: sum('updated'),
        warnings: 0,
        errors: report.failureCount,
        filtered: 0,
        failures,
      },
    ];
  }
}
