import type { PipelineDetails, RunRecord } from '../engine/run-history.ts';
import type { MailMessage } from './mail.ts';

/** What a webhook is sent: stable, like the names of the states. */
export interface RunNotice {
  readonly event: 'run.failed';
  /** For people; what chat services show. */
  readonly text: string;
  readonly pipeline: {
    readonly id: string;
    readonly name: string;
    readonly fqn?: string;
    readonly owner?: string;
  };
  readonly run: {
    readonly id: string;
    readonly state: string;
    readonly trigger: string;
    readonly attempt: number;
    readonly startedAt?: string;
    readonly endedAt?: string;
    readonly reason?: string;
    /** Where the console shows it. */
    readonly url?: string;
  };
}

export function runNotice(run: RunRecord, pipeline: PipelineDetails, publicUrl: string | undefined): RunNotice {
  // A line break in a name would begin a line of the message, or a header.
  const name = (pipeline.displayName ?? pipeline.id).replace(/\s+/g, ' ');
  const tries = run.attempt > 1 ? ` after ${run.attempt} tries` : '';
  const { startedAt, endedAt, reason } = run;
  const url =
    publicUrl &&
    `${publicUrl.replace(/\/+$/, '')}/pipelines/${encodeURIComponent(pipeline.id)}/runs/${encodeURIComponent(run.runId)}`;
  return {
    event: 'run.failed',
    text: `${name} has failed${tries}${reason === undefined ? '.' : `: ${reason}`}${url ? ` ${url}` : ''}`,
    pipeline: {
      id: pipeline.id,
      name,
      ...(pipeline.fqn !== undefined && { fqn: pipeline.fqn }),
      ...(pipeline.owner !== undefined && { owner: pipeline.owner }),
    },
    run: {
      id: run.runId,
      state: run.state,
      trigger: run.trigger,
      attempt: run.attempt,
      ...(startedAt !== undefined && { startedAt }),
      ...(endedAt !== undefined && { endedAt }),
      ...(reason !== undefined && { reason }),
      ...(url && { url }),
    },
  };
}

export function noticeMail({ pipeline, run, text }: RunNotice, to: readonly string[]): MailMessage {
  const lines = [
    text,
    '',
    `Pipeline: ${pipeline.name} (${pipeline.fqn ?? pipeline.id})`,
    `Run:      ${run.id}, by ${run.trigger}, try ${run.attempt}`,
    ...(run.startedAt === undefined ? [] : [`Began:    ${run.startedAt}`]),
    ...(run.endedAt === undefined ? [] : [`Ended:    ${run.endedAt}`]),
  ];
  return {
    to,
    subject: `Meridian: ${pipeline.name} has failed`.slice(0, 150),
    text: lines.join('\n'),
  };
}
