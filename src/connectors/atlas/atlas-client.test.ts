import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { AtlasClient } from './atlas-client.ts';
import type { AtlasReader } from './atlas-reader.ts';
import { start } from './read-source.testing.ts';

const recorded = join(import.meta.dirname, '..', '..', '..', '..', 'shared', 'atlas', 'recorded');
const { signal } = new AbortController();
const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

function clientOf(url: string): AtlasClient {
  const client = new AtlasClient({ hostPort: url, username: 'admin', password: 'admin' });
  open.push(() => client.close());
  return client;
}

async function glossariesOf(reader: AtlasReader) {
  const found = [];
  for await (const { glossary, categories, terms } of reader.glossaries(signal)) {
    const read = [];
    for await (const term of terms) read.push(term);
    found.push({ glossary, categories, terms: read });
  }
  return found;
}

describe.skipIf(!existsSync(recorded))('glossaries of a real server', () => {
  it('come with all that the API tells of their categories and terms', async () => {
    const atlas = await start({ dataDir: recorded });
    const answer = (name: string) => JSON.parse(readFileSync(join(recorded, `${name}.json`), 'utf8'));
    expect(await glossariesOf(clientOf(atlas.url))).toEqual([
      {
        glossary: answer('glossary')[0],
        categories: answer('glossary-categories'),
        terms: answer('glossary-terms'),
      },
    ]);
  });
});

it('a long list of terms is read to its end, page by page', async () => {
  const terms = Array.from({ length: 1203 }, (_, i) => ({ guid: `t${i}`, name: `term ${i}` }));
  let largest = 0;
  const server = createServer((req, res) => {
    const url = new URL(req.url!, 'http://atlas');
    const limit = Number(url.searchParams.get('limit'));
    const offset = Number(url.searchParams.get('offset'));
    const list = url.pathname.endsWith('/terms') ? terms : url.pathname.endsWith('/glossary') ? [{ guid: 'g' }] : [];
    const page = list.slice(offset, offset + limit);
    largest = Math.max(largest, page.length);
    res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(page));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push(
    () => server.close(),
    () => server.closeAllConnections(),
  );
  const [reading] = await glossariesOf(clientOf(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
  expect(reading!.terms).toEqual(terms);
  expect(largest).toBeLessThan(terms.length);
});
