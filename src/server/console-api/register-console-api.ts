import type { FastifyInstance } from 'fastify';
import { version } from '../../cli/version.ts';
import type { ServerDeps } from '../server-deps.ts';
import { catalogueDeps } from './catalogue/catalogue-deps.ts';
import { registerCatalogue } from './catalogue/register-catalogue.ts';
import { registerChangeRoutes } from './change-routes.ts';
import type { AboutAnswer } from './console-types.ts';
import { registerPipelineRoutes } from './pipeline-routes.ts';
import { registerRecipeRoutes } from './recipe-routes.ts';
import { registerRunEvents } from './run-events.ts';
import { registerRunRoutes } from './run-routes.ts';

/** The console's routes, all below `/api/console`. Who may use one stands in its `config.access`. */
export async function registerConsoleApi(app: FastifyInstance, deps: ServerDeps): Promise<void> {
  await app.register(
    async (api) => {
      api.get('/about', { config: { access: 'viewer' } }, (): AboutAnswer => {
        return { version: version(), engine: deps.engine.name, history: deps.history !== undefined };
      });
      registerPipelineRoutes(api, deps);
      registerRunRoutes(api, deps);
      registerRunEvents(api, deps);
      registerChangeRoutes(api, deps);
      registerRecipeRoutes(api, deps);
    },
    { prefix: '/api/console' },
  );
  const catalogues = catalogueDeps(deps);
  if (catalogues) registerCatalogue(app, catalogues);
}
