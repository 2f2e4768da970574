import type { LoadedRecipe } from '../config/load-recipe.ts';
import { OpenMetadataClient } from '../openmetadata/openmetadata-client.ts';
import { OpenMetadataTarget } from '../openmetadata/openmetadata-target.ts';
import { statePlaceOf } from '../workflow/identity.ts';
import { checkMemory } from './check-memory.ts';
import { checkSource } from './check-source.ts';
import { checkTarget } from './check-target.ts';
import type { Environment } from './terminal.ts';
import { elapsedSince, type TestStep } from './test-step.ts';

export interface CheckOptions {
  readonly env: Environment;
  /** Masks secrets in what is said. */
  readonly redact: (text: string) => string;
  readonly signal?: AbortSignal;
}

/** Target, source and memory of a recipe, step by step, each step as it is done. Never throws for a failed step. */
export async function* checkConnections(
  recipe: LoadedRecipe,
  { env, redact, signal = new AbortController().signal }: CheckOptions,
): AsyncGenerator<TestStep> {
  const { settings } = recipe;
  const learn = (secret: string): void => recipe.redactor.learn(secret);
  const client = new OpenMetadataClient(settings.openMetadata, { redact, learn });
  try {
    let connected = false;
    for await (const step of checkTarget(client, settings, env, signal)) {
      yield step;
      if (step.name === 'sign in') connected = step.ok;
    }
    const targetNames = connected ? new OpenMetadataTarget(client, signal) : { databases: async () => undefined };
    yield* checkSource(settings, { redact, learn, targetNames }, env, signal);
    const start = performance.now();
    const memory = await checkMemory(statePlaceOf(recipe, env));
    yield { system: 'memory', ...memory, ms: elapsedSince(start) };
  } finally {
    await client.close();
  }
}
