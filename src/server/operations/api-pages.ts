import fastifySwagger from '@fastify/swagger';
import fastifySwaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { version } from '../../cli/version.ts';
import { policyText } from '../content-security.ts';

/** Collects what the routes say of themselves; to be registered before them. */
export async function describeApi(app: FastifyInstance): Promise<void> {
  await app.register(fastifySwagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Meridian',
        description:
          'The APIs of “meridian serve”. Signing in: basic, a bearer token (MERIDIAN_API_TOKEN), or the session of a browser, ' +
          'which needs its CSRF token in X-CSRF-Token for whatever changes something.',
        version: version(),
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      tags: [
        { name: 'managed', description: 'What OpenMetadata calls' },
        { name: 'console', description: 'What the console calls; may change between releases' },
        { name: 'session', description: 'Signing in and out' },
        { name: 'operations', description: 'For whoever runs the service' },
      ],
      components: {
        securitySchemes: {
          basic: { type: 'http', scheme: 'basic' },
          bearer: { type: 'http', scheme: 'bearer' },
          session: { type: 'apiKey', in: 'cookie', name: 'meridian_session' },
        },
      },
    },
    transform: ({ schema, url, route }) => {
      const { access, signIns } = route.config ?? {};
      const ways = { basic: 'basic', token: 'bearer', session: 'session' } as const;
      const taken = signIns ?? (['basic', 'token', 'session'] as const);
      const security = access === 'public' ? [] : taken.map((way) => ({ [ways[way]]: [] }));
      const tags = url.startsWith('/api/console/') ? ['console'] : undefined;
      return { url, schema: { ...(tags && { tags }), ...schema, security } };
    },
  });
}

/** The one style that Swagger UI writes into an element: the arrow of a closed list. */
const arrowStyle = "'sha256-RL3ie0nH+Lzz2YNqQN83mnU0J1ot4QL7b99vMdIX99w='";

/** `/docs`, the API for people, and `/docs/json`. */
export async function registerApiPages(app: FastifyInstance, { secure }: { readonly secure: boolean }): Promise<void> {
  const policy = policyText(secure, ["'unsafe-hashes'", arrowStyle]);
  await app.register(async (pages) => {
    pages.addHook('onRoute', (route) => {
      route.config = { ...route.config, access: 'public' };
    });
    pages.addHook('onSend', async (_request, reply) => {
      reply.header('content-security-policy', policy);
    });
    await pages.register(fastifySwaggerUi, {
      routePrefix: '/docs',
      uiConfig: { docExpansion: 'list', deepLinking: true, validatorUrl: null },
    });
  });
}
