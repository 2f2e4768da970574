import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AtlasStandIn, startAtlas } from '../sandbox/atlas/start-atlas.ts';
import { type Client, clientOf } from '../sandbox/openmetadata/test-client.ts';
import { isWrite } from '../src/reconcile/change.ts';
import { type Bench, openBench } from './recorded-atlas.ts';

describe.each(['1.1.0', '1.13.0'])('the services of a recipe in OpenMetadata %s', (version) => {
  let atlas: AtlasStandIn;
  let bench: Bench;
  let person: Client;

  beforeEach(async () => {
    atlas = await startAtlas({ generate: { tables: 12, columns: 3, seed: 1 } });
    bench = await openBench(version);
    person = clientOf(bench.openmetadata, 'admin');
  });
  afterEach(async () => {
    await atlas.close();
    await bench.close();
  });

  const tables = async (): Promise<number> => (await person.get('/tables?limit=1')).body.paging.total;
  const bringService = async (): Promise<void> => {
    const config = { type: 'Hive', hostPort: 'hive.example:10000' };
    const body = { name: 'local_hive', serviceType: 'Hive', connection: { config } };
    expect((await person.put('/services/databaseServices', body)).status).toBeLessThan(300);
  };

  it.each(['create', 'enrich'])('has the Atlas service itself made when it is missing, in %s mode', async (mode) => {
    await bringService();
    const { changes } = await bench.run(atlas, { meridian: { mode } });
    expect(changes.filter((change) => change.entityType === 'metadataService')).toMatchObject([
      { action: 'create', fqn: 'local_atlas' },
    ]);
    const { body } = await person.get('/services/metadataServices/name/local_atlas');
    expect(body).toMatchObject({ name: 'local_atlas', serviceType: 'Atlas' });
    expect(JSON.stringify(body)).not.toContain('"password":"admin"');
    const again = await bench.run(atlas, { meridian: { mode } });
    expect(again.changes.filter((change) => change.entityType === 'metadataService')).toEqual([]);
  });

  it('takes a database service that was made anew for another one, and fills it', async () => {
    await bench.run(atlas);
    expect(await tables()).toBe(12);
    const { body } = await person.get('/services/databaseServices/name/local_hive');
    const gone = await person.delete(`/services/databaseServices/${body.id}?hardDelete=true&recursive=true`);
    expect(gone.status).toBe(200);
    await bringService();
    expect(await tables()).toBe(0);
    const { report, changes } = await bench.run(atlas);
    expect(report.state).toBe('success');
    expect(await tables()).toBe(12);
    expect(changes.filter((change) => change.action === 'delete' || change.action === 'gone')).toEqual([]);
    expect((await bench.run(atlas)).changes.filter(isWrite)).toEqual([]);
  });
});
