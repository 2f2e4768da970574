import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AtlasStandIn, startAtlas } from '../sandbox/atlas/start-atlas.ts';
import { type Client, clientOf } from '../sandbox/openmetadata/test-client.ts';
import { isWrite } from '../src/reconcile/change.ts';
import { type Bench, openBench, type RunOptions } from './recorded-atlas.ts';

/** A label that the target does not have makes it refuse whatever would carry it. */
const unknownLabel: RunOptions = { meridian: { tagMapping: { RETENTION: 'Records.Kept' } } };

describe.each(['1.1.0', '1.11.0', '1.13.0'])('what OpenMetadata %s refuses', (version) => {
  let atlas: AtlasStandIn;
  let bench: Bench;
  let person: Client;

  beforeEach(async () => {
    atlas = await startAtlas();
    bench = await openBench(version);
    person = clientOf(bench.openmetadata, 'admin');
  });
  afterEach(async () => {
    await atlas.close();
    await bench.close();
  });

  it('is told by name, is a dead letter each, holds nothing else up, and heals', async () => {
    const { report, changes } = await bench.run(atlas, unknownLabel);
    const refused = report.failures.map(({ name }) => name);
    expect(report.state).toBe('partialSuccess');
    expect(refused).toContain('local_hive.prod.shop.orders');
    for (const { stage, message } of report.failures) {
      expect(stage).toBe('table');
      expect(message).toContain('Records.Kept');
    }
    const { read, created, failed } = report.stages.table!;
    expect(failed).toBe(refused.length);
    expect(created).toBe(read - failed);
    expect(changes.filter(({ fqn, action }) => refused.includes(fqn) && action === 'create')).toEqual([]);
    const letters = readFileSync(report.deadLetters!, 'utf8').trim().split('\n');
    expect(letters.map((line) => JSON.parse(line).name).sort()).toEqual([...refused].sort());
    expect((await person.get('/tables/name/local_hive.prod.shop.orders')).status).toBe(404);

    await person.put('/classifications', { name: 'Records', description: 'How long records are kept' });
    await person.put('/tags', { classification: 'Records', name: 'Kept', description: 'Kept' });
    const healed = await bench.run(atlas, unknownLabel);
    expect(healed.report.state).toBe('success');
    const written = healed.changes.filter((change) => isWrite(change) && change.entityType === 'table');
    expect(written.map(({ fqn }) => fqn).sort()).toEqual([...refused].sort());
    expect((await bench.run(atlas, unknownLabel)).changes.filter(isWrite)).toEqual([]);
  });
});
