import { afterEach, describe, expect, it } from 'vitest';
import { AuthenticationError, ConfigurationError, ConnectionError, ResponseError } from '../errors.ts';
import { type Answer, type AnsweringServer, type Asked, answer, greeting } from './answering-server.testing.ts';
import { OpenMetadataClient } from './openmetadata-client.ts';
import { PatchConflict } from './patch-conflict.ts';
import type { ServerConfig } from './server-config.ts';

const signal = new AbortController().signal;
const notFound: Answer = { status: 404, body: { code: 404, message: 'no such thing' } };
const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function serve(handle: (asked: Asked) => Answer | 'drop'): Promise<AnsweringServer> {
  const server = await answer(handle);
  open.push(server);
  return server;
}

function clientOf(hostPort: string, more: Partial<ServerConfig> = {}): OpenMetadataClient {
  const config = { hostPort, authProvider: 'openmetadata', securityConfig: { jwtToken: 'secret-token' }, ...more };
  const client = new OpenMetadataClient(config, { retries: 2 });
  open.push(client);
  return client;
}

async function connected(
  version: string,
  handle: (asked: Asked) => Answer | 'drop',
): Promise<{ client: OpenMetadataClient; asked: Asked[] }> {
  const server = await serve((asked) => greeting(asked, version) ?? handle(asked));
  const client = clientOf(server.hostPort);
  await client.connect(signal);
  server.asked.length = 0;
  return { client, asked: server.asked };
}

describe('connecting', () => {
  it('finds the version and who we are', async () => {
    const server = await serve((asked) => greeting(asked, '1.4.3-SNAPSHOT') ?? notFound);
    const { capabilities, user } = await clientOf(server.hostPort).connect(signal);
    expect(capabilities.version).toMatchObject({ major: 1, minor: 4, patch: 3 });
    expect(user?.name).toBe('ingestion-bot');
    expect(server.asked.map(({ headers }) => headers.authorization)).toContain('Bearer secret-token');
  });

  it('says that /api is missing when the web pages answer', async () => {
    const server = await serve(() => ({ body: '<html><title>OpenMetadata</title></html>', type: 'text/html' }));
    const failure = await clientOf(server.hostPort.replace('/api', ''))
      .connect(signal)
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ConnectionError);
    expect(failure).toMatchObject({
      code: 'openmetadata.not-an-api',
      help: expect.stringMatching(/must end in \/api/),
    });
  });

  it.each([
    ['another server', { status: 404, body: 'not here', type: 'text/plain' }],
    ['a login page', { body: '<html><title>Sign in</title></html>', type: 'text/html' }],
    ['an answer without a version', { body: {} }],
    ['a redirect', { status: 302, body: '' }],
  ])('recognises %s', async (_, reply) => {
    const server = await serve(() => reply);
    await expect(clientOf(server.hostPort).connect(signal)).rejects.toMatchObject({ code: 'openmetadata.not-an-api' });
  });

  it('says that the token is refused, without showing it', async () => {
    const server = await serve((asked) =>
      asked.path.endsWith('/version')
        ? { body: { version: '1.1.0' } }
        : { status: 401, body: { code: 401, message: 'Expired token!' } },
    );
    const failure = await clientOf(server.hostPort)
      .connect(signal)
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(AuthenticationError);
    expect(failure).toMatchObject({ code: 'openmetadata.sign-in', exitCode: 3 });
    expect(`${(failure as Error).stack}${JSON.stringify(failure)}`).not.toContain('secret-token');
  });

  it('refuses a server that is too old', async () => {
    const server = await serve((asked) => greeting(asked, '1.0.4') ?? notFound);
    await expect(clientOf(server.hostPort).connect(signal)).rejects.toBeInstanceOf(ConfigurationError);
  });

  it('speaks to a server without sign-in', async () => {
    const server = await serve((asked) =>
      asked.path.endsWith('/version') ? { body: { version: '1.1.0' } } : notFound,
    );
    const { user } = await clientOf(server.hostPort, { authProvider: 'no-auth' }).connect(signal);
    expect(user).toBeUndefined();
    expect(server.asked[0]!.headers.authorization).toBe('Bearer no_token');
  });

  it('sends extra headers, which may take over others', async () => {
    const server = await serve((asked) => greeting(asked, '1.13.0') ?? notFound);
    const extraHeaders = { 'Proxy-Authorization': '%(Authorization)s', 'X-Share': '100%%' };
    await clientOf(server.hostPort, { extraHeaders }).connect(signal);
    expect(server.asked[0]!.headers).toMatchObject({
      'proxy-authorization': 'Bearer secret-token',
      'x-share': '100%',
    });
  });
});

describe('reading', () => {
  it('asks for a name as one encoded part of the path', async () => {
    const { client, asked } = await connected('1.1.0', () => ({ body: { id: '1', name: 'a.b/c' } }));
    await client.getByName('table', 's.d."a.b/c"', { fields: ['tags', 'owner'], include: 'all' }, signal);
    expect(asked[0]!.path).toBe('/v1/tables/name/s.d.%22a.b%2Fc%22');
    expect(Object.fromEntries(asked[0]!.query)).toEqual({ fields: 'tags,owner', include: 'all' });
  });

  it('gives each entity of a list once, though one moved to the next page meanwhile', async () => {
    const pages: Record<string, Answer> = {
      first: { body: { data: [{ id: '1' }, { id: '2' }], paging: { after: 'x', total: 3 } } },
      x: { body: { data: [{ id: '2' }, { id: '3' }], paging: { before: 'y', total: 3 } } },
    };
    const { client } = await connected('1.1.0', ({ query }) => pages[query.get('after') ?? 'first']!);
    const ids: string[] = [];
    for await (const { id } of client.list('table', { limit: 2 }, signal)) ids.push(id);
    expect(ids).toEqual(['1', '2', '3']);
  });

  it('never reads more than one page ahead', async () => {
    let page = 0;
    const { client, asked } = await connected('1.1.0', () => {
      page += 1;
      return { body: { data: [{ id: `${page}` }], paging: { after: `${page}` } } };
    });
    for await (const { id } of client.list('table', {}, signal)) if (id === '3') break;
    expect(asked.length).toBeLessThanOrEqual(4);
  });

  it('gives up a list whose cursor repeats, and one whose page is refused', async () => {
    const loop = await connected('1.1.0', () => ({ body: { data: [], paging: { after: 'same' } } }));
    const all = async (client: OpenMetadataClient): Promise<void> => {
      for await (const row of client.list('table', {}, signal)) expect(row).toBeDefined();
    };
    await expect(all(loop.client)).rejects.toMatchObject({ code: 'openmetadata.paging' });
    const half = await connected('1.1.0', ({ query }) =>
      query.has('after')
        ? { status: 400, body: { message: 'bad cursor' } }
        : { body: { data: [{ id: '1' }], paging: { after: 'x' } } },
    );
    await expect(all(half.client)).rejects.toBeInstanceOf(ResponseError);
  });

  it('reads versions, which come as texts', async () => {
    const text = JSON.stringify({
      version: 0.2,
      updatedBy: 'ann',
      changeDescription: {
        fieldsUpdated: [{ name: 'description', oldValue: 'a', newValue: 'b' }],
        previousVersion: 0.1,
      },
    });
    const { client } = await connected('1.1.0', () => ({ body: { entityType: 'table', versions: [text] } }));
    expect(await client.versions('table', '1', signal)).toEqual([
      {
        version: 0.2,
        updatedBy: 'ann',
        changeDescription: {
          fieldsAdded: [],
          fieldsUpdated: [{ name: 'description', oldValue: 'a', newValue: 'b' }],
          fieldsDeleted: [],
          previousVersion: 0.1,
        },
      },
    ]);
  });
});

describe('writing', () => {
  it('sends a PUT again that lost a race', async () => {
    let tries = 0;
    const { client } = await connected('1.1.0', () => {
      tries += 1;
      return tries < 3 ? { status: 409, body: { code: 409, message: 'Entity already exists' } } : { body: { id: '1' } };
    });
    expect(await client.put('table', { name: 't' }, signal)).toEqual({ id: '1' });
    expect(tries).toBe(3);
  });

  it('does not try for ever', async () => {
    const { client, asked } = await connected('1.1.0', () => ({ status: 409, body: { message: 'exists' } }));
    await expect(client.put('table', { name: 't' }, signal)).rejects.toMatchObject({ status: 409 });
    expect(asked.length).toBeLessThan(10);
  });

  it('sends again what was sent on a connection that dropped', async () => {
    let tries = 0;
    const { client } = await connected('1.1.0', () => {
      tries += 1;
      return tries === 1 ? 'drop' : { body: { id: '1' } };
    });
    expect(await client.put('table', { name: 't' }, signal)).toEqual({ id: '1' });
  });

  it.each([
    ['1.1.0', 500, { responseMessage: 'An exception: JsonPatch.Operation.TEST fails! Values are not equal' }],
    ['1.13.0', 412, { code: 412, message: 'changed' }],
  ])('tells a failed test of a patch on %s from a fault, and sends it once', async (version, status, body) => {
    const { client, asked } = await connected(version, () => ({ status, body }));
    const operations = [{ op: 'test', path: '/description', value: 'a' }] as const;
    await expect(client.patch('table', '1', operations, signal)).rejects.toBeInstanceOf(PatchConflict);
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({ method: 'PATCH', path: '/v1/tables/1', body: operations });
    expect(asked[0]!.headers['content-type']).toBe('application/json-patch+json');
  });

  it('takes another 500 to a patch for what it is', async () => {
    const { client } = await connected('1.1.0', () => ({ status: 500, body: { message: 'out of memory' } }));
    const failure = await client.patch('table', '1', [], signal).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ResponseError);
    expect(failure).not.toBeInstanceOf(PatchConflict);
  });
});

describe('writing many', () => {
  const bodies = ['a', 'b.c', 'd', 'e'].map((name) => ({ name, databaseSchema: 's.d.h', columns: [] }));

  it('gives the outcome of each row in order, as the server tells it in either form', async () => {
    const { client, asked } = await connected('1.12.0', () => ({
      body: {
        status: 'partialSuccess',
        successRequest: [{ request: 's.d.h."b.c"', status: 200 }],
        failedRequest: [
          { request: bodies[2], status: 400, message: 'bad name' },
          { request: 's.d.h.a', status: 403, message: 'not allowed' },
        ],
      },
    }));
    const results = await client.bulkPut('table', bodies.slice(0, 3), signal);
    expect(results).toEqual([
      { fqn: 's.d.h.a', ok: false, status: 403, message: 'not allowed' },
      { fqn: 's.d.h."b.c"', ok: true, status: 200 },
      { fqn: 's.d.h.d', ok: false, status: 400, message: 'bad name' },
    ]);
    expect(asked[0]).toMatchObject({ method: 'PUT', path: '/v1/tables/bulk', body: bodies.slice(0, 3) });
  });

  it('tries a row alone that lost a race, or that the answer forgot', async () => {
    const { client, asked } = await connected('1.12.0', ({ path }) =>
      path.endsWith('/bulk')
        ? {
            body: {
              successRequest: [{ request: 's.d.h.a' }],
              failedRequest: [{ request: 's.d.h."b.c"', status: 409 }],
            },
          }
        : { status: 201, body: { id: '1' } },
    );
    const results = await client.bulkPut('table', bodies.slice(0, 3), signal);
    expect(results.map(({ ok }) => ok)).toEqual([true, true, true]);
    expect(new Set(asked.slice(1).map(({ body }) => body))).toEqual(new Set(bodies.slice(1, 3)));
  });

  it.each([404, 405])('puts one by one where bulk is missing after all (%i), and asks only once', async (status) => {
    const { client, asked } = await connected('1.11.0', ({ path, body }) => {
      if (path.endsWith('/bulk')) return { status, body: { message: 'no such path' } };
      const { name } = body as { name: string };
      return name === 'd' ? { status: 400, body: { message: 'bad name' } } : { status: 201, body: { id: name } };
    });
    const results = await client.bulkPut('table', bodies, signal);
    expect(results.map(({ ok }) => ok)).toEqual([true, true, false, true]);
    expect(results[2]!.message).toContain('bad name');
    await client.bulkPut('table', bodies, signal);
    expect(asked.filter(({ path }) => path.endsWith('/bulk'))).toHaveLength(1);
  });

  it('never asks an older server for bulk', async () => {
    const { client, asked } = await connected('1.10.0', () => ({ body: { id: '1' } }));
    await client.bulkPut('table', bodies, signal);
    expect(asked.map(({ path }) => path)).toEqual(bodies.map(() => '/v1/tables'));
  });

  it('does not lose all rows to a refusal of the whole request', async () => {
    const { client } = await connected('1.13.0', ({ path }) =>
      path.endsWith('/bulk') ? { status: 413, body: 'too large' } : { body: { id: '1' } },
    );
    expect((await client.bulkPut('table', bodies, signal)).every(({ ok }) => ok)).toBe(true);
  });
});

describe('owners', () => {
  const users: Record<string, unknown> = {
    ann: { id: 'u-ann', name: 'ann', email: 'ann@example.org' },
    bob: { id: 'u-bob', name: 'bob', email: 'robert@elsewhere.example' },
    'ingestion-bot': { id: 'u-bot', name: 'ingestion-bot', isBot: true },
  };
  const teams: Record<string, unknown> = {
    finance: { id: 't-fin', name: 'finance', teamType: 'Group' },
    everyone: { id: 't-all', name: 'everyone', teamType: 'Department' },
  };
  const directory = ({ path }: Asked): Answer => {
    if (path === '/v1/users') return { body: { data: Object.values(users), paging: {} } };
    const [, kind, name] = /^\/v1\/(users|teams)\/name\/(.*)$/.exec(path) ?? [];
    const found = (kind === 'users' ? users : teams)[decodeURIComponent(name ?? '')];
    return found ? { body: found } : notFound;
  };

  it.each([
    ['ann', { id: 'u-ann', type: 'user' }],
    ['Ann', { id: 'u-ann', type: 'user' }],
    ['ann@example.org', { id: 'u-ann', type: 'user' }],
    ['Robert@elsewhere.example', { id: 'u-bob', type: 'user' }],
    ['bob@another.example', { id: 'u-bob', type: 'user' }],
    ['finance', { id: 't-fin', type: 'team' }],
  ])('knows %s', async (text, owner) => {
    const { client } = await connected('1.1.0', directory);
    expect(await client.findOwner(text, signal)).toMatchObject(owner);
  });

  it.each(['nobody', 'ingestion-bot', 'everyone', '', 'a"b', 'x@y.example'])('finds no owner in %j', async (text) => {
    const { client } = await connected('1.1.0', directory);
    expect(await client.findOwner(text, signal)).toBeUndefined();
  });

  it('asks for each once, also when asked at once, and again after a failure', async () => {
    let down = true;
    const { client, asked } = await connected('1.1.0', (one) =>
      down ? { status: 403, body: { message: 'no' } } : directory(one),
    );
    await expect(client.findOwner('ann', signal)).rejects.toBeInstanceOf(AuthenticationError);
    down = false;
    asked.length = 0;
    await Promise.all([client.findOwner('ann', signal), client.findOwner('ann', signal)]);
    await client.findOwner('ann', signal);
    expect(asked).toHaveLength(1);
  });
});

describe('custom properties', () => {
  const guid = { name: 'guid', description: 'where from', propertyType: 'string' } as const;
  const type = (name: string, customProperties: unknown[] = []): Answer => ({
    body: { id: `id-${name}`, name, customProperties },
  });

  it('creates one that is missing with the id of its field type', async () => {
    const { client, asked } = await connected('1.1.0', ({ path }) => type(path.split('/').at(-1)!));
    expect(await client.ensureCustomProperty('table', guid, signal)).toBe('string');
    expect(asked.at(-1)).toMatchObject({
      method: 'PUT',
      path: '/v1/metadata/types/id-table',
      body: { name: 'guid', description: 'where from', propertyType: { id: 'id-string', type: 'type' } },
    });
  });

  it('leaves one that is there, and says no where there can be none', async () => {
    const { client, asked } = await connected('1.1.0', ({ path }) =>
      path.endsWith('/table') ? type('table', [{ name: 'guid' }]) : notFound,
    );
    expect(await client.ensureCustomProperty('table', guid, signal)).toBe('string');
    expect(await client.ensureCustomProperty('topic', guid, signal)).toBeUndefined();
    expect(asked.every(({ method }) => method === 'GET')).toBe(true);
  });
});

describe('runs of an ingestion pipeline', () => {
  const status = {
    runId: 'r',
    pipelineState: 'stopped',
    startDate: 1,
    timestamp: 1,
    status: [{ name: 'Atlas', records: 1, warnings: 0, errors: 0, filtered: 0 }],
  } as const;

  it.each([
    ['1.1.0', { runId: 'r', pipelineState: 'failed', startDate: 1, timestamp: 1 }],
    ['1.5.0', { ...status, pipelineState: 'failed' }],
    ['1.12.0', status],
  ])('are told to %s in its words', async (version, body) => {
    const { client, asked } = await connected(version, () => ({ status: 201, body: {} }));
    await client.putPipelineStatus('atlas.nightly run', status);
    expect(asked[0]).toMatchObject({
      method: 'PUT',
      path: '/v1/services/ingestionPipelines/atlas.nightly%20run/pipelineStatus',
      body,
    });
  });

  it('keep the token that the server gives away to themselves', async () => {
    const secret = { securityConfig: { jwtToken: 'bot-token' } };
    const { client } = await connected('1.1.0', () => ({
      body: { id: '1', name: 'p', fullyQualifiedName: 's.p', openMetadataServerConnection: secret },
    }));
    expect(await client.getIngestionPipeline('s.p', signal)).toEqual({ id: '1', name: 'p', fqn: 's.p' });
  });
});
