import type { PipelineRunRecord } from '../../model/records.ts';
import { runAttributes, runRecord } from './families/pipeline-record.ts';
import { related } from './map-entity.ts';
import { ownRuns } from './place-nodes.ts';
import type { NodeReading } from './read-nodes.ts';
import { reportProblem } from './search-pages.ts';
import { typeGroups } from './type-groups.ts';
import { systemAttributes } from './type-registry.ts';

const atOnce = 1_000;

/** The runs of pipelines that were told: executions of their processes, or the times that a process tells itself. */
export async function* readRuns(reading: NodeReading): AsyncGenerator<PipelineRunRecord> {
  const { reader, mapping, homes, spool, nodes, context } = reading;
  const told = function* (entity: Parameters<typeof runRecord>[0], processGuid: string): Generator<PipelineRunRecord> {
    const task = nodes.taskOf(processGuid);
    const run = task && runRecord(entity, task.path, task.task);
    if (run) yield run;
  };
  for (const processes of spool.takeAside(ownRuns, atOnce)) {
    for (const process of processes) yield* told(process, process.guid);
  }
  if (!nodes.hasPipelines()) return;
  const types = [...homes.all()].filter(([, { role }]) => role === 'run').map(([type]) => type);
  const wanted = (type: string): string[] => [...mapping.registry.common([type], runAttributes), ...systemAttributes];
  for (const { types: names, attributes } of typeGroups(types, wanted)) {
    try {
      for await (const page of reader.pages({ types: names, attributes }, 1, context.signal)) {
        reportProblem(page, 'pipelineRun', names.join(', '), context);
        for (const entity of page.entities) {
          const [process] = related(entity, 'process');
          if (entity.status !== 'DELETED' && process) yield* told(entity, process.guid);
        }
      }
    } catch (error) {
      context.signal.throwIfAborted();
      const message = error instanceof Error ? error.message : String(error);
      const name = names.join(', ');
      context.report({ outcome: 'failed', kind: 'pipelineRun', reason: 'partial-answer', name, message });
    }
  }
}
