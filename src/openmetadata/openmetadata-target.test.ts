import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TargetAsset } from '../reconcile/target-asset.ts';
import { desiredAsset } from './desired-asset.testing.ts';
import { PatchConflict } from './patch-conflict.ts';
import {
  type FilledServer,
  kinds,
  minorOf,
  samples,
  signal,
  startFilled,
  tag,
  verdict,
  versions,
} from './target-samples.testing.ts';

describe.each(versions)('on OpenMetadata %s', (version) => {
  const minor = minorOf(version);
  let filled: FilledServer;
  let bot: FilledServer['bot'];
  let person: FilledServer['person'];
  let target: FilledServer['target'];
  let read: FilledServer['read'];

  beforeAll(async () => {
    filled = await startFilled(version);
    ({ bot, person, target, read } = filled);
  });
  afterAll(() => filled.close());

  it.each(samples.map((sample) => [sample.entityType, sample.fqn, sample] as const))(
    'a %s (%s) that was put is in step, and a PUT of what it holds changes nothing',
    async (type, fqn, sample) => {
      const held = await read(type, fqn);
      expect(verdict(target, sample, held)).toEqual({ action: 'unchanged', fields: [] });
      expect(target.fit(target.fit(sample))).toEqual(target.fit(sample));
      const { description, displayName, tags, attributes, columns, lists, carried, tableType } = held;
      await target.putAsset({
        ...sample,
        ...(description !== undefined && { description }),
        ...(displayName !== undefined && { displayName }),
        ...(attributes && { attributes }),
        ...(columns && { columns }),
        ...(lists && { lists }),
        ...(carried && { carried }),
        ...(tableType !== undefined && { tableType }),
        tags,
      });
      const { version: _v, ...after } = await read(type, fqn);
      const { version: _w, ...before } = held;
      expect(after).toEqual(before);
    },
  );

  it.each(kinds)('lists and counts every %s with all that it carries', async (kind) => {
    const expected = samples.filter(({ entityType }) => entityType === kind);
    const top = kind === 'glossary' || kind === 'glossaryTerm' ? 'Business' : expected[0]!.fqn.split('.')[0]!;
    const listed: TargetAsset[] = [];
    for await (const asset of target.listAssets(kind, top, true)) listed.push(asset);
    expect(listed.map(({ fqn }) => fqn)).toEqual(expected.map(({ fqn }) => fqn).sort());
    for (const sample of expected) {
      const held = listed.find(({ fqn }) => fqn === sample.fqn);
      expect(verdict(target, sample, held)).toEqual({ action: 'unchanged', fields: [] });
    }
    expect(await target.countAssets(kind, top)).toBe(expected.length);
    expect(await target.countAssets(kind, 'nowhere')).toBe(0);
  });

  it('puts the labels of fields inside fields', async () => {
    const entity = await bot.client.getByName('topic', 'kafka."orders.v1"', { fields: ['tags'] }, signal);
    const { schemaFields } = entity!['messageSchema'] as { schemaFields: { children?: object[] }[] };
    const order = schemaFields.find(({ children }) => children);
    expect(order?.children).toContainEqual(
      expect.objectContaining({ name: 'id', tags: [expect.objectContaining(tag)] }),
    );
  });

  it('keeps what a person gave a pipeline when its tasks change', async () => {
    const pipeline = await read('pipeline', 'etl.load');
    await person.target.patchAsset('pipeline', pipeline.id, [{ op: 'add', path: '/concurrency', value: 4 }]);
    const held = await read('pipeline', 'etl.load');
    const sample = samples.find(({ entityType }) => entityType === 'pipeline')!;
    const [insert] = held.columns!;
    const columns = [{ ...insert!, attributes: { ...insert!.attributes, taskSQL: 'insert more' } }];
    await target.putAsset({ ...sample, carried: held.carried!, columns });
    const entity = await bot.client.getById('pipeline', pipeline.id, { fields: ['tasks'] }, signal);
    expect(entity).toMatchObject({
      concurrency: 4,
      tasks: [{ name: 'insert', taskSQL: 'insert more', downstreamTasks: ['check'], taskType: 'hive' }],
    });
    await target.putAsset(sample);
  });

  it('patches the lists of a term, each related one named by its FQN', async () => {
    const business = await read('glossaryTerm', 'Business.Customer');
    expect(business.lists).toEqual({
      synonyms: expect.arrayContaining(['client', 'buyer']),
      relatedTerms: ['Business.Customer.Key account'],
    });
    await target.putAsset(desiredAsset('glossaryTerm', 'Business', 'Buyer', { description: 'who bought' }));
    const buyer = await read('glossaryTerm', 'Business.Buyer');
    expect(buyer.lists).toEqual({ synonyms: [], relatedTerms: [] });
    await target.patchAsset('glossaryTerm', buyer.id, [
      { op: 'add', path: '/relatedTerms', value: ['Business.Customer'] },
      { op: 'replace', path: '/synonyms', value: ['purchaser'] },
    ]);
    const related = await read('glossaryTerm', 'Business.Buyer');
    expect(related.lists).toEqual({ synonyms: ['purchaser'], relatedTerms: ['Business.Customer'] });
    const guarded = [
      { op: 'test', path: '/relatedTerms/0', value: 'Business.Nobody' },
      { op: 'replace', path: '/relatedTerms', value: [] },
    ] as const;
    await expect(target.patchAsset('glossaryTerm', buyer.id, guarded)).rejects.toBeInstanceOf(PatchConflict);
    await target.patchAsset('glossaryTerm', buyer.id, [
      { op: 'test', path: '/relatedTerms/0', value: 'Business.Customer' },
      { op: 'replace', path: '/relatedTerms', value: [] },
    ]);
    expect((await read('glossaryTerm', 'Business.Buyer')).lists).toMatchObject({ relatedTerms: [] });
    const unknown = [{ op: 'add', path: '/relatedTerms/-', value: 'Business.Nobody' }] as const;
    await expect(target.patchAsset('glossaryTerm', buyer.id, unknown)).rejects.toMatchObject({
      code: 'target.term-missing',
    });
    await target.deleteAsset('glossaryTerm', buyer.id);
  });

  it('keeps the approval of a term whose structure changes', async () => {
    const key = minor >= 10 ? 'entityStatus' : 'status';
    const { id, carried } = await read('glossaryTerm', 'Business.Customer.Key account');
    await person.target.patchAsset('glossaryTerm', id, [{ op: 'replace', path: `/${key}`, value: 'Deprecated' }]);
    const references = [{ name: 'manual', endpoint: 'http://wiki.example/manual' }];
    const sample = samples.find(({ fqn }) => fqn === 'Business.Customer.Key account')!;
    await target.putAsset({ ...sample, carried: carried!, attributes: { references } });
    const entity = await bot.client.getById('glossaryTerm', id, {}, signal);
    expect(entity).toMatchObject({ [key]: 'Deprecated', references, synonyms: ['VIP'] });
    await target.putAsset({ ...sample, carried: carried! });
  });

  it('keeps a reviewer of a glossary when it is put again', async () => {
    const admin = await bot.client.getUser('admin', signal);
    const glossary = await read('glossary', 'Business');
    const reviewer = { id: admin!.id, type: 'user' };
    await person.target.patchAsset('glossary', glossary.id, [{ op: 'add', path: '/reviewers', value: [reviewer] }]);
    const { carried } = await read('glossary', 'Business');
    await target.putAsset({ ...samples[0]!, tags: [tag], carried: carried! });
    const after = await bot.client.getByName('glossary', 'Business', { fields: ['reviewers', 'tags'] }, signal);
    expect(after).toMatchObject({ reviewers: [{ name: 'admin' }], tags: [{ tagFQN: 'Atlas.PII' }] });
    const { tags, id } = await read('glossary', 'Business');
    expect(tags).toHaveLength(1);
    await person.target.patchAsset('glossary', id, [
      { op: 'remove', path: '/tags/0' },
      { op: 'remove', path: '/reviewers/0' },
    ]);
  });

  it('sets, tests and takes off an owner under the key of the version', async () => {
    const admin = (await target.findOwner('admin'))!;
    const { id } = await read('topic', 'kafka."orders.v1"');
    await target.patchAsset('topic', id, [{ op: 'add', path: '/owners', value: [{ id: admin.id, type: 'user' }] }]);
    expect((await read('topic', 'kafka."orders.v1"')).owners).toEqual([admin]);
    const takeOff = (held: string) =>
      target.patchAsset('topic', id, [
        { op: 'test', path: '/owners/0/id', value: held },
        { op: 'remove', path: '/owners' },
      ]);
    await expect(takeOff('00000000-0000-0000-0000-000000000000')).rejects.toBeInstanceOf(PatchConflict);
    await takeOff(admin.id);
    expect((await read('topic', 'kafka."orders.v1"')).owners).toEqual([]);
  });

  it('takes labels off what carries a tag or term that is deleted, and gives none of an unknown one', async () => {
    const extra = { tagFQN: 'Business.Extra', source: 'Glossary', labelType: 'Automated' } as const;
    await expect(target.putAsset(desiredAsset('topic', 'kafka', 'labelled', { tags: [extra] }))).rejects.toMatchObject({
      status: 404,
    });
    const { id } = await target.putAsset(desiredAsset('glossaryTerm', 'Business', 'Extra'));
    const columns = [{ name: 'f', dataType: 'STRING', tags: [extra, tag] }];
    const labelled = desiredAsset('topic', 'kafka', 'labelled', { tags: [extra], columns });
    await target.putAsset(labelled);
    expect(verdict(target, labelled, await read('topic', labelled.fqn))).toMatchObject({ action: 'unchanged' });
    await target.deleteAsset('glossaryTerm', id);
    await target.restoreAsset('glossaryTerm', id);
    const after = await read('topic', labelled.fqn);
    expect(after.tags).toEqual([]);
    expect(after.columns![0]!.tags.map(({ tagFQN }) => tagFQN)).toEqual(['Atlas.PII']);
  });
});
