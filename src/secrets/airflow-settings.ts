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

/** Path of `airflow.cfg`, whether it is there or not. */
export function airflowConfigFile(env: Environment): string {
  const home = env['AIRFLOW_HOME'] ?? join(env['HOME'] ?? homedir(), 'airflow');
  return env['AIRFLOW_CONFIG'] ?? join(home, 'airflow.cfg');
}

function sectionOf(env: Environment, section: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  let text: string;
  try {
    text = readFileSync(airflowConfigFile(env), 'utf8');
  } catch {
    return found;
  }
  let inside = false;
  let last: string | undefined;
  for (const line of text.split(/\r?\n/)) {
    const header = /^\[([^\]]+)\]/.exec(line)?.[1];
    if (header !== undefined) inside = header === section;
    const [, key, value] = /^([\w.-]+)\s*[=:]\s*(.*?)\s*$/.exec(line) ?? [];
    // A value goes on in lines that are indented.
    if (inside && last !== undefined && /^\s+[^\s#;]/.test(line)) {
      found.set(last, `${found.get(last)}\n${line.trim()}`);
      continue;
    }
    if (inside && key) found.set(key.toLowerCase(), value!);
    last = inside ? key?.toLowerCase() : undefined;
  }
  return found;
}
