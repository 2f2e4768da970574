import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { openDatabase } from './open-database.ts';
import { SqliteStateStore } from './sqlite-state-store.ts';

it('says which file cannot be written, and why', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'meridian-full-'));
  const path = join(folder, 'state.db');
  const database = openDatabase(path);
  // A full disk, as far as SQLite can tell.
  database.exec('PRAGMA max_page_count = 1');
  const store = new SqliteStateStore(database);
  const full = async (): Promise<void> => {
    for (let i = 0; i < 1000; i += 1)
      await store.putAsset({ entityType: 'tag', fqn: `${i}`, sourceId: 'x'.repeat(900) });
  };
  await expect(full()).rejects.toMatchObject({
    code: 'state.refused',
    exitCode: 1,
    message: `The state store ${path} refused: database or disk is full`,
  });
  await store.close();
  rmSync(folder, { recursive: true });
});

it('makes one store of several that are opened together in an empty folder', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'meridian-new-'));
  const path = join(folder, 'state.db');
  const stores = Array.from({ length: 3 }, () => new SqliteStateStore(openDatabase(path)));
  await Promise.all(stores.map((store, i) => store.setMeta(`${i}`, 'v')));
  for (const store of stores) await store.close();
  const database = new DatabaseSync(path);
  expect(database.prepare('SELECT count(*) AS n FROM meta').get()).toEqual({ n: 3 });
  database.close();
  rmSync(folder, { recursive: true });
});
