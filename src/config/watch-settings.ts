import { resolve } from 'node:path';
import type { Recipe } from '../schema/generated/recipe.ts';
import { defaults } from './defaults.ts';

/** How the change feed is followed (`meridian.watch`). */
export interface WatchSettings {
  /** Each `host:port`. */
  readonly brokers: readonly string[];
  readonly topic: string;
  /** Undefined: made from the pipeline's name. */
  readonly groupId: string | undefined;
  readonly signIn:
    | { readonly mechanism: SaslMechanism; readonly username: string; readonly password: string }
    | undefined;
  readonly tls: boolean;
  /** Path of a PEM file, or its text; as are the next two. */
  readonly caCertificate: string | undefined;
  readonly sslCertificate: string | undefined;
  readonly sslKey: string | undefined;
  readonly batchSize: number;
  readonly batchMs: number;
  readonly incrementalAbove: number;
  /** 0: never. */
  readonly lookEveryMs: number;
}

export type SaslMechanism = 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512';

/** Fills the defaults of `meridian.watch` in; undefined where a recipe has none. */
export function resolveWatch(
  block: NonNullable<Recipe['meridian']>['watch'],
  recipeDirectory: string,
): WatchSettings | undefined {
  if (!block) return undefined;
  const { saslMechanism: mechanism, username = '', password = '' } = block;
  const file = (pem: string | undefined): string | undefined =>
    pem === undefined || pem.includes('-----BEGIN') ? pem : resolve(recipeDirectory, pem);
  return {
    brokers: block.brokers,
    topic: block.topic ?? defaults.watch.topic,
    groupId: block.groupId,
    signIn: mechanism && { mechanism, username, password },
    tls: block.tls ?? defaults.watch.tls,
    caCertificate: file(block.caCertificate),
    sslCertificate: file(block.sslCertificate),
    sslKey: file(block.sslKey),
    batchSize: block.batchSize ?? defaults.watch.batchSize,
    batchMs: (block.batchSeconds ?? defaults.watch.batchSeconds) * 1000,
    incrementalAbove: block.incrementalAbove ?? defaults.watch.incrementalAbove,
    lookEveryMs: (block.incrementalEveryMinutes ?? defaults.watch.incrementalEveryMinutes) * 60_000,
  };
}
