import type { PipelineRecord, PipelineRunRecord } from '../../model/records.ts';
import { rawName } from './name-paths.ts';

type Outcome = PipelineRunRecord['outcome'];

interface Status {
  readonly timestamp?: number;
  readonly executionStatus?: string;
  readonly taskStatus?: readonly {
    readonly name: string;
    readonly executionStatus?: string;
    readonly startTime?: number;
    readonly endTime?: number;
  }[];
}

const outcomes: readonly string[] = ['Successful', 'Failed', 'Pending'] satisfies readonly Outcome[];

function isOutcome(text: string | undefined): text is Outcome {
  return text !== undefined && outcomes.includes(text);
}

/** The last run of a pipeline, of its `pipelineStatus`; undefined where it has none. Tasks that were skipped are left out. */
export function runRecord({ path, tasks, provenance }: PipelineRecord, status: unknown): PipelineRunRecord | undefined {
  const { timestamp, executionStatus, taskStatus = [] } = (status ?? {}) as Status;
  if (timestamp === undefined || !isOutcome(executionStatus)) return undefined;
  const known = new Set(tasks.map(({ name }) => name));
  return {
    kind: 'pipelineRun',
    path,
    timestamp,
    outcome: executionStatus,
    tasks: taskStatus.flatMap(({ name, executionStatus: outcome, startTime, endTime }) =>
      isOutcome(outcome) && known.has(rawName(name))
        ? [
            {
              name: rawName(name),
              outcome,
              ...(startTime != null && { startTime }),
              ...(endTime != null && { endTime }),
            },
          ]
        : [],
    ),
    provenance: {
      id: `${provenance.id} ${timestamp}`,
      typeName: 'pipelineStatus',
      qualifiedName: `${provenance.qualifiedName} at ${timestamp}`,
    },
  };
}
