import { dirname, join } from 'node:path';
import { version } from '../cli/version.ts';
import type { Redactor } from '../config/redactor.ts';
import type { AirflowSignIn } from '../engine/airflow/airflow-client.ts';
import type { Engine } from '../engine/engine.ts';
import type { EngineEvents, RunHistory } from '../engine/run-history.ts';
import { ConfigurationError } from '../errors.ts';
import type { AirflowServeSettings, ServeSettings } from './settings/serve-settings.ts';

export interface OpenedEngine {
  readonly engine: Engine;
  readonly history: RunHistory | undefined;
  readonly events: EngineEvents | undefined;
}

/**
 * Opens what runs the pipelines.
 *
 * @throws ConfigurationError `serve.no-airflow`, and what the engine says
 */
export async function openEngine({
  settings,
  home,
  env,
  redactor,
}: {
  readonly settings: ServeSettings;
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Learns the tokens that an engine gets. */
  readonly redactor: Redactor;
}): Promise<OpenedEngine> {
  if (settings.engine === 'airflow') {
    if (settings.airflow === undefined) {
      throw new ConfigurationError('serve.no-airflow', 'It is not said which Airflow runs the pipelines.', {
        help: 'Put airflow: {url: …, dags: …} into the settings file (--settings); “meridian schema serve” has its keys.',
      });
    }
    const { AirflowEngine } = await import('../engine/airflow/airflow-engine.ts');
    const { url, dags, bundles, command, parseTimeoutSeconds } = settings.airflow;
    const engine = await AirflowEngine.open({
      url,
      signIn: signInOf(settings.airflow),
      learn: (secret) => redactor.learn(secret),
      redact: (text) => redactor.redact(text),
      dags,
      bundles: bundles ?? join(dirname(dags), 'meridian-bundles'),
      version: version(),
      env,
      ...(command && { command }),
      ...(parseTimeoutSeconds !== undefined && { parseTimeoutSeconds }),
    });
    return { engine, history: engine.history, events: undefined };
  }
  const { EmbeddedEngine } = await import('../engine/embedded/embedded-engine.ts');
  const engine = await EmbeddedEngine.open({ home, env, ...(settings.runs && { settings: settings.runs }) });
  return { engine, history: engine.history, events: engine.history };
}

function signInOf({ username, password = '', token }: AirflowServeSettings): AirflowSignIn {
  if (token !== undefined) return { kind: 'token', token };
  return username === undefined ? { kind: 'anybody' } : { kind: 'password', username, password };
}
