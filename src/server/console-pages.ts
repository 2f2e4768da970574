import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { policyText } from './content-security.ts';

const noConsole = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Meridian</title>
<p>Meridian serves its APIs here; <a href="/docs">/docs</a> lists them. Its console has not been built.</p></html>`;

/** Stands in the page where the nonce of its style elements goes. */
const nonceMark = '__CSP_NONCE__';

export interface ConsolePageOptions {
  readonly secure: boolean;
  /** Folder of the built console. */
  readonly folder: string | undefined;
}

/** The console at `/`: its files, and its page for every address of its own. */
export async function registerConsolePages(
  app: FastifyInstance,
  { secure, folder }: ConsolePageOptions,
): Promise<void> {
  const isBuilt = folder !== undefined && existsSync(join(folder, 'index.html'));
  const page = isBuilt ? readFileSync(join(folder, 'index.html'), 'utf8') : noConsole;
  const sendPage = (reply: FastifyReply): FastifyReply => {
    const nonce = randomBytes(16).toString('base64');
    return reply
      .header('content-security-policy', policyText(secure, [`'nonce-${nonce}'`]))
      .header('cache-control', 'no-cache')
      .type('text/html; charset=utf-8')
      .send(page.replaceAll(nonceMark, nonce));
  };
  if (isBuilt) await app.register((pages) => registerFiles(pages, folder));
  app.get('/', { config: { access: 'public' }, schema: { hide: true } }, (_request, reply) => sendPage(reply));
  app.setNotFoundHandler((request, reply) => {
    const wantsPage = request.method === 'GET' && (request.headers.accept ?? '').includes('text/html');
    if (wantsPage && !/^\/(?:api|assets|docs|pluginsv2)(?:\/|$)/.test(request.url)) return sendPage(reply);
    return reply.code(404).send({ error: 'There is nothing at this address.', code: 'server.no-such-address' });
  });
}

/** A route for each file that there is: what a request asks for is compared, and never looked up on disk. */
async function registerFiles(pages: FastifyInstance, folder: string): Promise<void> {
  pages.addHook('onRoute', (route) => {
    route.config = { ...route.config, access: 'public' };
    route.schema = { ...route.schema, hide: true };
  });
  await pages.register(fastifyStatic, {
    root: folder,
    wildcard: false,
    globIgnore: ['index.html', '**/*.br', '**/*.gz'],
    // The build puts `.br` and `.gz` beside what is worth it.
    preCompressed: true,
    index: false,
    cacheControl: false,
    setHeaders: (reply, path) => {
      // Names of assets hold a hash of what is in them.
      const isHashed = path.includes('/assets/') || path.includes('\\assets\\');
      reply.header('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
}
