/** What an Atlas version can do; older ones lack things that a reader must not count on. */
export interface ServerFeatures {
  readonly version: string;
  /** Several comma-separated types in one search. */
  readonly severalTypes: boolean;
  /** Attributes such as `__modificationTimestamp` in searches and filters, business metadata, labels. */
  readonly systemAttributes: boolean;
  /** Paging by marker; without it the field is ignored. */
  readonly marker: boolean;
}

/**
 * @param version such as `2.5.0` or `1.1.0`. Everything is proven on 2.5 only; the limits of older versions are an
 * approximation that is meant to be on the strict side.
 * @throws {TypeError} when it is not of the form major.minor[.patch]
 */
export function featuresOf(version: string): ServerFeatures {
  const parts = /^(\d+)\.(\d+)/.exec(version);
  if (parts === null) {
    throw new TypeError(`'${version}' is not an Atlas version; write it like 2.5.0`);
  }
  const rank = Number(parts[1]) * 100 + Number(parts[2]);
  return { version, severalTypes: rank >= 202, systemAttributes: rank >= 201, marker: rank >= 203 };
}
