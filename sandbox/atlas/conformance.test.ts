import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AtlasStandIn, startAtlas } from './start-atlas.ts';

const SHARED = join(import.meta.dirname, '../../../shared/atlas');
const FOLDERS = ['recorded', 'recorded-after-changes'].map((name) => join(SHARED, name));
const present = FOLDERS.every((folder) => existsSync(join(folder, 'index.json')));

interface Recorded {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string | readonly string[]>>;
  readonly body: unknown;
  readonly authorization: string;
  readonly status: number;
  readonly contentType: string | null;
  readonly file: string;
}

const CREDENTIALS: Readonly<Record<string, string | undefined>> = {
  'basic admin:admin': 'admin:admin',
  'basic, wrong password': 'admin:not this one',
};

/** Sorts every list: the real server promises no order, neither of entities nor of attributes nor of labels. */
function unordered(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value
      .map(unordered)
      .map((item) => JSON.stringify(item))
      .sort();
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const keys = Object.keys(value).filter((key) => key !== 'requestId');
  return Object.fromEntries(keys.sort().map((key) => [key, unordered((value as Record<string, unknown>)[key])]));
}

async function ask(server: AtlasStandIn, recorded: Recorded): Promise<Response> {
  const query = new URLSearchParams();
  for (const [name, values] of Object.entries(recorded.query)) {
    for (const value of [values].flat()) {
      query.append(name, value);
    }
  }
  const credentials = CREDENTIALS[recorded.authorization];
  return fetch(`${server.url}${recorded.path}?${query}`, {
    method: recorded.method,
    headers: {
      'Content-Type': 'application/json',
      ...(credentials === undefined ? {} : { Authorization: `Basic ${Buffer.from(credentials).toString('base64')}` }),
    },
    ...(recorded.body === null ? {} : { body: JSON.stringify(recorded.body) }),
  });
}

describe.runIf(!present)('conformance with a real server', () => {
  it.skip('needs the recorded answers in ../shared/atlas, which are not here', () => undefined);
});

for (const folder of present ? FOLDERS : []) {
  const index = JSON.parse(await readFile(join(folder, 'index.json'), 'utf8')) as Recorded[];

  describe(`conformance with ${folder.slice(SHARED.length + 1)}`, () => {
    let server: AtlasStandIn;
    beforeAll(async () => {
      server = await startAtlas({ dataDir: folder });
    });
    afterAll(() => server.close());

    it.each(index.map((recorded) => [recorded.name, recorded] as const))('%s', async (_, recorded) => {
      const expected = await readFile(join(folder, recorded.file));
      const answer = await ask(server, recorded);
      expect(answer.status).toBe(recorded.status);
      expect(answer.headers.get('content-type')).toBe(recorded.contentType);
      expect(answer.headers.get('x-meridian-stand-in')).toBe('atlas');
      const body = Buffer.from(await answer.arrayBuffer());
      if (recorded.file.endsWith('.zip')) {
        expect(body.equals(expected)).toBe(true);
      } else if (recorded.file.endsWith('.html')) {
        const message = /<title>(.*)<\/title>|reason: ([\w ]+)/.exec(expected.toString())?.[0] ?? 'no message';
        expect(body.toString()).toContain(message);
      } else {
        expect(unordered(JSON.parse(body.toString()))).toEqual(unordered(JSON.parse(expected.toString())));
      }
    });

    it('pages follow each other in the recorded order', async () => {
      const rows = async (name: string): Promise<string[]> => {
        const recorded = index.find((each) => each.name === name) as Recorded;
        const answer = (await (await ask(server, recorded)).json()) as { entities: { guid: string }[] };
        return answer.entities.map((entity) => entity.guid);
      };
      const all = await rows('search-hive_column');
      expect(await rows('search-hive_column-page-1')).toEqual(all.slice(0, 100));
      expect(await rows('search-hive_column-page-2')).toEqual(all.slice(100, 200));
    });
  });
}
