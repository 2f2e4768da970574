import type { Engine } from '../engine/engine.ts';
import type { EngineEvents, RunHistory } from '../engine/run-history.ts';
import { ConfigurationError } from '../errors.ts';
import type { ServeSettings } from './settings/serve-settings.ts';

export interface OpenedEngine {
  readonly engine: Engine;
  readonly history: RunHistory | undefined;
  readonly events: EngineEvents | undefined;
}

/**
 * Opens what runs the pipelines.
 *
 * @throws ConfigurationError `serve.no-such-engine`, and what the engine says
 */
export async function openEngine({
  settings,
  home,
  env,
}: {
  readonly settings: ServeSettings;
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}): Promise<OpenedEngine> {
  if (settings.engine === 'airflow') {
    throw new ConfigurationError('serve.no-such-engine', 'This release cannot run pipelines on an Airflow.', {
      help: 'Leave --engine out: the embedded engine runs them here. “meridian airflow” makes DAGs of recipes.',
    });
  }
  const { EmbeddedEngine } = await import('../engine/embedded/embedded-engine.ts');
  const engine = await EmbeddedEngine.open({ home, env, ...(settings.runs && { settings: settings.runs }) });
  return { engine, history: engine.history, events: engine.history };
}
