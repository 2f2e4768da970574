import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline as pipe } from 'node:stream/promises';
import { ConfigurationError } from '../errors.ts';
import { assetProblem } from '../state/check-state.ts';
import { checkLines, exportLines, importLines } from '../state/state-lines.ts';
import type { AssetState, StateStore } from '../state/state-store.ts';
import type { Terminal } from './terminal.ts';

/**
 * Writes an export to a file, readable by its owner only, or to standard output (`-`). A file is there whole or not at
 * all.
 *
 * @throws ConfigurationError `state.file`
 */
export async function exportState(store: StateStore, name: string, file: string, terminal: Terminal): Promise<void> {
  const lines = exportLines(store, name);
  if (file === '-') {
    for await (const line of lines) await terminal.rows(line);
    return;
  }
  const unfinished = `${file}.unfinished`;
  try {
    await pipe(Readable.from(lines), createWriteStream(unfinished, { mode: 0o600 }));
    await rename(unfinished, file);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw fileError(file, error);
  }
}

/**
 * Replaces what a store remembers by an export, once all of it has been checked.
 *
 * @returns how many rows were read
 * @throws ConfigurationError `state.file`, `state.bad-import`
 */
export async function importState(store: StateStore, file: string): Promise<number> {
  if (file !== '-') return importFile(store, file);
  // What must be read twice, and whole before anything is changed, cannot come from a pipe.
  const folder = await mkdtemp(join(tmpdir(), 'meridian-import-'));
  try {
    const copy = join(folder, 'state.jsonl');
    await pipe(process.stdin, createWriteStream(copy, { mode: 0o600 }));
    return await importFile(store, copy);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function importFile(store: StateStore, file: string): Promise<number> {
  const rows = await checkLines(linesIn(file));
  await store.clear();
  await importLines(store, linesIn(file));
  return rows;
}

async function* linesIn(file: string): AsyncIterable<string> {
  const input = createReadStream(file, 'utf8');
  const opened = new Promise<void>((resolve, reject) => input.once('open', () => resolve()).once('error', reject));
  await opened.catch((error: unknown) => {
    throw fileError(file, error);
  });
  yield* createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
}

/**
 * Changes one row or one key by hand.
 *
 * @returns what was done, for people
 * @throws ConfigurationError `state.bad-row`
 */
export async function setRemembered(store: StateStore, given: string, isMeta: boolean): Promise<string> {
  const content = given === '-' ? (await text(process.stdin)).trim() : given;
  if (isMeta) return setKey(store, content);
  let row: unknown;
  try {
    row = JSON.parse(content);
  } catch {
    throw badRow('It is no JSON');
  }
  const problem = assetProblem(row);
  if (problem) throw badRow(`In it, ${problem}`);
  const asset = row as AssetState;
  await store.putAsset(asset);
  return `Remembered ${asset.entityType} ${asset.fqn}.`;
}

async function setKey(store: StateStore, assignment: string): Promise<string> {
  const at = assignment.indexOf('=');
  if (at < 1) throw badRow('A key is set by KEY=VALUE');
  const [key, value] = [assignment.slice(0, at), assignment.slice(at + 1)];
  await store.setMeta(key, value === '' ? undefined : value);
  return value === '' ? `Forgot ${key}.` : `Remembered ${key}.`;
}

function badRow(problem: string): ConfigurationError {
  return new ConfigurationError('state.bad-row', `This cannot be remembered. ${problem}.`, {
    help: '“meridian state get FQN” prints a row in the right form; --meta takes KEY=VALUE.',
  });
}

function fileError(file: string, error: unknown): Error {
  if (!(error instanceof Error) || !('syscall' in error)) return error as Error;
  return new ConfigurationError('state.file', `${file} cannot be used: ${error.message}`, {
    help: 'Check the path, and whether you may read it, or write to its folder.',
    cause: error,
  });
}
