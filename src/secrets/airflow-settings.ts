import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Looks settings up as Airflow does: first its variables, then its `airflow.cfg`.
 *
 * @param section that of OpenMetadata's secrets manager unless set
 */
export function airflowSettings(
  env: Environment,
  section = 'openmetadata_secrets_manager',
): (key: string) => string | undefined {
  let fromFile: ReadonlyMap<string, string> | undefined;
  return (key) => {
    const variable = env[`AIRFLOW__${section.toUpperCase()}__${key.toUpperCase()}`];
    if (variable) return variable;
    fromFile ??= sectionOf(env, section);
    return fromFile.get(key) || undefined;
  };
}

function sectionOf(env: Environment, section: string): ReadonlyMap<string, string> {
  const home = env['AIRFLOW_HOME'] ?? join(env['HOME'] ?? homedir(), 'airflow');
  const found = new Map<string, string>();
  let text: string;
  try {
    text = readFileSync(env['AIRFLOW_CONFIG'] ?? join(home, 'airflow.cfg'), 'utf8');
  } catch {
    return found;
  }
  let inside = false;
  for (const line of text.split(/\r?\n/)) {
    const header = /^\[([^\]]+)\]/.exec(line)?.[1];
    if (header !== undefined) inside = header === section;
    const [, key, value] = /^([\w.-]+)\s*[=:]\s*(.*?)\s*$/.exec(line) ?? [];
    if (inside && key) found.set(key.toLowerCase(), value!);
  }
  return found;
}
