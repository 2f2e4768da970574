import { describe, expect, it } from 'vitest';
import { memoryOf } from '../read-source.testing.ts';
import { haveTypedefs, leftOut, ofKind, pathsOf, readWith } from './atlas-with.testing.ts';
import { clouds, firstS3, secondS3 } from './family-samples.testing.ts';

const containers = (reading: Awaited<ReturnType<typeof readWith>>) => pathsOf(reading, 'container');

describe.skipIf(!haveTypedefs)('storage', () => {
  it('ADLS, Google and Ozone: nested by what they name, each after what is around it', async () => {
    const reading = await readWith(clouds);
    expect(containers(reading)).toEqual([
      'atlas_adls/acct',
      'atlas_adls/acct/raw',
      'atlas_adls/acct/raw/2026',
      'atlas_adls/acct/raw/2026/a.parquet',
      'atlas_gcs/lake',
      'atlas_gcs/lake/in',
      'atlas_gcs/lake/in/x.csv',
      'atlas_ozone/v',
      'atlas_ozone/v/b',
      'atlas_ozone/v/b/k',
    ]);
    expect(ofKind(reading, 'storageService').map(({ path, serviceType }) => [...path, serviceType])).toEqual([
      ['atlas_adls', 'ADLS'],
      ['atlas_gcs', 'GCS'],
      ['atlas_ozone', 'CustomStorage'],
    ]);
    const by = (name: string) => ofKind(reading, 'container').find(({ path }) => path.at(-1) === name)!;
    expect(by('acct').owner).toBe('ops');
    expect(by('a.parquet')).toMatchObject({ size: 512, fullPath: 'https://acct.dfs/raw/2026/a.parquet' });
    expect(by('in')).toMatchObject({ prefix: 'in/', fullPath: 'gs://lake/in/' });
    expect(by('x.csv').size).toBe(7);
    expect(by('k')).toMatchObject({ size: 9, fullPath: 'o3fs://b.v/k' });
    expect(leftOut(reading)).toEqual([]);
  });

  it('S3, first and second model', async () => {
    const first = await readWith(firstS3);
    expect(containers(first)).toEqual(['atlas_s3/logs', 'atlas_s3/logs/web/2026', 'atlas_s3/logs/web/2026/a.csv']);
    expect(ofKind(first, 'container').map(({ path }) => path.length)).toEqual([2, 3, 4]);
    expect(ofKind(first, 'container')[1]).toMatchObject({ prefix: '/web/2026/', fileFormats: ['json'] });
    const second = await readWith(secondS3);
    expect(containers(second)).toEqual([
      'atlas_s3/lake',
      'atlas_s3/lake/a',
      'atlas_s3/lake/a/b',
      'atlas_s3/lake/a/b/c',
    ]);
  });

  it('what is in a deleted bucket is counted, and told no place', async () => {
    const reading = await readWith(({ add, relate }) => {
      const bucket = add('aws_s3_v2_bucket', { qualifiedName: 's3a://old@prod' }, { status: 'DELETED' });
      const folder = add('aws_s3_v2_directory', { qualifiedName: 's3a://old/x/@prod', name: 'x' });
      const inner = add('aws_s3_v2_object', { qualifiedName: 's3a://old/x/y@prod', name: 'y' });
      relate('aws_s3_v2_container_contained', bucket, folder);
      relate('aws_s3_v2_container_contained', folder, inner);
      // As when the index is ahead of the relations.
      for (const end of [folder.relationshipAttributes['container']]) Object.assign(end!, { entityStatus: 'ACTIVE' });
    });
    expect(containers(reading)).toEqual([]);
    expect(leftOut(reading)).toEqual([
      'skipped no-parent: aws_s3_v2_directory × 1',
      'skipped no-parent: aws_s3_v2_object × 1',
    ]);
  });

  it('file paths nest by their folders; folders that Atlas does not know are made up, and the known keep their words', async () => {
    const reading = await readWith(({ add }) => {
      const path = (type: string, told: string, more = {}) =>
        add(type, { qualifiedName: `${told}@prod`, name: told.split('/').at(-1) ?? told, path: told, ...more });
      path('hdfs_path', 'hdfs://nn/data/in/day', { clusterName: 'prod', description: 'One day' });
      path('hdfs_path', 'hdfs://nn/data', { clusterName: 'prod', description: 'All data' });
      path('hdfs_path', '/tmp/x', { clusterName: 'prod', nameServiceId: 'ns1' });
      path('fs_path', 'file:///srv/share', { isFile: false, fileSize: 5 });
    });
    expect(containers(reading).sort()).toEqual([
      'atlas_paths/file://prod',
      'atlas_paths/file://prod/srv',
      'atlas_paths/file://prod/srv/share',
      'atlas_paths/hdfs://nn',
      'atlas_paths/hdfs://nn/data',
      'atlas_paths/hdfs://nn/data/in',
      'atlas_paths/hdfs://nn/data/in/day',
      'atlas_paths/hdfs://ns1',
      'atlas_paths/hdfs://ns1/tmp',
      'atlas_paths/hdfs://ns1/tmp/x',
    ]);
    const seen = new Set(['atlas_paths']);
    for (const { path } of ofKind(reading, 'container')) {
      expect(seen.has(path.slice(0, -1).join('|')), `what is around ${path}`).toBe(true);
      seen.add(path.join('|'));
    }
    const data = ofKind(reading, 'container').find(({ path }) => path.join('/') === 'atlas_paths/hdfs://nn/data')!;
    expect(data).toMatchObject({ description: 'All data', provenance: { typeName: 'hdfs_path' } });
  });

  it('the same bucket in two clusters is two containers, and neither moves when a third comes', async () => {
    const memory = memoryOf(new Map());
    const inClusters = async (...clusters: string[]) => {
      const reading = await readWith(
        ({ add }) => {
          for (const cluster of clusters)
            add('aws_s3_v2_bucket', { qualifiedName: `s3a://lake@${cluster}`, name: 'lake' });
        },
        {},
        memory,
      );
      return containers(reading).sort();
    };
    expect(await inClusters('prod')).toEqual(['atlas_s3/lake']);
    expect(await inClusters('dr', 'prod')).toEqual(['atlas_s3/lake', 'atlas_s3/lake@dr']);
    expect(await inClusters('aa', 'dr', 'prod')).toEqual(['atlas_s3/lake', 'atlas_s3/lake@aa', 'atlas_s3/lake@dr']);
    expect(await inClusters('dr')).toEqual(['atlas_s3/lake@dr']);
  });

  it('a shell is marked, and takes no name from a real one', async () => {
    const reading = await readWith(({ add }) => {
      add('aws_s3_v2_bucket', { qualifiedName: 's3a://a@prod', name: 'lake' }, { isIncomplete: true });
      add('aws_s3_v2_bucket', { qualifiedName: 's3a://b@prod', name: 'lake', description: 'Real' });
      add('aws_s3_v2_bucket', { qualifiedName: 's3a://c@prod', name: 'empty' }, { isIncomplete: true });
    });
    expect(ofKind(reading, 'container').map(({ path, incomplete }) => [path.at(-1), incomplete])).toEqual([
      ['lake', undefined],
      ['empty', true],
    ]);
    expect(leftOut(reading)).toEqual(['skipped same-name: s3a://a@prod × 1']);
  });

  it('enriching without a service for the family counts them by type; a service of the recipe takes them', async () => {
    const out = await readWith(secondS3, { mode: 'enrich' });
    expect(out.records.filter(({ kind }) => kind === 'container' || kind === 'storageService')).toEqual([]);
    expect(leftOut(out)).toEqual([
      'skipped no-service: aws_s3_v2_bucket × 1',
      'skipped no-service: aws_s3_v2_directory × 2',
      'skipped no-service: aws_s3_v2_object × 1',
    ]);
    expect(out.issues[0]!.message).toContain('“s3”');
    const named = await readWith(secondS3, { mode: 'enrich', services: { s3: 'our_s3' } });
    expect(containers(named)[0]).toBe('our_s3/lake');
  });
});
