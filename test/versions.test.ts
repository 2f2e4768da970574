import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AtlasStandIn, startAtlas } from '../sandbox/atlas/start-atlas.ts';
import { isWrite } from '../src/reconcile/change.ts';
import { openBench } from './recorded-atlas.ts';
import { contentOf } from './target-content.ts';

const versions = ['1.1.0', '1.2.0', '1.4.0', '1.5.0', '1.9.0', '1.11.0', '1.13.0'];
const withBulk = new Set(['1.11.0', '1.13.0']);

describe('the sample warehouse, created in every OpenMetadata version', () => {
  let atlas: AtlasStandIn;
  const contents = new Map<string, string[]>();

  beforeAll(async () => {
    atlas = await startAtlas();
  });
  afterAll(async () => {
    await atlas.close();
  });

  it.each(versions)('%s: all arrives, and a second run sends nothing', async (version) => {
    const bench = await openBench(version);
    try {
      const first = await bench.run(atlas);
      expect(first.report.failures).toEqual([]);
      expect(first.report.state).toBe('success');
      expect(first.report.target.version).toBe(version);
      const bulk = bench.openmetadata.requests().filter((request) => request.path.includes('/bulk'));
      expect(bulk.length > 0).toBe(withBulk.has(version));
      contents.set(version, await contentOf(bench.openmetadata));

      bench.openmetadata.clearRequests();
      const second = await bench.run(atlas);
      expect(second.report.failures).toEqual([]);
      expect(second.changes.filter(isWrite)).toEqual([]);
      expect(second.changes.filter((change) => change.action === 'kept')).toEqual([]);
      const sent = bench.openmetadata.requests().filter((request) => request.method !== 'GET');
      expect(sent).toEqual([]);
    } finally {
      await bench.close();
    }
  });

  it('and ends with the same content in all of them', () => {
    const reference = contents.get('1.1.0') ?? [];
    expect(reference.filter((line) => line.includes('"type":"table"')).length).toBeGreaterThan(20);
    expect(reference.some((line) => line.includes('"type":"lineage"'))).toBe(true);
    for (const version of versions) {
      expect(contents.get(version), version).toEqual(reference);
    }
  });
});
