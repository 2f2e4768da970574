import { join } from 'node:path';

/** What signs in at the server, and opens what it keeps: no recipe may refer to it. */
const kept: ReadonlySet<string> = new Set(['MERIDIAN_KEY', 'MERIDIAN_USERNAME', 'MERIDIAN_PASSWORD']);

/** The environment of a run's process. */
export function runEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  home: string,
): Readonly<Record<string, string | undefined>> {
  return {
    ...Object.fromEntries(Object.entries(env).filter(([name]) => !kept.has(name))),
    MERIDIAN_HOME: home,
    // Recipes come from others than the one who started the server.
    MERIDIAN_ALLOW_EXEC: /^(1|true|yes|on)$/i.test(env['MERIDIAN_ALLOW_EXEC']?.trim() ?? '') ? '1' : '0',
    NO_COLOR: '1',
    ...(!env['NODE_COMPILE_CACHE'] && { NODE_COMPILE_CACHE: join(home, 'engine', 'compiled') }),
  };
}
