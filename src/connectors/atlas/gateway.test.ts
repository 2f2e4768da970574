import { describe, expect, it } from 'vitest';
import { content, read, start } from './read-source.testing.ts';

/** How gateways and Cloudera put Atlas behind a path of theirs. */
const places = [
  ['Knox', '/gateway/sandbox/atlas', ''],
  ['Knox, with the path of the API', '/gateway/sandbox/atlas', '/api/atlas'],
  ['Knox, with the path of the API’s second version', '/gateway/sandbox/atlas', '/api/atlas/v2/'],
  ['a Cloudera data lake', '/my-lake/cdp-proxy-api/atlas', '/'],
] as const;

describe.each(places)('behind %s', (_, knoxPath, more) => {
  it('everything is read as without it, in one session', async () => {
    const direct = await read((await start()).url);
    const gateway = await start({ knoxPath, sessionRequests: 1_000_000 });
    const reading = await read(gateway.url + more);
    expect(content(reading)).toEqual(content(direct));
    expect(reading.lineage).toEqual(direct.lineage);
    expect(reading.issues).toEqual(direct.issues);
    // One sign-in: no request went out twice.
    expect(reading.requests).toBe(direct.requests);
  });
});

it('a session that ends on the way is opened anew, and nothing is missing', async () => {
  const direct = await read((await start()).url);
  const gateway = await start({ knoxPath: '/gateway/sandbox/atlas', sessionRequests: 3 });
  const reading = await read(gateway.url, { retries: 0 });
  expect(content(reading)).toEqual(content(direct));
  expect(reading.lineage).toEqual(direct.lineage);
  expect(reading.issues).toEqual(direct.issues);
});

it('a wrong password is told after one try', async () => {
  const gateway = await start({ knoxPath: '/gateway/sandbox/atlas', sessionRequests: 10 });
  await expect(read(gateway.url, { password: 'wrong' })).rejects.toMatchObject({ code: 'http.not-signed-in' });
  expect(gateway.requests()).toBe(1);
});
