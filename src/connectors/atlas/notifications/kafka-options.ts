import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import type { ConsumerOptions } from '@platformatic/kafka';
import type { SaslMechanism, WatchSettings } from '../../../config/watch-settings.ts';
import { AuthenticationError, ConfigurationError, ConnectionError, MeridianError } from '../../../errors.ts';

type Options = ConsumerOptions<Buffer, Buffer, Buffer, Buffer>;

/**
 * The recipe's settings as the client takes them.
 *
 * @throws ConfigurationError `kafka.certificate` when a PEM file cannot be read
 */
export function kafkaOptions(settings: WatchSettings, groupId: string): Options {
  const { brokers, signIn } = settings;
  return {
    clientId: 'meridian',
    groupId,
    bootstrapBrokers: [...brokers],
    autocommit: false,
    // Offsets are a promise that changes were applied, so a topic that is not there must be told, not made.
    autocreateTopics: false,
    connectTimeout: 10_000,
    // The feed connects anew by itself, with patience that grows.
    retries: 1,
    retryDelay: 500,
    // A watcher that was killed keeps its partitions for so long.
    sessionTimeout: 10_000,
    rebalanceTimeout: 30_000,
    heartbeatInterval: 3_000,
    ...(signIn && { sasl: sasl(signIn) }),
    ...(settings.tls && { tls: tls(settings), tlsServerName: brokers.some(hasName) }),
  };
}

/** Names are told in the handshake (SNI), addresses must not be. */
function hasName(broker: string): boolean {
  return isIP(broker.replace(/:\d+$/, '').replace(/^\[|\]$/g, '')) === 0;
}

function sasl(signIn: { mechanism: SaslMechanism; username: string; password: string }): NonNullable<Options['sasl']> {
  const { mechanism, username, password } = signIn;
  return { mechanism, username, password };
}

function tls({ caCertificate, sslCertificate, sslKey }: WatchSettings): NonNullable<Options['tls']> {
  return {
    ...(caCertificate !== undefined && { ca: pem(caCertificate, 'caCertificate') }),
    ...(sslCertificate !== undefined && { cert: pem(sslCertificate, 'sslCertificate') }),
    ...(sslKey !== undefined && { key: pem(sslKey, 'sslKey') }),
  };
}

function pem(value: string, key: string): string {
  if (value.includes('-----BEGIN')) return value;
  try {
    return readFileSync(value, 'utf8');
  } catch (cause) {
    throw new ConfigurationError('kafka.certificate', `meridian.watch.${key} names a file that cannot be read.`, {
      help: 'Give the path of a PEM file, or its text.',
      cause,
    });
  }
}

/** What a failure of the client means for the user. */
export function kafkaError(error: unknown, { brokers, topic }: WatchSettings): MeridianError {
  if (error instanceof MeridianError) return error;
  const causes = allCauses(error);
  const ids = new Set(causes.map((cause) => String((cause as { apiId?: unknown }).apiId ?? '')));
  const messages = causes.map((cause) => cause.message).filter((message) => message !== '');
  if (causes.some(isSignIn) || ids.has('SASL_AUTHENTICATION_FAILED')) {
    return new AuthenticationError('kafka.sign-in', `Kafka (${brokers.join(', ')}) does not let us in.`, {
      help: 'Check saslMechanism, username and password in meridian.watch, and whether the listener speaks TLS (tls: true).',
      cause: causes.at(-1),
    });
  }
  if ([...ids].some((id) => id.endsWith('AUTHORIZATION_FAILED'))) {
    return new AuthenticationError('kafka.not-allowed', `The user may not read the topic ${topic} with this group.`, {
      help: 'Allow it to read the topic and the consumer group (meridian.watch.groupId).',
      cause: causes.at(-1),
    });
  }
  if (ids.has('UNKNOWN_TOPIC_OR_PARTITION') || messages.some((message) => message.startsWith('Unknown topic'))) {
    return new ConfigurationError('kafka.topic-missing', `Kafka has no topic ${topic}.`, {
      help: 'Check meridian.watch.topic; Apache Atlas calls it ATLAS_ENTITIES unless told otherwise.',
    });
  }
  const why = messages.at(-1) ?? String(error);
  return new ConnectionError('kafka.unreachable', `Kafka (${brokers.join(', ')}) cannot be reached: ${why}`, {
    help: 'Check meridian.watch.brokers, tls, and the firewall from this machine.',
  });
}

function isSignIn(error: Error): boolean {
  return (error as { code?: unknown }).code === 'PLT_KFK_AUTHENTICATION';
}

/** An error with all that it was made of, the outermost first. */
function allCauses(error: unknown, depth = 0): Error[] {
  if (!(error instanceof Error) || depth > 8) return [];
  const inner = error instanceof AggregateError ? error.errors : [];
  return [error, ...[error.cause, ...inner].flatMap((cause) => allCauses(cause, depth + 1))];
}
