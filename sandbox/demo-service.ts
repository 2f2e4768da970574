import type { AddressInfo } from 'node:net';
import { EmbeddedEngine } from '../src/engine/embedded/embedded-engine.ts';
import { fixedAccount } from '../src/server/access/accounts.ts';
import { consoleFolder } from '../src/server/console-folder.ts';
import { createServer } from '../src/server/create-server.ts';
import type { RunReport } from '../src/workflow/report.ts';

export interface DemoServiceOptions {
  readonly home: string;
  /** Another free one where this is taken. */
  readonly port: number;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly recipe: object;
  /** Profiles what the recipe has brought in. */
  readonly profileRecipe: object;
  /** Of the one user, `demo`. */
  readonly password: string;
  readonly note: (text: string) => void;
}

export interface DemoService {
  readonly url: string;
  readonly password: string;
  /**
   * Runs the pipeline and then its profiles, and waits for their end.
   *
   * @param stopped ends the wait
   * @returns what the first one came to; undefined when it was stopped before
   */
  firstRun(stopped: Promise<void>): Promise<RunReport | undefined>;
  close(): Promise<void>;
}

const metadataId = 'bakery';
const profilesId = 'bakery_profiles';

/** What `meridian serve` starts, on loopback, with the sample's pipelines deployed. */
export async function startDemoService(options: DemoServiceOptions): Promise<DemoService> {
  const { home, env, password } = options;
  const folder = await consoleFolder({ onBuild: () => options.note('Building the console; that is done once …') });
  const engine = await EmbeddedEngine.open({ home, env });
  try {
    const deployed = {
      owner: 'demo',
      retries: 1,
      retryDelaySeconds: 60,
      timeoutSeconds: 3600,
      maxActiveRuns: 1,
      enabled: true,
    };
    await engine.deploy({
      pipeline: {
        ...deployed,
        id: metadataId,
        displayName: 'Bakery warehouse',
        description: 'The sample: everything that a bakery knows about its data.',
        pipelineType: 'metadata',
        recipe: options.recipe as Readonly<Record<string, unknown>>,
        schedule: { cron: '0 4 * * *', timezone: 'UTC', catchup: false },
      },
    });
    await engine.deploy({
      pipeline: {
        ...deployed,
        id: profilesId,
        displayName: 'Bakery profiles',
        description: 'Rows, sizes and what columns hold, as far as Atlas’ statistics know it.',
        pipelineType: 'profiler',
        recipe: options.profileRecipe as Readonly<Record<string, unknown>>,
        schedule: { cron: '30 4 * * *', timezone: 'UTC', catchup: false },
      },
    });
    const accounts = [await fixedAccount('demo', password, 'admin')];
    const app = await createServer(
      { engine, history: engine.history, events: engine.history, accounts, home, env },
      { consoleFolder: folder },
    );
    const host = '127.0.0.1';
    await app.listen({ host, port: options.port }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EADDRINUSE') throw error;
      return app.listen({ host, port: 0 });
    });
    return {
      url: `http://${host}:${(app.server.address() as AddressInfo).port}`,
      password,
      firstRun: async (stopped) => {
        const report = await runOnce(engine, metadataId, stopped);
        // Profiles belong to tables that are there.
        if (report) await runOnce(engine, profilesId, stopped);
        return report;
      },
      async close() {
        await app.close();
        await engine.close();
      },
    };
  } catch (error) {
    await engine.close();
    throw error;
  }
}

async function runOnce(
  engine: EmbeddedEngine,
  pipelineId: string,
  stopped: Promise<void>,
): Promise<RunReport | undefined> {
  const { runId } = await engine.trigger({ pipelineId });
  const gone = new AbortController();
  void stopped.then(() => gone.abort());
  for await (const event of engine.history.follow({ runId, signal: gone.signal })) void event;
  return engine.history.report({ runId });
}
