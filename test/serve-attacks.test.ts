import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { EmbeddedEngine } from '../src/engine/embedded/embedded-engine.ts';
import { fixedAccount } from '../src/server/access/accounts.ts';
import { createServer } from '../src/server/create-server.ts';
import { managedBasePaths } from '../src/server/managed/register-managed-apis.ts';
import { basicHeader, testAccounts } from '../src/server/test-server.testing.ts';

const [managed] = managedBasePaths;
const secretFile = 'what-lies-beside.json';
const secretText = 'nobody may read this';
const secrets = { password: 'Pa55word-of-the-source', token: 'eyJhbGciOiJub25lIn0.t0ken-of-the-target.c2ln' };
/** Milliseconds in which a request has to be in. */
const requestTimeoutMs = 400;

let home: string;
let engine: EmbeddedEngine;
let app: FastifyInstance;
const log: string[] = [];

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'meridian-attacks-'));
  await writeFile(join(home, secretFile), secretText, { mode: 0o600 });
  engine = await EmbeddedEngine.open({ home, env: process.env, settings: { stopGraceSeconds: 1 } });
  const roles = ['admin', 'operator', 'viewer'] as const;
  const accounts = await Promise.all(
    roles.map((role) => fixedAccount(testAccounts[role].name, testAccounts[role].password, role)),
  );
  app = await createServer(
    { engine, history: engine.history, events: engine.history, home, env: {}, accounts },
    {
      requestTimeoutMs,
      bodyLimit: 200_000,
      apiToken: 'token-of-a-program',
      log: pino({ level: 'trace' }, { write: (line: string) => log.push(line) }),
    },
  );
  await app.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(async () => {
  await app?.close();
  await engine?.close();
  await rm(home, { recursive: true, force: true });
});

const recipe = (password: string) => ({
  source: {
    type: 'Atlas',
    serviceName: 'corp_atlas',
    serviceConnection: {
      config: {
        ...{ type: 'Atlas', hostPort: 'http://127.0.0.1:9', username: 'reader', password, entity_type: 'hive_table' },
        databaseServiceName: ['corp_hive'],
      },
    },
    sourceConfig: { config: { type: 'DatabaseMetadata' } },
  },
  sink: { type: 'metadata-rest', config: {} },
  workflowConfig: {
    openMetadataServerConfig: {
      ...{ hostPort: 'http://127.0.0.1:9/api', authProvider: 'openmetadata' },
      securityConfig: { jwtToken: secrets.token },
    },
  },
});
const pipeline = (id: string, more: object = {}) => ({
  ...{ id, pipelineType: 'metadata', schedule: {}, recipe: recipe(secrets.password) },
  ...more,
});
const post = (url: string, payload: object, headers: Record<string, string> = basicHeader('operator')) =>
  app.inject({ method: 'POST', url, payload, headers });

async function session(role: keyof typeof testAccounts): Promise<Record<string, string>> {
  const answer = await post('/api/session', testAccounts[role], {});
  return {
    cookie: answer.cookies.map(({ name, value }) => `${name}=${value}`).join('; '),
    token: answer.json().csrfToken,
  };
}

/** Ways of writing `..`, and of ending a path early. */
const climbs = ['../', '..%2f', '%2e%2e%2f', '..%5c', '....//', '%252e%252e%252f'].map(
  (up) => up.repeat(4) + secretFile,
);
const hostileNames = [
  ...climbs,
  `../${secretFile}`,
  '.',
  '..',
  '/etc/passwd',
  'a\0b',
  'C:\\x',
  `a/../../${secretFile}`,
];

describe('names that are paths', () => {
  it.each(hostileNames)('%j reaches no file', async (name) => {
    const encoded = encodeURIComponent(name);
    const asked = [
      `/assets/${name}`,
      `/${name}`,
      `/docs/static/${name}`,
      `/api/console/pipelines/${encoded}`,
      `/api/console/runs/${encoded}`,
      `/api/console/runs/${encoded}/log`,
      `/api/console/runs/${encoded}/dead-letters`,
      `${managed}/status?dag_id=${encoded}`,
      `${managed}/last_dag_logs?dag_id=${encoded}&task_id=ingestion_task`,
    ];
    for (const url of asked) {
      const answer = await app.inject({ url, headers: basicHeader('admin') });
      // “.” and “..” are other pages, by the rules of addresses.
      if (name.length > 2) expect([url, answer.statusCode >= 400]).toEqual([url, true]);
      expect(answer.body).not.toContain(secretText);
    }
    await app.inject({
      method: 'DELETE',
      url: `${managed}/delete?dag_id=${encoded}`,
      headers: basicHeader('operator'),
    });
    await app.inject({
      method: 'DELETE',
      url: `/api/console/pipelines/${encoded}`,
      headers: basicHeader('operator'),
    });
    const made = await post('/api/console/pipelines', pipeline(name));
    expect(made.statusCode).toBe(400);
    expect(await readFile(join(home, secretFile), 'utf8')).toBe(secretText);
  });
});

describe('requests that somebody else’s page makes a browser send', () => {
  it('need the token of the session', async () => {
    const { cookie, token } = await session('operator');
    const without = await post('/api/console/pipelines', pipeline('by_csrf'), { cookie: cookie! });
    expect([without.statusCode, without.json().code]).toEqual([403, 'server.csrf']);
    const wrong = await post('/api/console/pipelines', pipeline('by_csrf'), { cookie: cookie!, 'x-csrf-token': 'x' });
    expect(wrong.statusCode).toBe(403);
    const right = await post('/api/console/pipelines', pipeline('by_form'), {
      cookie: cookie!,
      'x-csrf-token': token!,
    });
    expect(right.statusCode).toBe(201);
  });

  it.each([
    [{ origin: 'https://evil.example' }],
    [{ origin: 'null' }],
    [{ 'sec-fetch-site': 'cross-site' }],
    [{ 'sec-fetch-site': 'same-site' }],
  ])('are refused by where they come from: %j', async (headers) => {
    // Even with a password that the browser remembers.
    const answer = await post('/api/console/pipelines', pipeline('by_page'), {
      ...basicHeader('admin'),
      ...headers,
    } as never);
    expect([answer.statusCode, answer.json().code]).toEqual([403, 'server.cross-site']);
    const signIn = await post('/api/session', testAccounts.viewer, headers as never);
    expect(signIn.statusCode).toBe(403);
  });

  it('cannot be sent by a form', async () => {
    const answer = await app.inject({
      method: 'POST',
      url: `${managed}/trigger`,
      headers: { ...basicHeader('operator'), 'content-type': 'application/x-www-form-urlencoded' },
      payload: 'dag_id=x',
    });
    expect(answer.statusCode).toBe(415);
  });
});

describe('what is not one’s own to do', () => {
  it('every route but the open ones wants a sign-in, and knows a wrong one', async () => {
    const { paths } = (await app.inject({ url: '/docs/json' })).json();
    const open = new Set(['/healthz', '/readyz', '/api/session', `${managedBasePaths.at(-1)}/health`]);
    let asked = 0;
    for (const [path, methods] of Object.entries<Record<string, unknown>>(paths)) {
      if (open.has(path)) continue;
      for (const method of Object.keys(methods)) {
        const url = path.replaceAll(/\{\w+\}/g, 'x');
        for (const headers of [{}, { authorization: 'Bearer wrong' }, { authorization: 'Basic !' }]) {
          const answer = await app.inject({
            method: method.toUpperCase() as 'GET',
            url,
            headers,
            remoteAddress: `192.0.2.${asked % 250}`,
          });
          expect([method, path, answer.statusCode]).toEqual([method, path, 401]);
          asked += 1;
        }
      }
    }
    expect(asked).toBeGreaterThan(60);
  });

  it('a viewer changes nothing', async () => {
    for (const [method, url] of [
      ['POST', '/api/console/pipelines'],
      ['DELETE', '/api/console/pipelines/by_form'],
      ['POST', '/api/console/pipelines/by_form/runs'],
      ['POST', `${managed}/trigger`],
      ['DELETE', `${managed}/delete?dag_id=by_form`],
    ] as const) {
      const answer = await app.inject({
        method,
        url,
        headers: basicHeader('viewer'),
        ...(method === 'POST' && { payload: {} }),
      });
      expect([url, answer.statusCode]).toEqual([url, 403]);
    }
  });

  it.each(['${exec:id}', '${file:/etc/passwd}', '${env:PATH}'])(
    'an operator’s recipe cannot have %s',
    async (reference) => {
      const written = { recipe: recipe(reference) };
      const made = await post('/api/console/pipelines', pipeline('by_operator', written));
      expect([made.statusCode, made.json().code]).toEqual([403, 'server.recipe-rights']);
      const changed = await app.inject({
        method: 'PUT',
        url: '/api/console/pipelines/by_form',
        headers: basicHeader('operator'),
        payload: pipeline('by_form', written),
      });
      expect(changed.statusCode).toBe(403);
      const tested = await post('/api/console/recipes/test', { recipe: recipe(reference) });
      expect(tested.statusCode).toBe(403);
    },
  );

  it('an operator’s recipe cannot name a connector by its path: its code does not run', async () => {
    const code = join(home, 'evil.mjs');
    const proof = join(home, 'it-ran');
    await writeFile(code, `import { writeFileSync } from 'node:fs'; writeFileSync(${JSON.stringify(proof)}, 'yes');`);
    const evil = { ...recipe(secrets.password), source: { ...recipe(secrets.password).source, type: code } };
    const wrapped = { openMetadataWorkflowConfig: evil };
    for (const written of [evil, wrapped]) {
      const made = await post('/api/console/pipelines', pipeline('by_path', { recipe: written }));
      expect([made.statusCode, made.json().code]).toEqual([403, 'server.recipe-rights']);
      expect((await post('/api/console/recipes/test', { recipe: written })).statusCode).toBe(403);
      const checked = await post('/api/console/recipes/check', { text: JSON.stringify(written) });
      expect(checked.body).toMatch(/takes the role admin/);
    }
    await expect(readFile(proof)).rejects.toThrow();
    // An admin's runs, so that what is seen here can be told from what never runs.
    await post('/api/console/pipelines', pipeline('by_path', { recipe: evil }), basicHeader('admin'));
    expect(await readFile(proof, 'utf8')).toBe('yes');
  });

  it('a stored secret goes to no other address, neither by a change nor by a test', async () => {
    await post('/api/console/pipelines', pipeline('with_kept_secret'));
    const shown = await app.inject({
      url: '/api/console/pipelines/with_kept_secret',
      headers: basicHeader('operator'),
    });
    const { createdAt: _c, updatedAt: _u, nextRun: _n, allowExec: _a, ...form } = shown.json();
    expect(form.recipe.source.serviceConnection.config.password).toBe('***');
    form.recipe.source.serviceConnection.config.hostPort = 'http://127.0.0.1:8';
    const changed = await app.inject({
      method: 'PUT',
      url: '/api/console/pipelines/with_kept_secret',
      headers: basicHeader('operator'),
      payload: form,
    });
    expect([changed.statusCode, changed.json().code]).toEqual([400, 'server.secret-again']);
    const tested = await post('/api/console/recipes/test', { recipe: form.recipe, pipelineId: 'with_kept_secret' });
    expect([tested.statusCode, tested.json().code]).toEqual([400, 'server.secret-again']);
  });

  it('an admin’s may run a command, an operator’s change of it takes that away', async () => {
    const written = { recipe: recipe('${exec:echo x}') };
    expect((await post('/api/console/pipelines', pipeline('by_admin', written), basicHeader('admin'))).statusCode).toBe(
      201,
    );
    expect((await engine.history.pipeline({ pipelineId: 'by_admin' })).allowExec).toBe(true);
    const changed = await app.inject({
      method: 'PUT',
      url: '/api/console/pipelines/by_admin',
      headers: basicHeader('operator'),
      payload: pipeline('by_admin', { recipe: recipe('plain') }),
    });
    expect(changed.statusCode).toBe(200);
    expect((await engine.history.pipeline({ pipelineId: 'by_admin' })).allowExec).not.toBe(true);
  });
});

describe('bodies and clients that do harm by their form', () => {
  it('a body beyond the limit is not read', async () => {
    const answer = await post(`${managed}/deploy`, { name: 'x'.repeat(300_000) });
    expect(answer.statusCode).toBe(413);
  });

  it.each([
    ['no JSON', '{"dag_id":'],
    ['a prototype', '{"dag_id":"x","__proto__":{"access":"public"}}'],
    ['a constructor', '{"dag_id":"x","constructor":{"prototype":{"a":1}}}'],
    ['deep nesting', `{"dag_id":${'['.repeat(20_000)}${']'.repeat(20_000)}}`],
    ['another kind', '{"dag_id":["x"]}'],
  ])('%s is refused, and nothing of the inside is told', async (_name, payload) => {
    const answer = await app.inject({
      method: 'POST',
      url: `${managed}/trigger`,
      headers: { ...basicHeader('operator'), 'content-type': 'application/json' },
      payload,
    });
    expect(answer.statusCode).toBe(400);
    expect(answer.body).not.toMatch(/node_modules|\.ts:|at \w+ \(/);
  });

  it('a failure of ours tells nothing of the inside', async () => {
    const inside = 'SQLITE_CORRUPT in /var/lib/inside/engine.db';
    const listing = vi.spyOn(engine, 'list').mockRejectedValue(new Error(inside));
    const answer = await app.inject({ url: '/api/console/pipelines', headers: basicHeader('viewer') });
    listing.mockRestore();
    expect([answer.statusCode, answer.json().code]).toEqual([500, 'server.failed']);
    expect(answer.body).not.toMatch(/SQLITE|inside\/|\.ts:/);
    // Who runs the service is told.
    expect(log.join('')).toContain(inside);
  });

  it.each([
    ['never ends its headers', 'GET /healthz HTTP/1.1\r\nHost: x\r\n'],
    [
      'never sends its body',
      'POST /api/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{',
    ],
  ])('a client that %s is sent away', async (_name, sent) => {
    const socket = connect(Number(new URL(app.listeningOrigin).port), '127.0.0.1');
    socket.write(sent);
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => chunks.push(chunk));
    await new Promise<void>((resolve) => socket.once('close', () => resolve()));
    expect(Buffer.concat(chunks).toString()).toMatch(/^(HTTP\/1\.1 408 |$)/);
    expect((await fetch(`${app.listeningOrigin}/healthz`)).status).toBe(200);
  });

  it('a name with line breaks becomes no header, and no line of its own in a log', async () => {
    const name = 'x\r\nSet-Cookie: planted=1\r\n{"who":"nobody"}';
    const answer = await app.inject({
      url: `${managed}/status?dag_id=${encodeURIComponent(name)}`,
      headers: basicHeader('operator'),
    });
    expect(answer.headers['set-cookie']).toBeUndefined();
    await post('/api/session', { name, password: 'wrong' }, {});
    const lines = (await readFile(join(home, 'audit.jsonl'), 'utf8')).trimEnd().split('\n');
    expect(lines.every((line) => JSON.parse(line).at !== undefined)).toBe(true);
  });

  it('nobody but a proxy says where a request comes from', async () => {
    const guess = (tries: number) =>
      app.inject({
        method: 'POST',
        url: '/api/session',
        remoteAddress: '198.51.100.7',
        headers: { 'x-forwarded-for': `203.0.113.${tries}`, forwarded: `for=203.0.113.${tries}` },
        payload: { name: 'ada', password: 'guess' },
      });
    const statuses: number[] = [];
    for (let tries = 0; tries < 6; tries += 1) statuses.push((await guess(tries)).statusCode);
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429]);
  });
});

describe('what is stored', () => {
  it('a script in a description stays a text', async () => {
    const description = '<script>alert(1)</script><img src=x onerror=alert(1)>';
    expect((await post('/api/console/pipelines', pipeline('with_script', { description }))).statusCode).toBe(201);
    const answer = await app.inject({ url: '/api/console/pipelines/with_script', headers: basicHeader('viewer') });
    expect(answer.json().description).toBe(description);
    expect(answer.headers).toMatchObject({
      'content-type': expect.stringMatching(/^application\/json/),
      'x-content-type-options': 'nosniff',
    });
    const page = await app.inject({ url: '/pipelines/with_script', headers: { accept: 'text/html' } });
    const policy = String(page.headers['content-security-policy']);
    expect(policy).toMatch(/script-src 'self'(;|$)/);
    expect(policy).not.toMatch(/unsafe/);
    // Nor does anybody show this page within their own, to have clicks go astray.
    expect(policy).toMatch(/frame-ancestors 'none'/);
    expect(page.headers['x-frame-options']).toBe('DENY');
    expect(page.body).not.toContain('alert(1)');
  });

  it('no secret is in an answer, in the log, or on disk in clear', async () => {
    await post('/api/console/pipelines', pipeline('with_secrets'));
    const shown = await app.inject({ url: '/api/console/pipelines/with_secrets', headers: basicHeader('admin') });
    const { runId } = await engine.trigger({ pipelineId: 'with_secrets' });
    for await (const event of engine.history.follow({ runId })) {
      if (event.type === 'state' && event.run.endedAt !== undefined) break;
    }
    const run = await app.inject({ url: `/api/console/runs/${runId}`, headers: basicHeader('viewer') });
    const files = await readdir(home, { recursive: true, withFileTypes: true });
    const contents = await Promise.all(
      files.filter((file) => file.isFile()).map((file) => readFile(join(file.parentPath, file.name), 'latin1')),
    );
    expect(contents.length).toBeGreaterThan(3);
    const planted = [
      ...Object.values(secrets),
      ...Object.values(testAccounts).map(({ password }) => password),
      'token-of-a-program',
    ];
    for (const secret of planted) {
      for (const text of [shown.body, run.body, log.join(''), ...contents]) expect(text.includes(secret)).toBe(false);
    }
  });
});
