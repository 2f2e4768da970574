import type { LoadedRecipe } from '../../config/load-recipe.ts';
import { OpenMetadataClient } from '../../openmetadata/openmetadata-client.ts';
import type { RunReport } from '../report.ts';
import { StatusReporter } from '../status-reporter.ts';

/** Tells OpenMetadata how a run has ended, without opening anything else of it. What fails here is a warning. */
export async function tellEnd(
  { settings, redactor }: LoadedRecipe,
  report: RunReport,
  warn: (message: string) => void,
): Promise<void> {
  const fqn = settings.ingestionPipelineFqn;
  if (fqn === undefined) return;
  const redact = (text: string): string => redactor.redact(text);
  const client = new OpenMetadataClient(settings.openMetadata, { redact, learn: (secret) => redactor.learn(secret) });
  try {
    await client.connect(new AbortController().signal);
    const { statusSteps } = client.capabilities;
    await new StatusReporter({ client, fqn, report, withSteps: statusSteps, warn }).ended(report);
  } catch (error) {
    const reason = redact(error instanceof Error ? error.message : String(error));
    warn(`The end of this run could not be told to OpenMetadata (${fqn}): ${reason}`);
  } finally {
    await client.close();
  }
}
