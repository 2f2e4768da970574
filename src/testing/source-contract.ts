import { setTimeout as sleep } from 'node:timers/promises';
import type { SourceIssue } from '../connectors/source.ts';
import type { RecordKind, SourceRecord } from '../model/records.ts';
import { type ContractWorld, type OpenedSource, openSource } from './contract-world.ts';
import { contextOf, readSource, type SourceReading } from './read-source.ts';
import { orderMistakes } from './record-order.ts';
import { shapeMistakes } from './record-shape.ts';
import { hear, plain, shownSecrets } from './said-aloud.ts';

export type { ContractConnection, ContractWorld } from './contract-world.ts';

/** A rule that every source keeps to. */
export interface ContractRule {
  /** What is asked for, as the name of a test. */
  readonly name: string;
  /** @throws ContractError with what is wrong */
  readonly check: () => Promise<void>;
}

/** A source breaks a rule of the contract; the message says where. */
export class ContractError extends Error {
  override name = 'ContractError';
}

/** Records that may still come once a source was told to stop: those that were on their way. */
const onTheirWay = 100;
/** Milliseconds until a source that was told to stop must have ended. */
const patience = 10_000;
/** Share of all requests or rows that tells that a source does not wait for who takes its records. */
const runAhead = 0.8;
/** Requests or rows below which nobody can tell whether a source reads ahead. */
const tellingSample = 4;

/**
 * The rules that every source keeps to, for whatever runs tests:
 *
 * ```js
 * import { test } from 'node:test';
 * import { sourceContract } from 'meridian-metadata/testing';
 *
 * for (const { name, check } of sourceContract(world)) test(name, check);
 * ```
 *
 * With vitest: `describe('as a source', () => { for (const { name, check } of sourceContract(world)) it(name, check); })`.
 * Servers are started in a `before` of their own; `connection` and `failing` are asked for only when a rule is checked.
 * A connector of Meridian's own gives its type as `connector`.
 */
export function sourceContract(world: ContractWorld): readonly ContractRule[] {
  const open = async (): Promise<OpenedSource> => openSource(world, await world.connection());
  const read = async (): Promise<SourceReading & OpenedSource> => {
    const opened = await open();
    return { ...opened, ...(await wholly(opened)) };
  };
  let first: ReturnType<typeof read> | undefined;
  // Read once for the rules that only look at the records.
  const sample = (): ReturnType<typeof read> => {
    first ??= read();
    return first;
  };
  return [
    {
      name: 'tests its connection step by step',
      check: async () => checkSteps(await open()),
    },
    {
      name: 'tells only records of the kinds that its spec names, each whole and with its names',
      check: async () => {
        const { records, spec } = await sample();
        if (records.length === 0) fail(['the sample gave no record at all']);
        fail(shapeMistakes(records, spec));
      },
    },
    {
      name: 'tells what a record needs before the record, and nothing twice',
      check: async () => fail(orderMistakes((await sample()).records)),
    },
    {
      name: 'tells the same in two readings',
      check: async () => fail(differences((await sample()).records, (await read()).records)),
    },
    ...(world.large === 'uncountable'
      ? []
      : [{ name: 'reads no further than a slow consumer lets it', check: async () => checkReadAhead(world) }]),
    {
      name: 'ends soon when it is told to stop, and reads nothing more',
      check: async () => checkStop(await open()),
    },
    {
      name: 'may be left in the middle, and closed more than once',
      check: async () => checkLeaving(await open()),
    },
    {
      name: 'says of each kind that it could not read whole that it is partial',
      check: async () => {
        const failing = await openSource(world, await world.failing());
        checkPartial((await sample()).records, await readSource(failing.source));
      },
    },
    {
      name: 'lets no secret out in records, messages, errors or logs',
      check: async () => checkSecrets(world),
    },
  ];
}

function fail(mistakes: readonly string[]): void {
  if (mistakes.length === 0) return;
  const more = mistakes.length > 10 ? `\n… and ${mistakes.length - 10} more` : '';
  throw new ContractError(`${mistakes.slice(0, 10).join('\n')}${more}`);
}

/** Reads to the end, which the sample must let it. */
async function wholly({ source }: OpenedSource): Promise<SourceReading> {
  const reading = await readSource(source);
  if (reading.error !== undefined) {
    throw new ContractError('The sample cannot be read: the source ended with an error.', { cause: reading.error });
  }
  const failed = reading.issues.filter(({ outcome }) => outcome === 'failed');
  fail(failed.map(({ kind, name, message }) => `of the sample this ${kind} cannot be read: ${name}: ${message}`));
  return reading;
}

async function checkSteps({ source }: OpenedSource): Promise<void> {
  let steps = 0;
  try {
    for await (const { name, ok, message } of source.test(new AbortController().signal)) {
      steps += 1;
      if (name.trim() === '' || message.trim() === '') fail([`step ${steps} has no name, or nothing to say`]);
      if (!ok) fail([`the step “${name}” failed on the sample: ${message}`]);
    }
  } finally {
    await source.close();
  }
  if (steps === 0) fail(['test() gives no step at all']);
}

function differences(one: readonly SourceRecord[], other: readonly SourceRecord[]): readonly string[] {
  const counts = new Map<string, number>();
  const count = (record: SourceRecord, by: number): void => {
    const text = JSON.stringify(record, sorted);
    counts.set(text, (counts.get(text) ?? 0) + by);
  };
  for (const record of one) count(record, 1);
  for (const record of other) count(record, -1);
  return [...counts]
    .filter(([, times]) => times !== 0)
    .map(([text, times]) => `only in the ${times > 0 ? 'first' : 'second'} reading: ${text.slice(0, 300)}`);
}

function sorted(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** Waits until a count stands still: nothing tells that nothing is happening. */
async function settled(count: () => number): Promise<number> {
  let before = count();
  for (let quiet = 0; quiet < 5; ) {
    await sleep(20);
    const now = count();
    quiet = now === before ? quiet + 1 : 0;
    before = now;
  }
  return before;
}

async function checkReadAhead(world: ContractWorld): Promise<void> {
  const large = typeof world.large === 'function' ? world.large : world.connection;
  const { source } = await openSource(world, await large());
  const taken = world.taken ?? (() => source.requestCount());
  const begin = taken();
  const pauses: { readonly kind: RecordKind; readonly told: number; readonly taken: number }[] = [];
  let told = 0;
  try {
    for await (const { kind } of source.records(contextOf(new AbortController().signal, []))) {
      // The consumer is slow at the first record of each kind.
      if (!pauses.some((pause) => pause.kind === kind)) {
        pauses.push({ kind, told, taken: (await settled(taken)) - begin });
      }
      told += 1;
    }
  } finally {
    await source.close();
  }
  const all = taken() - begin;
  if (all < tellingSample) {
    fail([
      `it takes ${all} requests (or rows) to read the sample: too few to tell. Give a larger one in “large”, or count rows in “taken”.`,
    ]);
  }
  const far = pauses.find((pause) => pause.told < told / 2 && pause.taken > all * runAhead);
  if (far) {
    const { kind, taken: early } = far;
    fail([
      `at the first ${kind}, ${early} of ${all} requests (or rows) had been taken, though ${told - far.told} of ${told} records were still to come`,
    ]);
  }
}

async function checkStop({ source }: OpenedSource): Promise<void> {
  const abort = new AbortController();
  const records = source.records(contextOf(abort.signal, []))[Symbol.asyncIterator]();
  await records.next();
  abort.abort();
  let more = 0;
  const drained = (async (): Promise<boolean> => {
    try {
      while (!(await records.next()).done) more += 1;
    } catch {
      // Ending with an error is an end, too.
    }
    return true;
  })();
  const timer = new AbortController();
  const ended = await Promise.race([drained, sleep(patience, false, { signal: timer.signal }).catch(() => false)]);
  timer.abort();
  if (!ended) fail([`it had not ended ${patience / 1000} s after it was told to stop`]);
  await source.close();
  const requests = (): number => source.requestCount();
  const atEnd = requests();
  if ((await settled(requests)) > atEnd) fail(['it went on reading after it was closed']);
  if (more > onTheirWay) fail([`${more} more records came after it was told to stop; at most ${onTheirWay} may`]);
}

async function checkLeaving({ source }: OpenedSource): Promise<void> {
  for await (const _record of source.records(contextOf(new AbortController().signal, []))) break;
  await source.close();
  await source.close();
}

function checkPartial(whole: readonly SourceRecord[], { records, issues, error }: SourceReading): void {
  // Nothing is deleted after an error: all is partial then.
  if (error !== undefined) return;
  const counts = (of: readonly SourceRecord[]): Map<RecordKind, number> =>
    of.reduce((sum, { kind }) => sum.set(kind, (sum.get(kind) ?? 0) + 1), new Map<RecordKind, number>());
  const now = counts(records);
  const missing = [...counts(whole)].filter(([kind, count]) => (now.get(kind) ?? 0) < count);
  const partial = new Set(issues.filter(isFailure).map(({ kind }) => kind));
  if (missing.length === 0 && partial.size === 0) fail(['“failing” did not fail: everything was read']);
  fail(
    missing
      .filter(([kind]) => !partial.has(kind))
      .map(
        ([kind, count]) =>
          `${count - (now.get(kind) ?? 0)} of ${count} records of kind ${kind} are missing, and no issue with the outcome “failed” ` +
          `says so: they would be taken for deleted`,
      ),
  );
}

const isFailure = ({ outcome }: SourceIssue): boolean => outcome === 'failed';

async function checkSecrets(world: ContractWorld): Promise<void> {
  const mistakes: string[] = [];
  for (const [what, connection] of [
    ['the sample', world.connection],
    ['the failing one', world.failing],
  ] as const) {
    const heard = await hear(async () => {
      const opened = await openSource(world, await connection());
      const reading = await readSource(opened.source);
      const tested = await openSource(world, await connection());
      const steps = [];
      for await (const step of tested.source.test(new AbortController().signal)) steps.push(step);
      await tested.source.close();
      return { reading, steps, learnt: [...opened.learnt, ...tested.learnt] };
    });
    const { reading, steps, learnt } = heard.result;
    const secrets = [...world.secrets, ...learnt];
    const places: readonly (readonly [string, string])[] = [
      ['a record', JSON.stringify(reading.records)],
      ['an issue', JSON.stringify(reading.issues)],
      ['the error at its end', JSON.stringify(plain(reading.error)) ?? ''],
      ['a step of test()', JSON.stringify(steps)],
      ['what was printed or logged', heard.said],
    ];
    for (const [place, text] of places) {
      const shown = shownSecrets(text, secrets);
      if (shown.length > 0) mistakes.push(`${place} shows secret ${shown.join(', ')} while ${what} is read`);
    }
  }
  fail(mistakes);
}
