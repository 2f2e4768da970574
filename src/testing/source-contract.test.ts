import { describe, expect, it } from 'vitest';
import { defineConnector } from '../connectors/external/define-connector.ts';
import type { Source, SourceContext } from '../connectors/source.ts';
import type { ServiceRecord, SourceRecord, TableRecord } from '../model/records.ts';
import { sourceContract } from './source-contract.ts';

type Fault =
  | 'none'
  | 'unnamed'
  | 'stranger'
  | 'early'
  | 'twice'
  | 'other'
  | 'greedy'
  | 'deaf'
  | 'fragile'
  | 'silent'
  | 'loud'
  | 'talks'
  | 'untested';

const password = 'shop-password-17';
const provenance = (name: string) => ({ id: name, typeName: 'table', qualifiedName: name });
const service: ServiceRecord = { kind: 'databaseService', path: ['shop'], serviceType: 'CustomDatabase' };
const around: readonly SourceRecord[] = [
  service,
  { kind: 'database', path: ['shop', 'main'], tags: [], provenance: provenance('main') },
  { kind: 'databaseSchema', path: ['shop', 'main', 'public'], tags: [], provenance: provenance('public') },
];
const table = (i: number, description: string): TableRecord => ({
  ...{ kind: 'table', path: ['shop', 'main', 'public', `t${i}`], tableType: 'Regular', tags: [] },
  ...{ provenance: provenance(`t${i}`), columns: [], description },
});

/** Reads 400 tables of a server that is none, ten a request; breaks one rule of the contract, or none. */
class ShopSource implements Source {
  readonly emits = ['databaseService', 'database', 'databaseSchema', 'table'] as const;
  readonly #fault: Fault;
  readonly #fails: boolean;
  #requests = 0;
  #isClosed = false;

  constructor(fault: Fault, fails: boolean) {
    this.#fault = fault;
    this.#fails = fails;
  }

  async *test() {
    if (this.#fault !== 'untested') yield { name: 'sign in', ok: true, message: 'as reader' };
  }

  async *records({ signal, report }: SourceContext): AsyncIterable<SourceRecord> {
    if (this.#fault === 'early') yield table(0, 'a table');
    yield* around;
    if (this.#fault === 'unnamed') yield { ...table(0, 'a table'), path: ['shop', 'main', 'public', ' '] };
    if (this.#fault === 'stranger') {
      yield { kind: 'tag', path: ['PII'], description: 'personal' };
    }
    if (this.#fault === 'greedy') this.#requests += 40;
    if (this.#fault === 'talks') console.info(`signing in with ${password}`);
    for (let page = 0; page < 40; page += 1) {
      if (this.#fault !== 'deaf') signal.throwIfAborted();
      if (this.#fault !== 'greedy') this.#requests += 1;
      if (this.#fails && page === 20) {
        if (this.#fault === 'silent') return;
        const message =
          this.#fault === 'loud' ? `no entry with ${Buffer.from(password).toString('base64')}` : 'no answer';
        report({ outcome: 'failed', kind: 'table', reason: 'no-answer', name: 'page 20', message });
        return;
      }
      for (let i = page * 10; i < page * 10 + 10; i += 1) {
        yield table(i, this.#fault === 'other' ? `read at ${performance.now()}` : 'a table');
      }
    }
    if (this.#fault === 'twice') yield table(7, 'a table');
  }

  requestCount(): number {
    return this.#requests;
  }

  async close(): Promise<void> {
    if (this.#fault === 'fragile' && this.#isClosed) throw new Error('closed already');
    this.#isClosed = true;
  }
}

const connector = (fault: Fault) =>
  defineConnector({
    spec: {
      type: 'Shop',
      title: 'Shop',
      summary: 'Reads a shop.',
      emits: ['databaseService', 'database', 'databaseSchema', 'table'],
      capabilities: [],
      defaultMode: 'create',
      connection: {
        type: 'object',
        additionalProperties: false,
        properties: { pin: { type: 'string', format: 'password' }, fails: { type: 'boolean' } },
      },
    },
    settings: (connection: { readonly fails?: boolean }) => ({
      type: 'Shop',
      place: 'shop',
      fails: connection.fails ?? false,
    }),
    create: ({ fails }) => new ShopSource(fault, fails),
  });

/** The rules of this name that a connector with a fault breaks, with what is said. */
async function broken(fault: Fault, only = /./): Promise<Readonly<Record<string, string>>> {
  const rules = sourceContract({
    connector: connector(fault),
    connection: () => ({ pin: password }),
    failing: () => ({ pin: password, fails: true }),
    secrets: [password],
  });
  const found: Record<string, string> = {};
  for (const { name, check } of rules.filter((rule) => only.test(rule.name))) {
    try {
      await check();
    } catch (error) {
      found[name] = String(error);
    }
  }
  return found;
}

describe('the contract of sources', () => {
  it('is kept by a source that does all of it', async () => {
    expect(await broken('none')).toEqual({});
  });

  it.each([
    ['unnamed', /each whole/, /an empty name at path\.3/],
    ['stranger', /each whole/, /\(tag PII\) is of a kind that spec\.emits does not name/],
    ['early', /before the record/, /the table shop\.main\.public\.t0 came before the databaseService shop/],
    ['twice', /before the record/, /the table shop\.main\.public\.t7 was told twice/],
    ['other', /two readings/, /only in the first reading/],
    ['greedy', /slow consumer/, /at the first table, 40 of 40 requests/],
    ['deaf', /told to stop/, /more records came after it was told to stop/],
    ['fragile', /closed more than once/, /closed already/],
    ['silent', /partial/, /200 of 400 records of kind table are missing/],
    ['loud', /no secret/, /an issue shows secret 1 while the failing one is read/],
    ['talks', /no secret/, /what was printed or logged shows secret 1/],
    ['untested', /step by step/, /no step at all/],
  ] as const)('catches a source that is %s', async (fault, rule, words) => {
    expect(Object.values(await broken(fault, rule))).toEqual([expect.stringMatching(words)]);
  });
});
