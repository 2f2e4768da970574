import { expect, it } from 'vitest';
import type { AtlasStandIn } from '../../../../sandbox/atlas/start-atlas.ts';
import { isAsset, type SourceRecord } from '../../../model/records.ts';
import type { ReadScope, SourceMemory } from '../../source.ts';
import { AtlasSource } from '../atlas-source.ts';
import { NarrowingSource } from '../changes/narrowing-source.ts';
import { clientOf, start } from '../read-source.testing.ts';
import { haveTypedefs, storeWith } from './atlas-with.testing.ts';
import { everyFamily } from './family-samples.testing.ts';

/** A memory in which what is said for later is there at once, as after a run without failures. */
function memoryOf(kept: Map<string, string>): SourceMemory {
  return {
    get: (key) => kept.get(key),
    set: (key, value) => void kept.set(key, value),
    setAfterSuccess: (key, value) => void (value === undefined ? kept.delete(key) : kept.set(key, value)),
  };
}

async function read(atlas: AtlasStandIn, memory: SourceMemory, scope?: ReadScope): Promise<SourceRecord[]> {
  const source = new NarrowingSource(clientOf(atlas.url), {
    glossaries: false,
    map: (reader) =>
      new AtlasSource({
        reader,
        databaseServiceName: ['hive'],
        messagingServiceName: [],
        entityType: 'DataSet',
        pipelines: true,
        mode: 'create',
        serviceName: 'atlas',
        clusters: {},
        targetNames: { databases: async () => undefined },
      }),
  });
  const { signal } = new AbortController();
  const records: SourceRecord[] = [];
  try {
    if (scope) expect(await source.narrow(scope, memory, signal)).toEqual({ kept: true });
    for await (const record of source.records({ signal, memory, report: () => {}, progress: () => {} }))
      records.push(record);
  } finally {
    await source.close();
  }
  return records;
}

const idOf = (record: SourceRecord): string | undefined => ('provenance' in record ? record.provenance.id : undefined);

it.skipIf(!haveTypedefs)(
  'an asset of any family, asked for by itself, is told as in a reading of everything',
  async () => {
    const store = storeWith(everyFamily);
    const atlas = await start({ store });
    const memory = memoryOf(new Map());
    const whole = await read(atlas, memory);
    const byId = new Map(whole.filter(isAsset).map((record) => [idOf(record), record]));
    expect(byId.size).toBeGreaterThan(40);
    for (const entity of store.all()) {
      if (entity.status === 'DELETED') continue;
      const narrowed = await read(atlas, memory, { kind: 'entities', guids: [entity.guid] });
      for (const record of narrowed.filter(isAsset)) {
        if (record.provenance.id.includes(':')) continue;
        expect(record, `${record.kind} ${record.path}, for ${entity.typeName}`).toEqual(byId.get(idOf(record)));
      }
      const expected = byId.get(entity.guid);
      if (expected) expect(narrowed.map(idOf), `${entity.typeName} ${expected.path}`).toContain(entity.guid);
    }
  },
);
