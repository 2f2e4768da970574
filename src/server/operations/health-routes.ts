import type { FastifyInstance } from 'fastify';
import type { Engine } from '../../engine/engine.ts';

const tags = ['operations'];

/**
 * `/healthz`: the process answers. `/readyz`: it can do its work, that is, its engine answers; 503 while it cannot, and
 * once it is being shut down.
 */
export function registerHealthRoutes(
  app: FastifyInstance,
  { engine, isClosing }: { readonly engine: Engine; readonly isClosing: () => boolean },
): void {
  const options = (summary: string) => ({ config: { access: 'public' }, schema: { tags, summary } }) as const;
  app.get('/healthz', options('Whether the process is alive'), () => ({ status: 'ok' }));
  app.get('/readyz', options('Whether it can work'), async (request, reply) => {
    if (isClosing()) return reply.code(503).send({ status: 'closing' });
    try {
      await engine.list();
      return { status: 'ok' };
    } catch (err) {
      request.log.warn({ err }, 'the engine does not answer');
      return reply.code(503).send({ status: 'the engine does not answer' });
    }
  });
}
