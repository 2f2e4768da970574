import { text } from 'node:stream/consumers';
import { finishRun, ingestPartition, planPartitions } from '../src/index.ts';

/** One step of a run in several processes, as a task of a scheduler does it: JSON in, JSON out. */
type Step =
  | { readonly step: 'plan'; readonly args: Parameters<typeof planPartitions> }
  | { readonly step: 'ingest'; readonly args: Parameters<typeof ingestPartition> }
  | { readonly step: 'finish'; readonly args: Parameters<typeof finishRun> };

async function outcome(told: Step): Promise<unknown> {
  switch (told.step) {
    case 'plan':
      return planPartitions(...told.args);
    case 'ingest':
      return ingestPartition(...told.args);
    case 'finish':
      return finishRun(...told.args);
  }
}

process.stdout.write(JSON.stringify(await outcome(JSON.parse(await text(process.stdin)) as Step)));
