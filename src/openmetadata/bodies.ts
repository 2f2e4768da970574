import type { PipelineRun } from '../workflow/target.ts';

/**
 * Bodies of the requests that write, by the server's version. Unknown keys are refused by 1.1 and silently dropped by
 * later servers, so each version gets exactly its own keys.
 */
export type Body = Readonly<Record<string, unknown>>;

/** Both name and description are mandatory. */
export interface TargetClassification {
  readonly name: string;
  readonly displayName?: string;
  readonly description: string;
}

export interface TargetTag extends TargetClassification {
  /** FQN of the classification. */
  readonly classification: string;
  /** FQN of the tag above, for a nested tag. */
  readonly parent?: string;
}

export function classificationBody({ name, displayName, description }: TargetClassification): Body {
  // The server refuses an empty description here, unlike anywhere else.
  return { name, ...(displayName !== undefined && { displayName }), description: description || name };
}

export function tagBody(input: TargetTag): Body {
  return {
    ...classificationBody(input),
    classification: input.classification,
    ...(input.parent !== undefined && { parent: input.parent }),
  };
}

/** One run of a pipeline; times are epoch milliseconds. */
export function pipelineRunBody({ timestamp, outcome, tasks }: PipelineRun): Body {
  return {
    timestamp,
    executionStatus: outcome,
    taskStatus: tasks.map((task) => ({
      name: task.name,
      executionStatus: task.outcome,
      ...(task.startTime !== undefined && { startTime: task.startTime }),
      ...(task.endTime !== undefined && { endTime: task.endTime }),
    })),
  };
}
