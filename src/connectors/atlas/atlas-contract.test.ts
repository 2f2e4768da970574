import { afterAll, beforeAll, describe, it } from 'vitest';
import { type AtlasStandIn, startAtlas } from '../../../sandbox/atlas/start-atlas.ts';
import { sourceContract } from '../../testing/source-contract.ts';

describe('Atlas as a source', () => {
  let atlas: AtlasStandIn;
  let broken: AtlasStandIn;
  let large: AtlasStandIn;
  const password = 'password-of-the-reader';
  const connectionTo = ({ url }: AtlasStandIn) => ({
    ...{ hostPort: url, username: 'admin', password },
    ...{ databaseServiceName: [], entity_type: 'DataSet' },
  });
  beforeAll(async () => {
    atlas = await startAtlas({ password });
    broken = await startAtlas({ password });
    large = await startAtlas({ password, generate: { tables: 2_000, columns: 2 } });
  });
  afterAll(async () => {
    await atlas?.close();
    await broken?.close();
    await large?.close();
  });
  const rules = sourceContract({
    connector: 'Atlas',
    connection: () => connectionTo(atlas),
    failing: () => {
      // Signs in, lists, and breaks off in the middle.
      broken.faults.set([{ kind: 'half', match: 'search/basic|entity/bulk', after: 8 }]);
      return connectionTo(broken);
    },
    large: () => connectionTo(large),
    secrets: [password],
    meridian: { entityTypes: ['Process'], pipelines: true, atlas: { retries: 0, pageSize: 200 } },
  });
  for (const { name, check } of rules) it(name, check);
});
