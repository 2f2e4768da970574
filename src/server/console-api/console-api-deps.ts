import type { Engine } from '../../engine/engine.ts';
import type { RunHistory } from '../../engine/run-history.ts';
import { ServerError } from '../server-error.ts';

export interface ConsoleApiDeps {
  readonly engine: Engine;
  /** What only an engine with a history of its own has. */
  readonly history?: RunHistory | undefined;
  /** Environment that recipes are checked with. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** @throws ServerError `console.no-history` */
export function historyOf({ history, engine }: ConsoleApiDeps): RunHistory {
  if (history) return history;
  throw new ServerError('console.no-history', `The engine ${engine.name} keeps no history that could show this.`, {
    status: 404,
    help: 'Its own pages show runs and logs; plans, comparisons and replays need the embedded engine.',
  });
}
