import { createServer, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { AtlasClient } from '../atlas-client.ts';
import { content, read, readFrom, start } from '../read-source.testing.ts';
import { createAtlasAuth } from './atlas-auth.ts';
import { ssoUrlOf } from './sso-url.ts';

const signal = new AbortController().signal;
const knoxPath = '/gateway/company/atlas';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  vi.restoreAllMocks();
  for (const close of closing.splice(0)) await close();
});

interface Given {
  readonly ssoUrl?: string;
  readonly password?: string;
  readonly learnt?: string[];
}

function clientOf(hostPort: string, { ssoUrl, password = 'admin', learnt = [] }: Given = {}): AtlasClient {
  const signIn = { auth: 'knoxsso', hostPort, ssoUrl, username: 'admin', password };
  const auth = createAtlasAuth(signIn, { learn: (secret) => learnt.push(secret) });
  const client = new AtlasClient({ hostPort, auth, retries: 0 });
  closing.push(() => client.close());
  return client;
}

/** A server in KnoxSSO's place that answers every request in one way. */
async function inPlaceOfServer(
  status: number,
  headers: OutgoingHttpHeaders,
  page = '',
): Promise<[string, IncomingMessage[]]> {
  const seen: IncomingMessage[] = [];
  const server = createServer((req, res) => {
    seen.push(req);
    res.writeHead(status, headers).end(page);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return [`http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen];
}

describe('at KnoxSSO’s login form', () => {
  it('one sign-in is enough to read everything', async () => {
    const direct = await read((await start()).url);
    const gateway = await start({ knoxPath, knoxSso: true });
    const learnt: string[] = [];
    const reading = await readFrom(clientOf(gateway.url, { learnt }));
    expect(content(reading)).toEqual(content(direct));
    expect(reading.lineage).toEqual(direct.lineage);
    expect(reading.issues).toEqual(direct.issues);
    expect(gateway.requests()).toBe(direct.requests + 1);
    expect(learnt).toEqual([expect.stringMatching(/^eyJ[\w.-]+$/)]);
  });

  it('a cookie that has ended is replaced, also before a request that searches', async () => {
    const gateway = await start({ knoxPath, knoxSso: true, sessionRequests: 1 });
    const learnt: string[] = [];
    const client = clientOf(gateway.url, { learnt });
    let now = Date.now();
    vi.spyOn(Date, 'now').mockImplementation(() => now);
    await client.version(signal);
    now += 60_000;
    expect(await client.count('hive_table', signal)).toBeGreaterThan(0);
    now += 60_000;
    await client.version(signal);
    expect(new Set(learnt).size).toBe(3);
  });

  it('a gateway that does not take the cookie is asked twice, and no more', async () => {
    const gateway = await start({ knoxPath, knoxSso: true, sessionRequests: 0 });
    await expect(clientOf(gateway.url).version(signal)).rejects.toMatchObject({ code: 'http.redirect' });
    expect(gateway.requests()).toBe(3);
  });

  it('a wrong password is told after one try, and not shown', async () => {
    const gateway = await start({ knoxPath, knoxSso: true });
    const error: unknown = await clientOf(gateway.url, { password: 'wrong-word' })
      .version(signal)
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'http.not-signed-in', message: expect.stringMatching(/KnoxSSO.*401/) });
    expect(JSON.stringify(error)).not.toContain('wrong-word');
    expect(gateway.requests()).toBe(1);
  });

  it('sends what the form sends, and follows no redirect', async () => {
    const gateway = await start({ knoxPath, knoxSso: true });
    const back = { location: gateway.url, 'set-cookie': ['other=1; Path=/', 'hadoop-jwt=of-another-knox; Path=/'] };
    const [origin, seen] = await inPlaceOfServer(303, back);
    const learnt: string[] = [];
    const ssoUrl = `${origin}/gateway/idp/api/v1/websso`;
    await expect(clientOf(gateway.url, { ssoUrl, learnt }).version(signal)).rejects.toThrow(/redirects/);
    const { method, url, headers } = seen[0]!;
    expect([method, headers.authorization]).toEqual(['POST', `Basic ${btoa('admin:admin')}`]);
    expect(url).toBe(`/gateway/idp/api/v1/websso?originalUrl=${encodeURIComponent(gateway.url)}`);
    expect(learnt).toEqual(['of-another-knox']);
  });

  it('goes along with the cookies of Atlas’ own session', async () => {
    const session = { 'content-type': 'application/json', 'set-cookie': 'ATLASSESSIONID=of-atlas; Path=/' };
    const [origin, seen] = await inPlaceOfServer(200, session, '{"Version": "2.5.0"}');
    const given = { location: origin + knoxPath, 'set-cookie': 'hadoop-jwt=of-knox; Path=/' };
    const [ssoUrl] = await inPlaceOfServer(303, given);
    const client = clientOf(origin + knoxPath, { ssoUrl });
    await client.version(signal);
    await client.version(signal);
    const cookies = seen.map(({ headers }) => headers.cookie);
    expect(cookies).toEqual(['hadoop-jwt=of-knox', 'hadoop-jwt=of-knox; ATLASSESSIONID=of-atlas']);
  });

  const atlas = 'http://127.0.0.1:9/gateway/company/atlas';
  it.each<[string, number, OutgoingHttpHeaders, string]>([
    ['its page again', 200, { 'content-type': 'text/html' }, 'atlas.sso-refused'],
    ['a redirect to its page', 302, { location: '/gateway/knoxsso/knoxauth/login.html' }, 'atlas.sso-refused'],
    ['no cookie', 303, { location: atlas }, 'atlas.sso-no-cookie'],
    ['nothing', 204, {}, 'atlas.sso-no-cookie'],
    ['an empty cookie', 303, { location: atlas, 'set-cookie': 'hadoop-jwt=; Path=/' }, 'atlas.sso-no-cookie'],
    [
      'a cookie for https',
      303,
      { location: atlas, 'set-cookie': 'hadoop-jwt=a; Path=/; Secure' },
      'atlas.sso-no-cookie',
    ],
    ['a cookie for a path', 303, { location: atlas, 'set-cookie': 'hadoop-jwt=a; Path=/hue' }, 'atlas.sso-no-cookie'],
    ['another host', 302, { location: 'https://idp.example/saml?secret=1' }, 'atlas.sso-redirect'],
    [
      'another host, with a cookie',
      303,
      { location: '//evil.example', 'set-cookie': 'hadoop-jwt=a; Path=/' },
      'atlas.sso-redirect',
    ],
    ['an address that is none', 302, { location: 'http://[::1' }, 'atlas.sso-redirect'],
  ])('%s in answer is told for what it is', async (_, status, headers, code) => {
    const [origin, seen] = await inPlaceOfServer(
      status,
      headers,
      status === 200 ? '<html><title>Knox</title></html>' : '',
    );
    const ssoUrl = `${origin}/gateway/knoxsso/api/v1/websso`;
    const error: unknown = await clientOf(atlas, { ssoUrl })
      .version(signal)
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code, exitCode: 3 });
    expect(String(error)).not.toContain('secret=1');
    expect(seen).toHaveLength(1);
  });
});

it.each([
  ['https://knox:8443/gateway/company/atlas', 'https://knox:8443/gateway/knoxsso/api/v1/websso'],
  ['https://knox:8443/gateway/company/atlas/api/atlas/v2/', 'https://knox:8443/gateway/knoxsso/api/v1/websso'],
  ['https://lake.example/my-lake/cdp-proxy/atlas/', 'https://lake.example/my-lake/knoxsso/api/v1/websso'],
  ['https://atlas.example:21443', undefined],
  ['https://atlas.example/atlas/api/atlas', undefined],
  ['no address', undefined],
])('behind %s KnoxSSO is at %s', (hostPort, ssoUrl) => {
  expect(ssoUrlOf(hostPort)).toBe(ssoUrl);
});
