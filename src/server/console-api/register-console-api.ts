import type { FastifyInstance } from 'fastify';
import type { ServerDeps } from '../server-deps.ts';

/** The console's routes, all below `/api/console`. Who may use one stands in its `config.role`. */
export async function registerConsoleApi(_app: FastifyInstance, _deps: ServerDeps): Promise<void> {}
