import { afterAll, beforeAll, describe, it } from 'vitest';
import { type OpenMetadataStandIn, startOpenMetadata } from '../../../sandbox/openmetadata/start-openmetadata.ts';
import { clientOf } from '../../../sandbox/openmetadata/test-client.ts';
import { MigrationWorld } from '../../../test/migration-world.ts';
import { sourceContract } from '../../testing/source-contract.ts';

/** Pages of 100: what is not yet wanted stays at the server. */
async function manyTables(server: OpenMetadataStandIn): Promise<void> {
  const bot = clientOf(server, 'bot');
  await bot.warehouse();
  for (let page = 0; page < 20; page += 1) {
    const rows = Array.from({ length: 100 }, (_, i) => ({
      name: `t${page * 100 + i}`,
      databaseSchema: 'hive.shop.sales',
      columns: [{ name: 'a', dataType: 'INT' }],
    }));
    await bot.put('/tables/bulk', rows);
  }
}

describe('OpenMetadata as a source', () => {
  let world: MigrationWorld;
  let large: OpenMetadataStandIn;
  const connectionTo = ({ url, botToken }: OpenMetadataStandIn) => ({
    hostPort: url,
    authProvider: 'openmetadata',
    securityConfig: { jwtToken: botToken },
  });
  beforeAll(async () => {
    world = await MigrationWorld.open('1.5.0', '1.13.0');
    await world.fill();
    large = await startOpenMetadata({ version: '1.13.0' });
    await manyTables(large);
  });
  afterAll(async () => {
    await world?.[Symbol.asyncDispose]();
    await large?.close();
  });
  let failures = 0;
  const rules = sourceContract({
    connector: 'OpenMetadata',
    connection: () => {
      world.source.faults.clear();
      return connectionTo(world.source);
    },
    failing: () => {
      failures += 1;
      // Signs in, lists services and schemas, and breaks off at the tables.
      world.source.faults.set([{ kind: 'half', match: '^GET /api/v1/tables\\?.*fields=' }]);
      return connectionTo(world.source);
    },
    large: () => connectionTo(large),
    get secrets() {
      return world ? [world.source.botToken] : ['not-started-yet'];
    },
  });
  for (const { name, check } of rules) it(name, check);
  it('was made to fail', ({ expect }) => {
    expect(failures).toBeGreaterThan(0);
  });
});
