import type { FastifyInstance } from 'fastify';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { EngineEvents, EngineFigures } from '../../engine/run-history.ts';

const runSeconds = [1, 5, 15, 60, 300, 900, 3_600, 14_400, 43_200];
const requestSeconds = [0.005, 0.02, 0.1, 0.5, 2, 10];

/** `/metrics` in Prometheus' form: this process, its requests, and the runs of its engine where that tells. */
export function registerMetrics(app: FastifyInstance, events: EngineEvents | undefined): void {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  countRequests(app, registry);
  if (events) countRuns(app, registry, events);
  app.get(
    '/metrics',
    {
      config: { access: 'viewer', signIns: ['basic', 'token'] },
      schema: { tags: ['operations'], summary: 'Figures for Prometheus' },
    },
    async (_request, reply) => reply.type(registry.contentType).send(await registry.metrics()),
  );
}

function countRequests(app: FastifyInstance, registry: Registry): void {
  const seconds = new Histogram({
    name: 'meridian_request_duration_seconds',
    help: 'Time from a request to its answer, by route',
    labelNames: ['method', 'route', 'status'],
    buckets: requestSeconds,
    registers: [registry],
  });
  app.addHook('onResponse', (request, reply, done) => {
    // An address that is no route may be anything: it is no label.
    const route = request.is404 ? 'none' : (request.routeOptions.url ?? 'none');
    const labels = { method: request.method, route, status: String(reply.statusCode) };
    seconds.observe(labels, reply.elapsedTime / 1000);
    done();
  });
}

function countRuns(app: FastifyInstance, registry: Registry, events: EngineEvents): void {
  const registers = [registry];
  const runs = new Counter({
    name: 'meridian_runs_total',
    help: 'Runs that have ended, by pipeline and outcome; a run that is tried again counts as retried',
    labelNames: ['pipeline', 'kind', 'outcome'],
    registers,
  });
  const seconds = new Histogram({
    name: 'meridian_run_duration_seconds',
    help: 'Time that a run took',
    labelNames: ['kind', 'outcome'],
    buckets: runSeconds,
    registers,
  });
  const release = events.onTransition(({ run, retried }) => {
    if (run.endedAt === undefined) return;
    const outcome = retried ? 'retried' : run.state;
    runs.inc({ pipeline: run.pipelineId, kind: run.kind, outcome });
    if (run.seconds !== undefined) seconds.observe({ kind: run.kind, outcome }, run.seconds);
  });
  app.addHook('onClose', async () => release());
  const gauges: readonly (readonly [name: string, help: string, of: (figures: EngineFigures) => number])[] = [
    ['meridian_runs_queued', 'Runs that wait', ({ queued }) => queued],
    ['meridian_runs_running', 'Runs under way', ({ running }) => running],
    ['meridian_runs_limit', 'Runs that may be under way at once', ({ limit }) => limit],
    ['meridian_queue_oldest_seconds', 'Time that the oldest due run has waited', (each) => each.oldestWaitSeconds],
    ['meridian_pipelines', 'Pipelines that are deployed', ({ pipelines }) => pipelines],
    ['meridian_pipelines_enabled', 'Those whose schedule is on', ({ enabledPipelines }) => enabledPipelines],
  ];
  for (const [name, help, of] of gauges) {
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(of(events.figures()));
      },
    });
  }
}
