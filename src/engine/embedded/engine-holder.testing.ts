/**
 * A process that holds an engine, to be killed: it does what its parent asks, and tells what the engine has promised.
 * Arguments: the engine's home, when its clock began (epoch milliseconds), and how many times as fast it goes.
 */
import type { PipelineDefinition, PipelineRun } from '../engine.ts';
import { EmbeddedEngine } from './embedded-engine.ts';
import type { EngineSettings } from './engine-settings.ts';

export type HolderOrder =
  | { readonly type: 'deploy'; readonly pipeline: PipelineDefinition }
  | { readonly type: 'trigger'; readonly pipelineId: string }
  | { readonly type: 'stop'; readonly pipelineId: string }
  | { readonly type: 'pause'; readonly pipelineId: string }
  | { readonly type: 'status'; readonly pipelineId: string };

export type HolderWord =
  | { readonly type: 'ready' }
  | { readonly type: 'deployed' }
  | { readonly type: 'triggered'; readonly pipelineId: string; readonly runId: string }
  | { readonly type: 'stopped'; readonly count: number }
  | { readonly type: 'paused' }
  | { readonly type: 'status'; readonly runs: readonly PipelineRun[] }
  /** Somebody has seen these lines of a run's log. */
  | { readonly type: 'lines'; readonly pipelineId: string; readonly runId: string; readonly text: string };

const [home, began, speed] = process.argv.slice(2);
const start = Number(began);
const settings: Partial<EngineSettings> = { maxRuns: 4, stopGraceSeconds: 2, maxLosses: 1000 };
const engine = await EmbeddedEngine.open({
  home: home!,
  settings,
  now: () => Math.round(start + (Date.now() - start) * Number(speed)),
});

function say(word: HolderWord): void {
  if (process.connected) process.send!(word);
}

async function showLog(pipelineId: string, runId: string): Promise<void> {
  for await (const event of engine.history.follow({ runId })) {
    if (event.type === 'log') say({ type: 'lines', pipelineId, runId, text: event.text });
  }
}

engine.history.onTransition(({ run }) => {
  if (run.state === 'running') void showLog(run.pipelineId, run.runId);
});

async function obey(order: HolderOrder): Promise<HolderWord> {
  switch (order.type) {
    case 'deploy':
      await engine.deploy({ pipeline: order.pipeline });
      return { type: 'deployed' };
    case 'trigger': {
      const { pipelineId } = order;
      return { type: 'triggered', pipelineId, ...(await engine.trigger({ pipelineId })) };
    }
    case 'stop':
      return { type: 'stopped', count: await engine.stop({ pipelineId: order.pipelineId }) };
    case 'pause':
      await engine.disable({ pipelineId: order.pipelineId });
      return { type: 'paused' };
    case 'status':
      return { type: 'status', runs: await engine.status({ pipelineId: order.pipelineId, limit: 1000 }) };
  }
}

process.on('message', (order: HolderOrder) => void obey(order).then(say));
process.on('disconnect', () => process.exit());
say({ type: 'ready' });
