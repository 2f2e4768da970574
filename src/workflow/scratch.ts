import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { TargetAsset } from '../reconcile/target-asset.ts';

/** What the target holds under one name, from a listing. `asset` is there when the listing carried everything. */
export interface IndexedAsset {
  readonly id: string;
  readonly version: number;
  readonly deleted: boolean;
  readonly asset?: TargetAsset;
}

/** How a run met a name: `kept-out` stands for filtered or skipped, `failed` for an error. */
export type Seen = 'ok' | 'kept-out' | 'failed';

/**
 * A run's own memory, on disk and gone with the run: what the target holds, and which names the source has shown. It
 * keeps the heap flat however many tables there are.
 */
export class Scratch {
  readonly #folder: string;
  readonly #database: DatabaseSync;
  readonly #put: StatementSync;
  readonly #get: StatementSync;
  readonly #see: StatementSync;
  readonly #seen: StatementSync;

  constructor() {
    this.#folder = mkdtempSync(join(tmpdir(), 'meridian-run-'));
    this.#database = new DatabaseSync(join(this.#folder, 'scratch.db'));
    this.#database.exec(`
      PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -8000; PRAGMA locking_mode = EXCLUSIVE;
      CREATE TABLE target (fqn TEXT PRIMARY KEY, id TEXT, version REAL, deleted INTEGER, asset TEXT) WITHOUT ROWID;
      CREATE TABLE seen (fqn TEXT PRIMARY KEY, how TEXT) WITHOUT ROWID;
      BEGIN;
    `);
    // Never committed: nobody else reads the file, and a commit a row costs more than all the rest of it.
    this.#put = this.#database.prepare('INSERT OR REPLACE INTO target VALUES (?, ?, ?, ?, ?)');
    this.#get = this.#database.prepare('SELECT * FROM target WHERE fqn = ?');
    this.#see = this.#database.prepare('INSERT OR REPLACE INTO seen VALUES (?, ?)');
    this.#seen = this.#database.prepare('SELECT how FROM seen WHERE fqn = ?');
  }

  indexTarget(fqn: string, indexed: IndexedAsset): void {
    const asset = indexed.asset ? JSON.stringify(indexed.asset) : null;
    this.#put.run(fqn, indexed.id, indexed.version, indexed.deleted ? 1 : 0, asset);
  }

  target(fqn: string): IndexedAsset | undefined {
    const row = this.#get.get(fqn) as
      | { id: string; version: number; deleted: number; asset: string | null }
      | undefined;
    if (!row) return undefined;
    const { id, version, deleted, asset } = row;
    return {
      id,
      version,
      deleted: deleted === 1,
      ...(asset !== null && { asset: JSON.parse(asset) as TargetAsset }),
    };
  }

  see(fqn: string, how: Seen): void {
    this.#see.run(fqn, how);
  }

  seen(fqn: string): Seen | undefined {
    return (this.#seen.get(fqn) as { how: Seen } | undefined)?.how;
  }

  close(): void {
    if (this.#database.isOpen) this.#database.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
