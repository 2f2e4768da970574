import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { AssetKind } from '../../model/records.ts';
import { capabilitiesOf } from '../../openmetadata/capabilities.ts';
import type { Entity, EntityLineage } from '../../openmetadata/entities.ts';
import { readAsset } from '../../openmetadata/read-asset.ts';
import { parseServerVersion } from '../../openmetadata/server-version.ts';
import { assetRecord } from './asset-records.ts';
import { suggestions } from './label-records.ts';
import { LineageReading } from './lineage-records.ts';
import { ReadingSpool } from './reading-spool.ts';
import { runRecord } from './run-record.ts';

const folder = new URL('../../../../shared/openmetadata/recorded-1.1/', import.meta.url);
const there = existsSync(folder);
if (!there) console.warn('Skipped: the answers of a real OpenMetadata 1.1 are not beside the repository.');
const capabilities = capabilitiesOf(parseServerVersion('1.1.0-SNAPSHOT'));

function recorded<T = Entity>(file: string): T {
  return JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as T;
}

function recordOf(kind: AssetKind, file: string) {
  return assetRecord(kind, readAsset(kind, recorded(file), capabilities), {});
}

describe.skipIf(!there)('answers of a real OpenMetadata 1.1 as records', () => {
  it('a table with every data type, nested ones too', () => {
    const record = recordOf('table', '069-table-all-fields.json');
    if (record.kind !== 'table') throw new Error('no table');
    const answer = recorded('069-table-all-fields.json');
    expect(record.path).toHaveLength(4);
    expect(record.columns.map(({ name }) => name)).toEqual((answer['columns'] as Entity[]).map(({ name }) => name));
    expect(record.provenance).toMatchObject({ id: answer.id, typeName: 'table' });
  });

  it.each([
    ['042-table-name-dot.json', 'table'],
    ['043-table-name-slash.json', 'table'],
    ['046-table-name-space.json', 'table'],
    ['047-table-name-non-ascii.json', 'table'],
  ] as const)('a name as it is: %s', (file, kind) => {
    expect(recordOf(kind, file).path.at(-1)).toBe(recorded(file).name);
  });

  it('labels: tags under their own classification, terms by their path', () => {
    const record = recordOf('table', '088-table-get-labels.json');
    const labels = recorded('088-table-get-labels.json').tags ?? [];
    expect(labels.length).toBeGreaterThan(0);
    const told = [
      ...record.tags.map(({ path, vocabulary }) => `${vocabulary} ${path.join('.')}`),
      ...(record.terms ?? []).map((path) => `term ${path.join('.')}`),
    ];
    // One of them is a suggestion that nobody has accepted.
    const own = labels.filter(({ state }) => state !== 'Suggested');
    expect(own).toHaveLength(labels.length - 1);
    expect(suggestions(readAsset('table', recorded('088-table-get-labels.json'), capabilities))).toBe(1);
    expect(told.sort()).toEqual(
      own.map(({ tagFQN, source }) => `${source === 'Glossary' ? 'term' : 'ownClassification'} ${tagFQN}`).sort(),
    );
  });

  it('a pipeline with its tasks, its address under the name of 1.1, and its last run', () => {
    const file = '127-pipeline-status.json';
    const record = recordOf('pipeline', file);
    if (record.kind !== 'pipeline') throw new Error('no pipeline');
    expect(record).toMatchObject({
      sourceUrl: 'http://etl.example/load_orders',
      tasks: [
        { name: 'extract', downstreamTasks: ['load'] },
        { name: 'load', taskSql: expect.stringContaining('insert') },
      ],
    });
    expect(runRecord(record, recorded(file)['pipelineStatus'])).toMatchObject({
      timestamp: 1_795_000_000_000,
      outcome: 'Successful',
      tasks: [{ name: 'load', startTime: 1_794_999_995_000 }],
    });
  });

  it('a topic, a container and a model', () => {
    expect(recordOf('topic', '120-topic-get.json')).toMatchObject({ kind: 'topic', partitions: expect.any(Number) });
    expect(recordOf('container', '122-container-child-create.json').path).toHaveLength(3);
    expect(recordOf('mlmodel', '130-mlmodel-create.json')).toMatchObject({ algorithm: expect.any(String) });
  });

  it.each([
    ['table', '133-lineage-read-depth-1.json', 1],
    ['table', '142-lineage-read-depth-3.json', 1],
    // Its edges are between tables and only go through it.
    ['pipeline', '143-lineage-of-the-pipeline.json', 0],
  ] as const)('edges that lead into a %s: %s', async (kind, file, count) => {
    const answer = recorded<EntityLineage>(file);
    const { id, fullyQualifiedName: fqn = '' } = answer.entity;
    const spool = new ReadingSpool();
    spool.tell({ id, kind, fqn });
    const client = { getLineage: async () => answer };
    const context = {
      signal: new AbortController().signal,
      report: () => {},
      progress: () => {},
      memory: { get: () => undefined, set: () => {}, setAfterSuccess: () => {} },
    };
    const edges = [];
    for await (const edge of new LineageReading(client as never, spool, context).records(1)) edges.push(edge);
    spool.close();
    expect(edges).toHaveLength(count);
    for (const { to, from, columns } of edges) {
      expect(to.path.join('.')).toBe(fqn);
      expect(from.path).toHaveLength(4);
      expect(columns.length).toBeGreaterThan(0);
      for (const pair of columns) expect(JSON.stringify(pair)).not.toContain('lab_hive');
    }
  });
});
