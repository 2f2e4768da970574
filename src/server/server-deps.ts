import type { Engine } from '../engine/engine.ts';
import type { EngineEvents, RunHistory } from '../engine/run-history.ts';
import type { AccountSource } from './access/accounts.ts';
import type { ServiceDefaults } from './managed/service-defaults.ts';

/** What a server works with. */
export interface ServerDeps {
  readonly engine: Engine;
  /** What a console shows of runs. */
  readonly history?: RunHistory | undefined;
  /** What only the embedded engine has. */
  readonly events?: EngineEvents | undefined;
  /** Who may sign in, the first that knows a name decides. */
  readonly accounts: readonly AccountSource[];
  /** What is added to recipes of pipelines that OpenMetadata deploys. */
  readonly serviceDefaults?: ServiceDefaults;
  /** The OpenMetadata server of pipelines whose own secrets are out of reach, and a token of it. */
  readonly openMetadata?: { readonly hostPort?: string | undefined; readonly jwtToken?: string | undefined };
  /** Folder of everything that is kept. */
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}
