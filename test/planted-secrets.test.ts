import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../sandbox/start-sandbox.ts';
import { recordingTerminal } from '../src/cli/recording-terminal.testing.ts';
import { runCli } from '../src/cli/run-cli.ts';
import { type EchoingProxy, echoOf, startEchoingProxy } from './echoing-proxy.ts';

/** Each of another origin, unmistakable, and with what encodings change. */
const planted = {
  atlasPassword: 'pl4nted "atlas" p@ss/wörd&<1>',
  clientSecret: 'pl4nted-client/secret+of=oidc',
  runTimeToken: 'pl4nted.token.that-a-sign-in-got',
  header: 'pl4nted-header-in-the-recipe',
  variable: 'pl4nted-variable-of-the-environment',
  file: 'pl4nted-file-beside-the-recipe',
  airflow: 'pl4nted-airflow-p@ssword',
};

/** What somebody could read out of a text, who tries the usual encodings. */
function readings(text: string): string {
  const percent = (value: string): string =>
    value.replace(/(?:%[\dA-Fa-f]{2})+/g, (codes) => Buffer.from(codes.replaceAll('%', ''), 'hex').toString('utf8'));
  const unescaped = (value: string): string =>
    value
      .replace(/\\u([\da-f]{4})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
      .replaceAll(/\\+(["/\\])/g, '$1');
  const html = (value: string): string =>
    value.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&');
  const base64 = [...text.matchAll(/[\w+/-]{16,}={0,2}/g)].flatMap(([code]) =>
    [0, 1, 2, 3].map((from) => Buffer.from(code.slice(from), 'base64').toString('utf8')),
  );
  const plain = [
    text,
    percent(text),
    unescaped(text),
    html(text),
    unescaped(unescaped(text)),
    percent(unescaped(text)),
    html(unescaped(text)),
  ];
  return [...plain, ...base64, percent(base64.join('\n')), unescaped(base64.join('\n'))].join('\n');
}

/** Names of the secrets that show up in a text. */
function leaksIn(text: string): string[] {
  const seen = readings(text);
  return Object.entries(planted)
    .filter(([, secret]) => seen.includes(secret) || seen.includes(encodeURIComponent(secret)))
    .map(([name]) => name);
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile());
}

const folder = mkdtempSync(join(tmpdir(), 'meridian-planted-'));
const home = join(folder, 'home');
let sandbox: Sandbox;
const proxies: EchoingProxy[] = [];
let recipe: string;
/** Switched by each test: which requests are refused with an echo. */
let refuse: (server: 'atlas' | 'openmetadata' | 'provider', path: string, method: string) => boolean = () => false;

const env = {
  MERIDIAN_HOME: home,
  PATH: process.env['PATH'],
  PLANTED: planted.variable,
  AIRFLOW_CONN_ATLAS: `http://admin:${encodeURIComponent(planted.airflow)}@atlas.example/`,
};

beforeAll(async () => {
  sandbox = await startSandbox({
    atlas: { password: planted.atlasPassword },
    openmetadata: { botToken: planted.runTimeToken },
  });
  const before = async (name: 'atlas' | 'openmetadata' | 'provider', upstream: string) => {
    const proxy = await startEchoingProxy(upstream, (request) => {
      if (refuse(name, request.path, request.method)) return { status: 400, body: echoOf(request) + request.body };
      if (name !== 'provider') return undefined;
      return {
        status: 200,
        body: JSON.stringify({ access_token: planted.runTimeToken, token_type: 'Bearer', expires_in: 3600 }),
      };
    });
    proxies.push(proxy);
    return proxy.url;
  };
  const { origin, pathname } = new URL(sandbox.openmetadata.url);
  const urls = {
    atlas: await before('atlas', sandbox.atlas.url),
    openmetadata: `${await before('openmetadata', origin)}${pathname}`,
    provider: await before('provider', 'http://127.0.0.1:9'),
  };
  writeFileSync(join(folder, 'print.mjs'), `process.stdout.write(${JSON.stringify(planted.atlasPassword)})`);
  writeFileSync(join(folder, 'secret.txt'), `${planted.file}\n`);
  recipe = join(folder, 'recipe.json');
  writeFileSync(recipe, JSON.stringify(recipeFor(urls)), { mode: 0o600 });
});

afterAll(async () => {
  await Promise.all([sandbox.close(), ...proxies.map((proxy) => proxy.close())]);
  rmSync(folder, { recursive: true });
});

function recipeFor(urls: Readonly<Record<'atlas' | 'openmetadata' | 'provider', string>>, more: object = {}) {
  return {
    source: {
      type: 'Atlas',
      serviceName: 'planted_atlas',
      serviceConnection: {
        config: {
          type: 'Atlas',
          hostPort: urls.atlas,
          username: 'admin',
          password: `\${exec:"${process.execPath}" print.mjs}`,
          databaseServiceName: ['planted_hive'],
          messagingServiceName: [],
          entity_type: 'hive_table',
          connectionOptions: { one: '${env:PLANTED}', two: '${airflow:conn:atlas.password}' },
        },
      },
      sourceConfig: { config: { type: 'DatabaseMetadata' } },
    },
    sink: { type: 'metadata-rest', config: {} },
    workflowConfig: {
      openMetadataServerConfig: {
        hostPort: urls.openmetadata,
        authProvider: 'custom-oidc',
        securityConfig: {
          clientId: 'meridian',
          secretKey: planted.clientSecret,
          tokenEndpoint: `${urls.provider}/token`,
        },
        extraHeaders: { 'X-Api-Key': planted.header, 'X-Other': '${file:secret.txt}' },
      },
    },
    meridian: { mode: 'create', atlas: { retries: 0 } },
    ...more,
  };
}

interface Outcome {
  readonly code: number;
  readonly text: string;
}

/** Runs a command in this process, as at a terminal, with every stack trace. */
async function run(...argv: string[]): Promise<Outcome> {
  const { terminal, data, notes } = recordingTerminal({ env });
  const code = await runCli(['--verbose', ...argv], terminal);
  return { code, text: `${data()}\n${notes()}` };
}

describe('planted secrets', () => {
  it('are found by this test in every form that it looks for', () => {
    for (const [name, secret] of Object.entries(planted)) {
      const basic = Buffer.from(`admin:${secret}`).toString('base64');
      for (const text of [secret, encodeURIComponent(secret), JSON.stringify({ a: JSON.stringify(secret) }), basic]) {
        expect(leaksIn(`xx ${text} xx`)).toEqual([name]);
      }
    }
  });

  it('stay out of everything that a good run shows and writes', async () => {
    refuse = () => false;
    const shown: Outcome[] = [];
    const goes = async (...argv: string[]): Promise<void> => {
      const outcome = await run(...argv);
      expect(`${argv[0]} ${outcome.code} ${outcome.code === 0 ? '' : outcome.text}`).toBe(`${argv[0]} 0 `);
      shown.push(outcome);
    };
    await goes('validate', '-c', recipe);
    await goes('config', 'show', '-c', recipe);
    await goes('config', 'show', '-c', recipe, '-o', 'json');
    await goes('test', '-c', recipe);
    await goes('plan', '-c', recipe);
    await goes('plan', '-c', recipe, '-o', 'jsonl');
    await goes('export', '-c', recipe, '-o', join(folder, 'records.jsonl'));
    await goes('ingest', '-c', recipe, '--report', join(folder, 'report-good.json'), '-o', 'json');
    await goes('state', 'export', '-c', recipe, join(folder, 'state.jsonl'));
    await goes('state', 'list', '-c', recipe);
    await goes('doctor');
    for (const { text } of shown) expect(leaksIn(text)).toEqual([]);
    expect(shown.map(({ text }) => text).join()).toContain('***');
  });

  it('stay out of a run whose servers quote them in every refusal', async () => {
    let writes = 0;
    refuse = (server, path, method) => {
      if (server !== 'openmetadata' || !/\/(tables|lineage)\b/.test(path) || method === 'GET') return false;
      writes += 1;
      return writes % 2 === 1;
    };
    rmSync(home, { recursive: true, force: true });
    const [report, letters] = [join(folder, 'report-bad.json'), join(folder, 'letters.jsonl')];
    const other = join(folder, 'other.json');
    const again = JSON.parse(readFileSync(recipe, 'utf8'));
    again.source.serviceConnection.config.databaseServiceName = ['other_hive'];
    writeFileSync(other, JSON.stringify(again), { mode: 0o600 });
    const ingest = await run('ingest', '-c', other, '--report', report, '--dead-letters', letters);
    expect(ingest.code).not.toBe(0);
    const replay = await run('replay', '-c', other, letters);
    for (const text of [ingest.text, replay.text, readFileSync(report, 'utf8'), readFileSync(letters, 'utf8')]) {
      expect(leaksIn(text)).toEqual([]);
      expect(text.length).toBeGreaterThan(20);
    }
    expect(readFileSync(letters, 'utf8')).toMatch(/is refused for .*\*\*\*/);
    expect(() => JSON.parse(readFileSync(report, 'utf8'))).not.toThrow();
  });

  it.each(['atlas', 'openmetadata', 'provider'] as const)('stay out when %s refuses everything', async (server) => {
    refuse = (each) => each === server;
    for (const command of ['test', 'plan']) {
      const { code, text } = await run(command, '-c', recipe);
      expect(code).not.toBe(0);
      expect(leaksIn(text)).toEqual([]);
    }
  });

  it('stay out of what is said of a broken recipe', async () => {
    const broken = join(folder, 'broken.json');
    const { source, ...rest } = recipeFor({ atlas: 'nowhere', openmetadata: '${env:PLANTED}', provider: '' });
    const wrong = { ...rest, source: { ...source, type: '${env:PLANTED}', pasword: planted.header } };
    writeFileSync(broken, JSON.stringify(wrong), { mode: 0o600 });
    for (const output of ['text', 'json']) {
      const { code, text } = await run('validate', '-c', broken, '-o', output);
      expect(code).toBe(2);
      expect(leaksIn(text)).toEqual([]);
    }
  });

  it('stay out of what a crash prints', async () => {
    refuse = () => false;
    const crashing = join(folder, 'crashing.json');
    const module = join(folder, 'crash.mjs');
    const words = JSON.stringify(`crashed with ${planted.atlasPassword} and ${planted.runTimeToken}`);
    writeFileSync(
      module,
      `export default (record) => { setTimeout(() => { throw new Error(${words}); }); return new Promise(() => {}); };`,
    );
    const whole = JSON.parse(readFileSync(recipe, 'utf8'));
    const processor = { type: 'module', config: { path: module } };
    writeFileSync(crashing, JSON.stringify({ ...whole, processor }), { mode: 0o600 });
    const program = fileURLToPath(new URL('../bin/meridian.mjs', import.meta.url));
    const child = spawn(process.execPath, [program, '--verbose', 'ingest', '-c', crashing], {
      env: { ...env, NO_COLOR: '1' },
    });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        text += chunk;
      });
    }
    const code = await new Promise((resolve) => child.once('close', resolve));
    expect(code).toBe(1);
    expect(text).toContain('crashed with *** and ***');
    expect(leaksIn(text)).toEqual([]);
  });

  it('are in none of the files that these runs have left', () => {
    const inputs = /(recipe|other|broken|crashing|letters)\.json$|print\.mjs|crash\.mjs|secret\.txt/;
    const written = filesUnder(folder).filter((path) => !inputs.test(path));
    expect(written.filter((path) => /\.(db|jsonl|json)/.test(path)).length).toBeGreaterThan(4);
    for (const path of written) expect([path, leaksIn(readFileSync(path, 'latin1'))]).toEqual([path, []]);
    for (const path of written) expect([path, leaksIn(readFileSync(path, 'utf8'))]).toEqual([path, []]);
  });
});
