import { ConfigurationError } from '../errors.ts';
import { assetProblem, edgeProblem, journalProblem, type StateKind } from './check-state.ts';
import { type AssetState, type EdgeState, type JournalEntry, passingPrefix, type StateStore } from './state-store.ts';

/** A line of an export. Rows stand in the form of the store’s own types. */
export type StateLine =
  | { readonly kind: 'state'; readonly version: 1; readonly pipeline: string }
  | { readonly kind: 'asset'; readonly row: AssetState }
  | { readonly kind: 'edge'; readonly row: EdgeState }
  | {
      readonly kind: 'journalRun';
      readonly runId: string;
      readonly startedAt: string;
      readonly undoneAt?: string;
    }
  | { readonly kind: 'journal'; readonly row: JournalEntry }
  | { readonly kind: 'meta'; readonly key: string; readonly value: string }
  /** The last line: without it the file is not whole. `lines` are those before. */
  | { readonly kind: 'end'; readonly lines: number };

const version = 1;
/** Rows on their way to the store at once. */
const batchSize = 100;

/** Everything that a store remembers, a JSON document a line. The choices (`meta`) come last: they rest on the rest. */
export async function* exportLines(store: StateStore, pipeline: string): AsyncIterable<string> {
  let lines = 0;
  for await (const line of linesOf(store, pipeline)) {
    lines += 1;
    yield `${JSON.stringify(line)}\n`;
  }
  yield `${JSON.stringify({ kind: 'end', lines } satisfies StateLine)}\n`;
}

async function* linesOf(store: StateStore, pipeline: string): AsyncIterable<StateLine> {
  yield { kind: 'state', version, pipeline };
  for await (const row of store.listAssets()) yield { kind: 'asset', row };
  for await (const row of store.listEdges()) yield { kind: 'edge', row };
  for (const { runId, startedAt, undoneAt } of [...(await store.listJournalRuns())].reverse()) {
    yield { kind: 'journalRun', runId, startedAt, ...(undoneAt !== undefined && { undoneAt }) };
    for await (const row of store.listJournal(runId)) yield { kind: 'journal', row };
  }
  for await (const [key, value] of store.listMeta('')) {
    // What the processes of a run that is under way tell each other is no memory.
    if (!key.startsWith(passingPrefix)) yield { kind: 'meta', key, value };
  }
}

/**
 * Checks an export from its first line to its last.
 *
 * @returns how many rows it holds
 * @throws ConfigurationError `state.bad-import` with the line
 */
export async function checkLines(lines: AsyncIterable<string>): Promise<number> {
  let number = 0;
  let ended = false;
  for await (const text of lines) {
    if (text.trim() === '') continue;
    number += 1;
    if (ended) throw badLine(number, 'there is something after the last line of the export');
    const line = parseLine(text, number);
    if ((line.kind === 'state') !== (number === 1)) {
      throw badLine(number, number === 1 ? 'this is no export of a state' : 'a second export begins');
    }
    if (line.kind === 'end' && line.lines !== number - 1) {
      throw badLine(number, `${line.lines} lines should stand before it`);
    }
    ended = line.kind === 'end';
  }
  if (!ended) throw badLine(number + 1, 'the export ends too early');
  return number - 2;
}

/** Puts the rows of a checked export into a store. */
export async function importLines(store: StateStore, lines: AsyncIterable<string>): Promise<void> {
  let number = 0;
  let waiting: Promise<void>[] = [];
  for await (const text of lines) {
    if (text.trim() === '') continue;
    number += 1;
    const line = parseLine(text, number);
    // A journal’s run must be there before its writes, and choices come when all else is in.
    const inOrder = line.kind === 'journalRun' || line.kind === 'meta';
    if (inOrder || waiting.length >= batchSize) {
      await Promise.all(waiting);
      waiting = [];
    }
    const put = putLine(store, line);
    if (inOrder) await put;
    else waiting.push(put);
  }
  await Promise.all(waiting);
}

async function putLine(store: StateStore, line: StateLine): Promise<void> {
  switch (line.kind) {
    case 'asset':
      return store.putAsset(line.row);
    case 'edge':
      return store.putEdge(line.row);
    case 'journal':
      return store.putJournal(line.row);
    case 'journalRun':
      await store.startJournal(line.runId, line.startedAt, Number.MAX_SAFE_INTEGER);
      if (line.undoneAt !== undefined) await store.markUndone(line.runId, line.undoneAt);
      return;
    case 'meta':
      return store.setMeta(line.key, line.value);
    default:
      return;
  }
}

function parseLine(text: string, number: number): StateLine {
  let line: Partial<Record<string, unknown>>;
  try {
    line = JSON.parse(text) as typeof line;
  } catch {
    throw badLine(number, 'it is no JSON');
  }
  if (typeof line !== 'object' || line === null) throw badLine(number, 'it is no object');
  const problem = problemOf(line);
  if (problem) throw badLine(number, problem);
  return line as StateLine;
}

function problemOf(line: Partial<Record<string, unknown>>): string | undefined {
  const texts = (...keys: string[]): string | undefined => {
    const wrong = keys.find((key) => typeof line[key] !== 'string');
    return wrong && `${wrong} is no text`;
  };
  switch (line['kind'] as StateKind) {
    case 'state':
      return line['version'] === version ? texts('pipeline') : 'the export is of another version';
    case 'asset':
      return assetProblem(line['row']);
    case 'edge':
      return edgeProblem(line['row']);
    case 'journal':
      return journalProblem(line['row']);
    case 'journalRun':
      return texts('runId', 'startedAt', ...(line['undoneAt'] === undefined ? [] : ['undoneAt']));
    case 'meta':
      return texts('key', 'value');
    case 'end':
      return Number.isInteger(line['lines']) ? undefined : 'lines is no number';
    default:
      return 'its kind is unknown';
  }
}

function badLine(number: number, problem: string): ConfigurationError {
  return new ConfigurationError('state.bad-import', `Line ${number} cannot be imported: ${problem}.`, {
    help: 'Nothing was changed. Give a whole file that “meridian state export” of this release has written.',
  });
}
