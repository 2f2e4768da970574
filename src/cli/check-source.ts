import type { ResolvedSettings } from '../config/resolve-settings.ts';
import type { SourceOptions } from '../connectors/connector.ts';
import { createProfilingEngine } from '../connectors/create-profiling-engine.ts';
import { createSource } from '../connectors/create-source.ts';
import { probeServer } from '../http/probe-server.ts';
import type { Environment } from './terminal.ts';
import { elapsedSince, failedStep, probedStep, type TestStep } from './test-step.ts';

const system = 'source';

/** Step-by-step check of the source, up to the first step that fails; never throws for a failed step. */
export async function* checkSource(
  settings: ResolvedSettings,
  options: SourceOptions,
  env: Environment,
  signal: AbortSignal,
): AsyncGenerator<TestStep> {
  let start = performance.now();
  try {
    const server = settings.source.connector.server?.(settings.connection);
    if (server) {
      for await (const probe of probeServer({ ...server, env })) {
        const step = probedStep(probe, system, server.name);
        yield step;
        if (!step.ok) return;
      }
    }
    start = performance.now();
    // A recipe that profiles reads no metadata: what counts is where its numbers come from.
    const source = await (settings.profiler ? createProfilingEngine : createSource)(settings, options);
    try {
      let reached = false;
      for await (const check of source.test(signal)) {
        reached ||= check.ok;
        yield { system, ...check, ms: elapsedSince(start), exitCode: check.ok ? 0 : reached ? 1 : 3 };
        start = performance.now();
      }
    } finally {
      await source.close();
    }
  } catch (error) {
    yield failedStep({ system, name: 'open the source', ms: elapsedSince(start) }, error);
  }
}
