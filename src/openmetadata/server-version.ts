import { ConfigurationError } from '../errors.ts';

export interface ServerVersion {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
  /** As the server said it, suffix included: `1.1.0-SNAPSHOT`. */
  readonly text: string;
}

/** Oldest and newest versions whose behaviour is known. */
export const OLDEST_KNOWN = { major: 1, minor: 1 } as const;
export const NEWEST_KNOWN = { major: 1, minor: 13 } as const;

/** @throws ConfigurationError `openmetadata.version` when the text holds no version */
export function parseServerVersion(text: unknown): ServerVersion {
  const match = typeof text === 'string' ? /^\s*v?(\d+)\.(\d+)(?:\.(\d+))?/.exec(text) : null;
  if (!match) {
    throw new ConfigurationError(
      'openmetadata.version',
      `The server gives ${JSON.stringify(text) ?? 'nothing'} as its version, which is no OpenMetadata version.`,
      { help: 'Check that hostPort is the address of an OpenMetadata server, ending in /api.' },
    );
  }
  return { major: Number(match[1]), minor: Number(match[2]), patch: Number(match[3] ?? 0), text: String(text).trim() };
}

/** True when `version` is `major.minor` or later. */
export function isAtLeast(version: Pick<ServerVersion, 'major' | 'minor'>, major: number, minor: number): boolean {
  return version.major > major || (version.major === major && version.minor >= minor);
}
