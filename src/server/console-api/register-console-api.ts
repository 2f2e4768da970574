import type { FastifyInstance } from 'fastify';
import type { Engine } from '../../engine/engine.ts';

export interface ConsoleApiDeps {
  readonly engine: Engine;
}

/** The console's routes, all below `/api/console`. Who may use one stands in its `config.role`. */
export async function registerConsoleApi(_app: FastifyInstance, _deps: ConsoleApiDeps): Promise<void> {}
