import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { demoRecipe, tokenVariable } from '../../sandbox/demo-recipe.ts';
import { type Sandbox, startSandbox } from '../../sandbox/start-sandbox.ts';
import { EmbeddedEngine } from '../../src/engine/embedded/embedded-engine.ts';
import { fixedAccount } from '../../src/server/access/accounts.ts';
import { consoleFolder } from '../../src/server/console-folder.ts';
import { createServer } from '../../src/server/create-server.ts';
import { Workflow } from '../../src/workflow/workflow.ts';
import type { OpenOptions, TestBrowser } from './test-browser.ts';
import type { TestPage } from './test-page.ts';

export interface CatalogueWorld {
  readonly sandbox: Sandbox;
  readonly pipelineId: string;
  /** Address of the console. */
  readonly url: string;
  /** A window on an address of the console, signed in as a viewer. */
  open(browser: TestBrowser, path: string, options?: OpenOptions): Promise<TestPage>;
  /** A request to the stand-in of OpenMetadata, as an administrator there. */
  target<T>(method: string, path: string, body?: unknown): Promise<T>;
  close(): Promise<void>;
}

const viewer = { name: 'vera', password: 'vera-looks-on' };

/**
 * The service with its console, on an engine with one pipeline that has brought the sample warehouse in.
 *
 * @param version of OpenMetadata; the oldest one unless set
 */
export async function startCatalogueWorld(version?: string): Promise<CatalogueWorld> {
  const sandbox = await startSandbox({ openmetadata: version === undefined ? {} : { version } });
  const home = await mkdtemp(join(tmpdir(), 'meridian-console-'));
  const env = { ...process.env, MERIDIAN_HOME: home, [tokenVariable]: sandbox.token };
  const recipe = demoRecipe(sandbox) as Record<string, unknown>;
  const workflow = await Workflow.create(recipe, { env });
  await workflow.execute();
  await workflow.stop();
  const engine = await EmbeddedEngine.open({ home, env });
  await engine.deploy({
    pipeline: {
      id: 'bakery',
      displayName: 'Bakery warehouse',
      pipelineType: 'metadata',
      recipe,
      schedule: { catchup: false },
      retries: 0,
      retryDelaySeconds: 1,
      timeoutSeconds: 3600,
      maxActiveRuns: 1,
      enabled: true,
    },
  });
  const accounts = [await fixedAccount(viewer.name, viewer.password, 'viewer')];
  const app = await createServer(
    { engine, history: engine.history, accounts, home, env },
    { consoleFolder: await consoleFolder() },
  );
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  return {
    sandbox,
    pipelineId: 'bakery',
    url,
    open: async (browser, path, options) => {
      const test = await browser.open(`${url}/sign-in`, options);
      // As the sign-in page does; it has tests of its own.
      const answer = await test.page.request.post(`${url}/api/session`, { data: viewer });
      if (!answer.ok()) throw new Error(`Signing in failed: ${answer.status()} ${await answer.text()}`);
      await test.page.goto(`${url}${path}`);
      return test;
    },
    target: async <T>(method: string, path: string, body?: unknown): Promise<T> => {
      const { openmetadata } = sandbox;
      const type = method === 'PATCH' ? 'application/json-patch+json' : 'application/json';
      const answer = await fetch(`${openmetadata.url}/v1/${path}`, {
        method,
        headers: { authorization: `Bearer ${openmetadata.adminToken}`, 'content-type': type },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
      return (await answer.json().catch(() => undefined)) as T;
    },
    close: async () => {
      await app.close();
      await engine.close();
      await sandbox.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}
