import { join } from 'node:path';
import type { PipelineDefinition } from '../engine.ts';

/** What signs in at the server, and opens what it keeps: no recipe may refer to it. */
const kept: ReadonlySet<string> = new Set([
  'MERIDIAN_KEY',
  'MERIDIAN_USERNAME',
  'MERIDIAN_PASSWORD',
  'MERIDIAN_API_TOKEN',
]);

/** The environment of a run's process. */
export function runEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  home: string,
): Readonly<Record<string, string | undefined>> {
  return {
    ...Object.fromEntries(Object.entries(env).filter(([name]) => !kept.has(name))),
    MERIDIAN_HOME: home,
    // Recipes come from others than the one who started the server: `execEnvironment` says for which it is otherwise.
    MERIDIAN_ALLOW_EXEC: '0',
    NO_COLOR: '1',
    ...(!env['NODE_COMPILE_CACHE'] && { NODE_COMPILE_CACHE: join(home, 'engine', 'compiled') }),
  };
}

/**
 * Whether the commands of a pipeline's recipe may run: where it was deployed by somebody who may have them run, and whoever
 * started the server does not forbid it (`MERIDIAN_ALLOW_EXEC=0`).
 */
export function execEnvironment(
  { allowExec = false }: Pick<PipelineDefinition, 'allowExec'>,
  serverEnv: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  const isForbidden = /^(0|false|no|off)$/i.test(serverEnv['MERIDIAN_ALLOW_EXEC']?.trim() ?? '');
  return allowExec && !isForbidden ? { MERIDIAN_ALLOW_EXEC: '1' } : {};
}
