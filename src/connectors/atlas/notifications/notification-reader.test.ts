import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { type FeedMessage, NotificationReader } from './notification-reader.ts';

const recorded = join(import.meta.dirname, '../../../../../shared/atlas/recorded-notifications.jsonl');

function messages(...values: readonly (string | object | undefined)[]): FeedMessage[] {
  return values.map((value, i) => ({
    partition: 0,
    offset: BigInt(i),
    value: typeof value === 'object' ? JSON.stringify(value) : value,
  }));
}

const change = {
  version: { version: '1.0.0', versionParts: [1] },
  msgCompressionKind: 'NONE',
  msgSplitIdx: 1,
  msgSplitCount: 1,
  message: {
    type: 'ENTITY_NOTIFICATION_V2',
    entity: { typeName: 'hive_table', guid: 'g-1', attributes: { qualifiedName: 'sales.ünï@prod' } },
    operationType: 'ENTITY_UPDATE',
    eventTime: 1_795_479_150_621,
  },
};
const notice = {
  guid: 'g-1',
  typeName: 'hive_table',
  operation: 'ENTITY_UPDATE',
  qualifiedName: 'sales.ünï@prod',
  eventTime: 1_795_479_150_621,
};

/** As Atlas splits: the whole in base64, cut anywhere, the parts counted from 0. */
function split(encoded: string, parts: number, more: object = {}): object[] {
  const size = Math.ceil(encoded.length / parts);
  return Array.from({ length: parts }, (_, i) => ({
    msgId: 'm-1',
    msgCompressionKind: 'NONE',
    msgSplitIdx: i,
    msgSplitCount: parts,
    message: encoded.slice(i * size, (i + 1) * size),
    ...more,
  }));
}
const base64 = Buffer.from(JSON.stringify(change)).toString('base64');
const gzip = gzipSync(JSON.stringify(change)).toString('base64');

describe.skipIf(!existsSync(recorded))('the messages that a real Atlas wrote (skipped without ../shared)', () => {
  const lines = existsSync(recorded) ? readFileSync(recorded, 'utf8').split('\n').filter(Boolean) : [];

  it('tells each one as a change with its entity, name and time', () => {
    const batch = new NotificationReader().read(messages(...lines));
    expect(batch.messages).toBe(481);
    expect(batch.notices).toHaveLength(481);
    expect([...batch.unreadable]).toEqual([]);
    expect(batch.gaps).toEqual([]);
    const operations = Map.groupBy(batch.notices, ({ operation }) => operation);
    expect(Object.fromEntries([...operations].map(([name, of]) => [name, of.length]))).toEqual({
      ENTITY_CREATE: 408,
      ENTITY_UPDATE: 43,
      ENTITY_DELETE: 8,
      CLASSIFICATION_ADD: 15,
      CLASSIFICATION_DELETE: 7,
    });
    for (const { guid, eventTime } of batch.notices) {
      expect(guid).toMatch(/^[0-9a-f-]{36}$/);
      expect(eventTime).toBeGreaterThan(1_700_000_000_000);
    }
    expect(batch.notices.find(({ operation }) => operation === 'ENTITY_DELETE')).toMatchObject({
      typeName: 'hive_table',
      qualifiedName: 'finance.to_be_dropped@prod',
    });
  });
});

describe('messages that come in parts or compressed', () => {
  it('reads a compressed one', () => {
    const batch = new NotificationReader().read(
      messages({ msgId: 'm', msgCompressionKind: 'GZIP', msgSplitIdx: 1, msgSplitCount: 1, message: gzip }),
    );
    expect(batch.notices).toEqual([notice]);
  });

  it('puts parts together, whatever lies between them and in whatever order', () => {
    const [first, second, third] = split(base64, 3);
    const batch = new NotificationReader().read(messages(third, change, first, second));
    expect(batch.notices).toEqual([notice, notice]);
    expect(batch.gaps).toEqual([]);
  });

  it('puts compressed parts together over several batches, and holds the position back until then', () => {
    const reader = new NotificationReader();
    const [first, second] = split(gzip, 2, { msgCompressionKind: 'GZIP' });
    const before = reader.read(messages(change, first, change));
    expect(before.notices).toHaveLength(2);
    expect(before.next.get(0)).toBe(1n);
    const after = reader.read([{ partition: 0, offset: 3n, value: JSON.stringify(second) }]);
    expect(after.notices).toEqual([notice]);
    expect(after.next.get(0)).toBe(4n);
  });

  it('tells a gap when a part never comes, and lets the position go on', () => {
    const reader = new NotificationReader();
    reader.read(messages(split(base64, 2)[0]), 0);
    const later = reader.read([{ partition: 0, offset: 1n, value: JSON.stringify(change) }], 16 * 60_000);
    expect(later.notices).toEqual([notice]);
    expect(later.gaps).toMatchObject([{ reason: 'lost-part' }]);
    expect(later.next.get(0)).toBe(2n);
  });

  it.each([
    ['no base64 of a message', { ...split('AAAA', 1)[0], msgSplitCount: 1 }],
    ['broken compression', { msgCompressionKind: 'GZIP', msgSplitCount: 1, message: base64 }],
    ['a part without a message of its own', { ...split(base64, 2)[0], msgId: 7 }],
    ['a part beyond the last', { ...split(base64, 2)[0], msgSplitIdx: 2 }],
    ['more parts than there can be', { ...split(base64, 2)[0], msgSplitCount: 1e9 }],
  ])('tells a gap for %s', (_what, message) => {
    const batch = new NotificationReader().read(messages(message, change));
    expect(batch.notices).toEqual([notice]);
    expect(batch.gaps).toHaveLength(1);
  });
});

describe('other messages', () => {
  it('counts garbage and goes on', () => {
    const garbage = [
      '',
      'not json',
      '[]',
      '{"a":1}',
      'null',
      '{"message":{"operationType":"ENTITY_CREATE"}}',
      undefined,
    ];
    const batch = new NotificationReader().read(messages(...garbage, change));
    expect(batch.notices).toEqual([notice]);
    expect(Object.fromEntries(batch.unreadable)).toEqual({ 'no-json': 5, 'no-entity': 2 });
    expect(batch.gaps).toEqual([]);
    expect(batch.next.get(0)).toBe(8n);
  });

  it('reads both ends of a relationship', () => {
    const relationship = {
      typeName: 'hive_table_db',
      end1: { guid: 'a', typeName: 'hive_table', uniqueAttributes: { qualifiedName: 'x@c' } },
      end2: { guid: 'b', typeName: 'hive_db' },
    };
    const message = { message: { relationship, operationType: 'RELATIONSHIP_CREATE' } };
    const operation = 'RELATIONSHIP_CREATE';
    expect(new NotificationReader().read(messages(message)).notices).toEqual([
      { guid: 'a', typeName: 'hive_table', operation, qualifiedName: 'x@c' },
      { guid: 'b', typeName: 'hive_db', operation },
    ]);
  });

  it('reads the form before Atlas 1.0, with and without an envelope', () => {
    const old = {
      operationType: 'TRAIT_ADD',
      entity: { id: { id: 'g-9', typeName: 'hive_table' }, values: { qualifiedName: 'a.b@c' } },
    };
    const expected = { guid: 'g-9', typeName: 'hive_table', operation: 'TRAIT_ADD', qualifiedName: 'a.b@c' };
    expect(new NotificationReader().read(messages(old, { message: old })).notices).toEqual([expected, expected]);
  });

  it('keeps the positions of partitions apart', () => {
    const value = JSON.stringify(change);
    const batch = new NotificationReader().read([
      { partition: 0, offset: 4n, value },
      { partition: 2, offset: 90n, value },
      { partition: 0, offset: 5n, value },
    ]);
    expect([...batch.next]).toEqual([
      [0, 6n],
      [2, 91n],
    ]);
  });
});
