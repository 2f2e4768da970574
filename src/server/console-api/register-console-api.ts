import type { FastifyInstance } from 'fastify';
import type { ServerDeps } from '../server-deps.ts';
import { catalogueDeps } from './catalogue/catalogue-deps.ts';
import { registerCatalogue } from './catalogue/register-catalogue.ts';

/** The console's routes, all below `/api/console`. Who may use one stands in its `config.access`. */
export async function registerConsoleApi(app: FastifyInstance, deps: ServerDeps): Promise<void> {
  const catalogues = catalogueDeps(deps);
  if (catalogues) registerCatalogue(app, catalogues);
}
