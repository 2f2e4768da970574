import { createHash } from 'node:crypto';
import { type LoadedRecipe, loadRecipe } from '../../../config/load-recipe.ts';
import { OpenMetadataClient } from '../../../openmetadata/openmetadata-client.ts';
import { openState } from '../../../state/open-state.ts';
import type { StateStore } from '../../../state/state-store.ts';
import { statePlaceOf } from '../../../workflow/identity.ts';

/** The catalogue of one pipeline: where it writes to, and what it remembers. */
export interface CatalogueSession {
  readonly recipe: LoadedRecipe;
  /** Connected. */
  readonly client: OpenMetadataClient;
  /** The pipeline's memory is where its runs are: here it is empty. */
  readonly isMemoryElsewhere: boolean;
  /** Gives the pipeline's memory to look at, and closes it afterwards. A run may be writing to it meanwhile. */
  remember<T>(look: (state: StateStore) => Promise<T>): Promise<T>;
}

export interface CatalogueDeps {
  /** Whose catalogues there are. */
  readonly pipelines: () => Promise<readonly { readonly id: string; readonly displayName?: string }[]>;
  /** @throws ConfigurationError `engine.unknown-pipeline` */
  readonly pipeline: (pipelineId: string) => Promise<CatalogueSource>;
}

/** A pipeline as its runs see it. */
export interface CatalogueSource {
  /** With its secrets in clear. */
  readonly recipe: Readonly<Record<string, unknown>>;
  /** References in the recipe are resolved with it, and state is found by it. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** References that are left are not for us to look up. */
  readonly deferReferences?: boolean;
}

interface Held {
  readonly key: string;
  readonly session: Promise<CatalogueSession>;
  expiry: NodeJS.Timeout;
}

const idleMs = 300_000;
/** A person waits for the answer, so one that does not come is given up sooner than in a run. */
const timeoutMs = 20_000;

/** Keeps the connections of the pipelines that are looked at: signing in again for each page would take seconds. */
export class CatalogueSessions {
  readonly #deps: CatalogueDeps;
  readonly #held = new Map<string, Held>();

  constructor(deps: CatalogueDeps) {
    this.#deps = deps;
  }

  /** @throws RecipeError, ConfigurationError, ConnectionError, AuthenticationError */
  async of(pipelineId: string): Promise<CatalogueSession> {
    const source = await this.#deps.pipeline(pipelineId);
    const key = createHash('sha256').update(JSON.stringify(source)).digest('hex');
    const held = this.#held.get(pipelineId);
    if (held?.key === key) {
      held.expiry.refresh();
      return held.session;
    }
    this.#drop(pipelineId);
    const session = openSession(source);
    const expiry = setTimeout(() => this.#drop(pipelineId), idleMs).unref();
    this.#held.set(pipelineId, { key, session, expiry });
    session.catch(() => {
      // The next look tries anew.
      if (this.#held.get(pipelineId)?.session === session) this.#drop(pipelineId);
    });
    return session;
  }

  async close(): Promise<void> {
    const sessions = [...this.#held.values()].map(({ session }) => session);
    for (const pipelineId of [...this.#held.keys()]) this.#drop(pipelineId);
    await Promise.allSettled(sessions);
  }

  #drop(pipelineId: string): void {
    const held = this.#held.get(pipelineId);
    if (!held) return;
    clearTimeout(held.expiry);
    this.#held.delete(pipelineId);
    held.session.then(({ client }) => client.close()).catch(() => undefined);
  }
}

async function openSession({ recipe: raw, env, deferReferences = false }: CatalogueSource): Promise<CatalogueSession> {
  const recipe = await loadRecipe(raw, { env, ...(deferReferences && { deferReferences, readManagedSecrets: false }) });
  const { settings, redactor } = recipe;
  const client = new OpenMetadataClient(settings.openMetadata, {
    timeoutMs,
    retries: 1,
    redact: (text) => redactor.redact(text),
    learn: (secret) => redactor.learn(secret),
  });
  try {
    await client.connect(AbortSignal.timeout(timeoutMs));
  } catch (error) {
    await client.close();
    throw error;
  }
  return {
    recipe,
    client,
    isMemoryElsewhere: deferReferences,
    remember: async (look) => {
      const { store } = await openState(statePlaceOf(recipe, env), 'rehearse');
      try {
        return await look(store);
      } finally {
        await store.close();
      }
    },
  };
}
