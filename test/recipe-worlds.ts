import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startAtlas } from '../sandbox/atlas/start-atlas.ts';
import { startOpenMetadata } from '../sandbox/openmetadata/start-openmetadata.ts';
import { startTrino } from '../sandbox/trino/start-trino.ts';
import { loadRecipe } from '../src/config/load-recipe.ts';
import type { SourceType } from '../src/connectors/registry.ts';
import { startPostgres } from '../src/state/postgres/postgres-server.testing.ts';
import { exportRecords } from '../src/workflow/export-records.ts';
import { Workflow } from '../src/workflow/workflow.ts';
import { recipeFor } from './recorded-atlas.ts';

/** Something for a recipe to read: the variables that it refers to. */
export interface RecipeWorld {
  readonly env: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** A world for the recipe of each connector. A connector without one does not compile. */
export const recipeWorlds: { readonly [T in SourceType]: () => Promise<RecipeWorld> } = {
  async Atlas() {
    const atlas = await startAtlas();
    return {
      env: { ATLAS_URL: atlas.url, ATLAS_USER: 'admin', ATLAS_PASSWORD: 'admin' },
      close: () => atlas.close(),
    };
  },

  async AtlasExport() {
    const atlas = await startAtlas();
    const answer = await fetch(`${atlas.url}/api/atlas/admin/export`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa('admin:admin')}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        itemsToExport: [{ typeName: 'hive_db', uniqueAttributes: { qualifiedName: 'shop@prod' } }],
      }),
    });
    const zip = Buffer.from(await answer.arrayBuffer());
    await atlas.close();
    return withFile('export.zip', async (path) => writeFile(path, zip), 'ATLAS_EXPORT');
  },

  async File() {
    return withFile('records.jsonl', exportSample, 'RECORDS_FILE');
  },

  async Postgres() {
    const server = await startPostgres();
    const client = new pg.Client(server.address('postgres'));
    await client.connect();
    await client.query('CREATE TABLE orders (id integer PRIMARY KEY, note text)');
    await client.query('CREATE VIEW noted AS SELECT id, note FROM orders WHERE note IS NOT NULL');
    await client.end();
    const env = {
      POSTGRES_USER: 'owner',
      POSTGRES_PASSWORD: 'owner-secret',
      POSTGRES_HOST_PORT: `127.0.0.1:${server.port}`,
      POSTGRES_DATABASE: 'postgres',
    };
    return { env, close: async () => server.stop() };
  },

  async Trino() {
    const trino = await startTrino();
    const env = { TRINO_HOST_PORT: trino.url.replace('http://', ''), TRINO_USER: 'reader' };
    return { env, close: () => trino.close() };
  },

  async OpenMetadata() {
    const [atlas, old] = [await startAtlas(), await startOpenMetadata()];
    const home = await mkdtemp(join(tmpdir(), 'meridian-test-'));
    const workflow = await Workflow.create(recipeFor(atlas, old), { env: { MERIDIAN_HOME: home } });
    await workflow.execute();
    await workflow.stop();
    await atlas.close();
    return {
      env: { OLD_OPENMETADATA_URL: old.url, OLD_OPENMETADATA_TOKEN: old.botToken },
      close: async () => {
        await old.close();
        await rm(home, { recursive: true, force: true });
      },
    };
  },
};

async function withFile(name: string, make: (path: string) => Promise<void>, variable: string): Promise<RecipeWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'meridian-test-'));
  await make(join(folder, name));
  return { env: { [variable]: join(folder, name) }, close: () => rm(folder, { recursive: true, force: true }) };
}

/** What the sample warehouse gives, as a file of records. */
async function exportSample(path: string): Promise<void> {
  const atlas = await startAtlas();
  const home = await mkdtemp(join(tmpdir(), 'meridian-test-'));
  const env = { MERIDIAN_HOME: home };
  const recipe = await loadRecipe(recipeFor(atlas, { url: 'http://localhost:1/api', botToken: 'the-bots-token' }), {
    env,
  });
  const lines: string[] = [];
  await exportRecords(recipe, {
    env,
    signal: new AbortController().signal,
    write: async (line) => void lines.push(line),
  });
  await writeFile(path, lines.join(''));
  await atlas.close();
  await rm(home, { recursive: true, force: true });
}
