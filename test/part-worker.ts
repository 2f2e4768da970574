import { text } from 'node:stream/consumers';
import { finishRun, ingestPartition, planPartitions } from '../src/index.ts';
import { heapThrift } from '../src/workflow/heap-thrift.ts';

/** One step of a run in several processes, as a task of a scheduler does it: JSON in, JSON out. */
type Step =
  | { readonly step: 'plan'; readonly args: Parameters<typeof planPartitions> }
  | { readonly step: 'ingest'; readonly args: Parameters<typeof ingestPartition> }
  | { readonly step: 'finish'; readonly args: Parameters<typeof finishRun> };

const options = { onProgress: heapThrift() };

async function outcome({ step, args }: Step): Promise<unknown> {
  switch (step) {
    case 'plan':
      return planPartitions(args[0], options);
    case 'ingest':
      return ingestPartition(args[0], args[1], options);
    case 'finish':
      return finishRun(args[0], args[1], args[2], options);
  }
}

process.stdout.write(JSON.stringify(await outcome(JSON.parse(await text(process.stdin)) as Step)));
