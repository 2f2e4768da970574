import { once } from 'node:events';
import type { FastifyInstance } from 'fastify';
import { type ConsoleApiDeps, historyOf } from './console-api-deps.ts';

/** Proxies cut connections that are silent for a minute. */
const heartbeatMs = 20_000;

/**
 * A run as it goes on, as server-sent events named `state`, `progress` and `log`. The id of a log event is where the next
 * one begins: a browser that lost the connection goes on there. `end` says that no more comes.
 */
export function registerRunEvents(app: FastifyInstance, deps: ConsoleApiDeps): void {
  const open = new Set<AbortController>();
  // A stream has no end of its own: a server that closes would wait for its run.
  app.addHook('preClose', async () => {
    for (const stream of open) stream.abort();
  });
  app.get<{ Params: { runId: string }; Querystring: { after?: string } }>(
    '/runs/:runId/events',
    {
      config: { access: 'viewer' },
      schema: { querystring: { type: 'object', properties: { after: { type: 'string', maxLength: 100 } } } },
    },
    async (request, reply) => {
      const history = historyOf(deps);
      const { runId } = request.params;
      // Before the stream begins a mistake can still be told as one.
      await history.run({ runId });
      const lastId = request.headers['last-event-id'];
      const after = typeof lastId === 'string' && lastId !== '' ? lastId : request.query.after;
      const gone = new AbortController();
      open.add(gone);
      request.raw.on('close', () => gone.abort());
      reply.hijack();
      const { raw } = reply;
      for (const [name, value] of Object.entries(reply.getHeaders()))
        if (value !== undefined) raw.setHeader(name, value);
      raw.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-cache, no-transform',
        'x-accel-buffering': 'no',
      });
      const send = async (text: string): Promise<void> => {
        // A slow reader is waited for, not buffered for.
        if (!raw.write(text) && !gone.signal.aborted) await once(raw, 'drain', { signal: gone.signal });
      };
      const heartbeat = setInterval(() => raw.write(': still here\n\n'), heartbeatMs);
      try {
        const options = { runId, signal: gone.signal, ...(after !== undefined && { after }) };
        for await (const event of history.follow(options)) {
          const id = event.type === 'log' ? `id: ${event.after}\n` : '';
          await send(`${id}event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
        }
        await send('event: end\ndata: {}\n\n');
      } catch (error) {
        if (!gone.signal.aborted) {
          request.log.error({ err: error }, 'events of a run broke off');
        }
      } finally {
        clearInterval(heartbeat);
        open.delete(gone);
        raw.end();
      }
    },
  );
}
