import type { Collections } from './collections.ts';
import type { Labels } from './labels.ts';
import type { Links } from './links.ts';
import type { ServerVersion } from './server-version.ts';
import type { Store } from './store.ts';

/** Who sends a request. */
export interface Actor {
  readonly name: 'admin' | 'ingestion-bot';
  readonly isBot: boolean;
}

/** What all parts of one running stand-in share. */
export interface Context {
  readonly version: ServerVersion;
  readonly strict: boolean;
  readonly store: Store;
  readonly collections: Collections;
  readonly links: Links;
  readonly labels: Labels;
  /** Shown in ingestion pipelines, as old servers do. */
  readonly botToken: string;
}

export const ADMIN: Actor = { name: 'admin', isBot: false };
export const BOT: Actor = { name: 'ingestion-bot', isBot: true };
