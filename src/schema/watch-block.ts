import { defaults } from '../config/defaults.ts';
import { closed, flag, type JsonSchema, oneOf, secret, text, texts, whole } from './parts.ts';

const byDefault = defaults.watch;

/** `meridian.watch`: Atlas' change feed, for `meridian watch`. */
export const watchBlock: JsonSchema = closed(
  'How to follow Atlas’ change feed, a topic of Kafka (meridian watch).',
  {
    brokers: { ...texts('Kafka brokers to begin with, each host:port.'), minItems: 1 },
    topic: text('Topic that Atlas writes its changes to.', { default: byDefault.topic }),
    groupId: text(
      'Consumer group that remembers how far we are; one a pipeline. Made from the pipeline’s name unless set.',
    ),
    saslMechanism: oneOf(
      ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'],
      'How we sign in; with username and password. Without it, we do not.',
    ),
    username: text('User of the brokers.'),
    password: secret('Password of the user.'),
    tls: flag('Speak TLS with the brokers.', byDefault.tls),
    caCertificate: text('Authority that the brokers’ certificates come from: path of a PEM file, or its text.'),
    sslCertificate: text('Certificate of the client, where the brokers ask for one: path of a PEM file, or its text.'),
    sslKey: secret('Key of that certificate: path of a PEM file, or its text.'),
    batchSize: whole('Messages that are applied together at most.', 1, byDefault.batchSize),
    batchSeconds: {
      type: 'number',
      minimum: 0,
      default: byDefault.batchSeconds,
      description: 'Seconds that a batch is waited for after its first message.',
    },
    incrementalEveryMinutes: whole(
      'Minutes between incremental runs, for what Atlas tells nobody: labels, business metadata, assigned terms. 0: none.',
      0,
      byDefault.incrementalEveryMinutes,
    ),
    incrementalAbove: whole(
      'Messages that wait, above which an incremental run takes their place.',
      1,
      byDefault.incrementalAbove,
    ),
  },
  ['brokers'],
);
