import type { IncomingHttpHeaders } from 'node:http';
import { TrinoError } from './trino-error.ts';

/** What a client's headers say of its session. */
export interface Session {
  readonly user: string;
  readonly catalog: string | undefined;
  readonly schema: string | undefined;
  readonly properties: ReadonlyMap<string, string>;
  /** SQL by name. */
  readonly prepared: ReadonlyMap<string, string>;
}

/** Properties of a session that the stand-in knows. */
const knownProperties = new Set(['query_max_run_time', 'query_max_execution_time', 'query_priority']);

/** Pairs `name=value`, with values as a URL holds them. */
function pairs(header: string | string[] | undefined): Map<string, string> {
  const found = String(header ?? '')
    .split(',')
    .filter((pair) => pair.includes('='));
  return new Map(
    found.map((pair) => {
      const at = pair.indexOf('=');
      return [
        pair.slice(0, at).trim(),
        decodeURIComponent(
          pair
            .slice(at + 1)
            .trim()
            .replaceAll('+', ' '),
        ),
      ];
    }),
  );
}

export function sessionOf(headers: IncomingHttpHeaders): Session {
  const text = (name: string): string | undefined => {
    const value = headers[name];
    return value === undefined ? undefined : String(value);
  };
  return {
    user: text('x-trino-user') ?? '',
    catalog: text('x-trino-catalog')?.toLowerCase(),
    schema: text('x-trino-schema')?.toLowerCase(),
    properties: pairs(headers['x-trino-session']),
    prepared: pairs(headers['x-trino-prepared-statement']),
  };
}

const units: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds that a query of the session may take. @throws TrinoError for a property that does not exist */
export function timeLimitOf({ properties }: Session): number {
  const unknown = [...properties.keys()].find((name) => !knownProperties.has(name) && !name.includes('.'));
  if (unknown !== undefined) throw new TrinoError('SYNTAX_ERROR', `Session property '${unknown}' does not exist`);
  const limits = ['query_max_run_time', 'query_max_execution_time'].map((name) => {
    const [, number, unit] = /^([\d.]+)\s*([a-z]+)$/.exec(properties.get(name) ?? '') ?? [];
    return Number(number ?? Number.POSITIVE_INFINITY) * (units[unit ?? 'ms'] ?? 1);
  });
  return Math.min(...limits);
}
