import type { LoadedRecipe } from '../config/load-recipe.ts';
import { OpenMetadataClient } from '../openmetadata/openmetadata-client.ts';

export interface LostRun {
  /** Epoch milliseconds. */
  readonly startedAt: number;
  /** Epoch milliseconds. */
  readonly endedAt: number;
  /** Why it ended, for people. */
  readonly reason: string;
}

/**
 * Tells OpenMetadata that a run has failed whose process could not say so itself, or it would stay “running” there for good.
 * What the run has told of its end is left as it is.
 *
 * @returns false where there is nothing to tell, or nobody
 * @throws AuthenticationError, ConnectionError, ResponseError
 */
export async function tellLost({ settings, redactor }: LoadedRecipe, lost: LostRun): Promise<boolean> {
  const { ingestionPipelineFqn: fqn, pipelineRunId: runId } = settings;
  if (fqn === undefined || runId === undefined) return false;
  const client = new OpenMetadataClient(settings.openMetadata, {
    redact: (text) => redactor.redact(text),
    learn: (secret) => redactor.learn(secret),
  });
  const { signal } = new AbortController();
  try {
    await client.connect(signal);
    if (!(await client.getIngestionPipeline(fqn, signal))) return false;
    const told = await client.getPipelineStatus(fqn, runId, signal);
    if (told && told.pipelineState !== 'running' && told.pipelineState !== 'queued') return false;
    const startDate = told?.startDate ?? lost.startedAt;
    const failure = { name: runId, error: redactor.redact(lost.reason) };
    const counts = { records: 0, updated_records: 0, warnings: 0, errors: 1, filtered: 0 };
    await client.putPipelineStatus(fqn, {
      runId,
      pipelineState: 'failed',
      startDate,
      timestamp: told?.timestamp ?? startDate,
      endDate: lost.endedAt,
      status: [{ name: 'Meridian', ...counts, failures: [failure] }],
    });
    return true;
  } finally {
    await client.close();
  }
}
