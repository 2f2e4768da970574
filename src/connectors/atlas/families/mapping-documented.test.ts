import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Reading, read, start } from '../read-source.testing.ts';
import { TypeRegistry } from '../type-registry.ts';
import type { Home } from './family.ts';
import { outerTypes } from './outer-types.ts';
import { instanceFamilies } from './read-holders.ts';
import { TypeHomes } from './type-homes.ts';

const root = join(import.meta.dirname, '../../../..');
const recorded = join(root, '../shared/atlas/recorded');
const page = readFileSync(join(root, 'docs/mapping.md'), 'utf8');

/** `| `type` | becomes | family | how |` */
const rows = new Map(
  [...page.matchAll(/^\| `(\w+)` \| ([a-z ]+) \| ([a-z0-9]*) \|/gm)].map(([, type, becomes, family]) => [
    type!,
    { becomes: becomes!, family: family! },
  ]),
);

const wordsOfPart = ['column', 'constraint', 'field', 'storage place'];

/** What the code makes of a type, in the page's words. */
function wordsOf(type: string, home: Home, registry: TypeRegistry): readonly string[] {
  switch (home.role) {
    case 'asset':
      return [home.kind === 'mlmodel' ? 'model' : home.kind!];
    case 'holder':
      return [holderWord(type, home, registry)];
    case 'part':
      return wordsOfPart;
    case 'process':
      return ['lineage'];
    case 'columnLineage':
      return ['column lineage'];
    case 'run':
      return ['run'];
    case 'vocabulary':
      return [type === 'AtlasGlossary' ? 'glossary' : 'term'];
    case 'internal':
      return ['not read'];
    default:
      return ['counted'];
  }
}

function holderWord(type: string, { family }: Home, registry: TypeRegistry): string {
  if (!instanceFamilies.has(family!)) return 'schema';
  let depth = 0;
  for (let at: string | undefined = type; at; at = outerTypes(at, { registry })[0]) depth += 1;
  return ['', 'service', 'database', 'schema'][depth]!;
}

describe.skipIf(!existsSync(recorded))('docs/mapping.md', () => {
  const registry = new TypeRegistry(JSON.parse(readFileSync(join(recorded, 'typedefs.json'), 'utf8')));
  const homes = new TypeHomes(registry);
  const shipped = [...homes.all()].filter(([type]) => type !== 'retail_dashboard');

  it('has one row for each type that Atlas ships, and no other', () => {
    expect(shipped).toHaveLength(123);
    expect([...rows.keys()].sort()).toEqual(shipped.map(([type]) => type).sort());
  });

  it.each(shipped)('%s becomes what its row says', (type, home) => {
    const row = rows.get(type)!;
    expect(wordsOf(type, home, registry)).toContain(row.becomes);
    if (row.becomes !== 'counted') expect(row.family).toBe(home.family ?? '');
  });
});

interface Live {
  readonly guid: string;
  readonly typeName: string;
  readonly attributes: Record<string, unknown>;
  readonly relationshipAttributes: Record<string, readonly { displayText: string }[]>;
}

describe.skipIf(!existsSync(recorded))('the recorded warehouse, read whole', () => {
  const registry = new TypeRegistry(JSON.parse(readFileSync(join(recorded, 'typedefs.json'), 'utf8')));
  const homes = new TypeHomes(registry);

  /** Every live entity of the server, in full. */
  async function liveEntities(url: string): Promise<Live[]> {
    const post = async (body: unknown): Promise<{ entities?: { guid: string }[] }> => {
      const headers = { authorization: `Basic ${btoa('admin:admin')}`, 'content-type': 'application/json' };
      const answer = await fetch(`${url}/api/atlas/v2/search/basic`, {
        method: 'POST',
        headers,
        body: JSON.stringify(body),
      });
      return (await answer.json()) as { entities?: { guid: string }[] };
    };
    const typeName = registry.names().join(',');
    const { entities = [] } = await post({
      typeName,
      includeSubTypes: false,
      excludeDeletedEntities: true,
      limit: 10_000,
    });
    const headers = { authorization: `Basic ${btoa('admin:admin')}` };
    const found: Live[] = [];
    for (let i = 0; i < entities.length; i += 100) {
      const query = entities.slice(i, i + 100).map(({ guid }) => `guid=${guid}`);
      const answer = await fetch(`${url}/api/atlas/v2/entity/bulk?${query.join('&')}`, { headers });
      found.push(...((await answer.json()) as { entities: Live[] }).entities);
    }
    return found;
  }

  /** Whether a reading holds an entity: as a record or in one, or as what it does to others. */
  function landed(entity: Live, reading: Reading, told: string): boolean {
    const { role } = homes.of(entity.typeName);
    if (told.includes(`"id":"${entity.guid}"`)) return true;
    if (role === 'columnLineage') {
      const outputs = (entity.relationshipAttributes['outputs'] ?? []).map(({ displayText }) => displayText);
      return outputs.every((name) => reading.lineage.some(({ columns }) => columns.some(({ to }) => to === name)));
    }
    if (entity.typeName === 'rdbms_index')
      return reading.tables.some(({ constraints }) => (constraints ?? []).length > 0);
    // A service carries no guid.
    return role === 'holder' && told.includes(`"path":["${entity.attributes['name']}"]`);
  }

  it.each([false, true])('every entity lands or is counted with a reason; pipelines: %s', async (pipelines) => {
    const atlas = await start({ dataDir: recorded });
    const reading = await read(atlas.url, { entityType: 'Referenceable', pipelines });
    const told = JSON.stringify(reading.records);
    const counted = new Map<string, number>();
    for (const { name, count = 1 } of reading.issues) counted.set(name, (counted.get(name) ?? 0) + count);
    const live = await liveEntities(atlas.url);
    expect(live.length).toBeGreaterThan(380);
    const lost = new Map<string, string[]>();
    for (const entity of live) {
      if (landed(entity, reading, told)) continue;
      const name = String(entity.attributes['qualifiedName'] ?? entity.guid);
      lost.set(entity.typeName, [...(lost.get(entity.typeName) ?? []), name]);
    }
    for (const [type, names] of lost) {
      const byName = names.filter((name) => counted.has(name));
      if (byName.length < names.length) expect([type, counted.get(type)]).toEqual([type, names.length]);
    }
    expect(reading.issues.filter(({ outcome }) => outcome === 'failed')).toEqual([]);
    expect(reading.issues.map(({ reason, name, count = 1 }) => `${reason} ${name} ${count}`)).toEqual([]);
  });
});
