import { ConfigurationError } from '../errors.ts';

/**
 * Adds the recipe's `extraHeaders` to a request's own. A value may take over another header: `%(Authorization)s` stands
 * for its value, `%%` for a percent sign.
 * @throws ConfigurationError `openmetadata.extra-headers` when a value names a header that is not there
 */
export function withExtraHeaders(
  headers: Readonly<Record<string, string>>,
  extraHeaders: Readonly<Record<string, string>>,
): Record<string, string> {
  const known = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  const merged = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), [name, value] as const]));
  for (const [name, template] of Object.entries(extraHeaders)) {
    const value = template.replace(/%%|%\(([^)]*)\)s/g, (_, other: string | undefined) => {
      if (other === undefined) return '%';
      const taken = known.get(other.toLowerCase());
      if (taken !== undefined) return taken;
      throw new ConfigurationError(
        'openmetadata.extra-headers',
        `extraHeaders.${name} takes over the header "${other}", which requests do not have.`,
        { help: `Known headers are ${Object.keys(headers).join(', ')}; write %% for a percent sign.` },
      );
    });
    merged.set(name.toLowerCase(), [name, value]);
  }
  return Object.fromEntries(merged.values());
}
