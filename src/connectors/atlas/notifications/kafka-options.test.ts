import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { WatchSettings } from '../../../config/watch-settings.ts';
import { checkKafka } from './check-kafka.ts';
import { kafkaError, kafkaOptions } from './kafka-options.ts';

const settings: WatchSettings = {
  brokers: ['kafka.example:9093'],
  topic: 'ATLAS_ENTITIES',
  groupId: undefined,
  signIn: { mechanism: 'SCRAM-SHA-512', username: 'reader', password: 'secret-word' },
  tls: true,
  caCertificate: undefined,
  sslCertificate: undefined,
  sslKey: undefined,
  batchSize: 10,
  batchMs: 10,
  incrementalAbove: 10,
  lookEveryMs: 0,
};

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'meridian-kafka-options-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('what the client is told', () => {
  it('is the sign-in, never to commit by itself, never to make a topic', () => {
    expect(kafkaOptions(settings, 'group-1')).toMatchObject({
      groupId: 'group-1',
      bootstrapBrokers: ['kafka.example:9093'],
      sasl: { mechanism: 'SCRAM-SHA-512', username: 'reader', password: 'secret-word' },
      autocommit: false,
      autocreateTopics: false,
    });
    expect(kafkaOptions({ ...settings, signIn: undefined, tls: false }, 'g')).not.toHaveProperty('sasl');
    expect(kafkaOptions({ ...settings, tls: false }, 'g')).not.toHaveProperty('tls');
  });

  it('is a certificate by its path or its text', async () => {
    const pem = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
    const path = join(folder, 'ca.pem');
    await writeFile(path, pem);
    expect(readFileSync(path, 'utf8')).toBe(pem);
    for (const caCertificate of [path, pem]) {
      expect(kafkaOptions({ ...settings, caCertificate }, 'g').tls).toEqual({ ca: pem });
    }
    expect(() => kafkaOptions({ ...settings, sslKey: join(folder, 'none.pem') }, 'g')).toThrow(
      expect.objectContaining({ code: 'kafka.certificate', exitCode: 2 }),
    );
  });

  it('is the name of a broker for the handshake, but no address', () => {
    expect(kafkaOptions(settings, 'g').tlsServerName).toBe(true);
    for (const broker of ['10.0.0.7:9093', '[::1]:9093']) {
      expect(kafkaOptions({ ...settings, brokers: [broker] }, 'g').tlsServerName).toBe(false);
    }
  });
});

describe('what a failure means', () => {
  const failing = (apiId: string): Error =>
    new AggregateError([Object.assign(new Error('refused'), { apiId })], 'many');

  it.each([
    ['SASL_AUTHENTICATION_FAILED', 'kafka.sign-in', 3],
    ['TOPIC_AUTHORIZATION_FAILED', 'kafka.not-allowed', 3],
    ['GROUP_AUTHORIZATION_FAILED', 'kafka.not-allowed', 3],
    ['UNKNOWN_TOPIC_OR_PARTITION', 'kafka.topic-missing', 2],
    ['NOT_COORDINATOR', 'kafka.unreachable', 3],
  ])('%s is %s', (apiId, code, exitCode) => {
    const told = kafkaError(new Error('joinGroup failed', { cause: failing(apiId) }), settings);
    expect(told).toMatchObject({ code, exitCode });
    expect(told.help).toBeDefined();
    expect(JSON.stringify([told.message, told.help])).not.toContain('secret-word');
  });

  it('is told by “meridian test” as a step that failed', async () => {
    const check = await checkKafka({ ...settings, brokers: ['127.0.0.1:1'], tls: false, signIn: undefined });
    expect(check).toMatchObject({ ok: false, exitCode: 3, name: 'find the topic ATLAS_ENTITIES on Kafka' });
    expect(check.message).toContain('127.0.0.1:1');
  });
});
