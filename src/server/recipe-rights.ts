import { pathKey } from '../config/normalise-values.ts';
import type { Path } from '../config/validate-recipe.ts';
import { isConnectorPath } from '../connectors/external/connector-path.ts';
import { mayAct, type Role } from './access/role.ts';
import { ServerError } from './server-error.ts';

/** A part of a recipe that reaches into the machine it runs on. */
export interface Reach {
  readonly path: Path;
  /** What it does, for people: `runs a command`. */
  readonly does: string;
}

const references: Readonly<Record<string, string>> = {
  exec: 'runs a command',
  file: 'reads a file of this machine',
  env: 'reads a variable of this machine',
  airflow: 'reads Airflow’s secrets on this machine',
};
/** Values that may be the path of a file in place of what it holds. */
const textOrFile = new Set(['token', 'jwtToken', 'secretKey']);
const certificates = new Set(['caCertificate', 'sslCertificate', 'sslKey']);
const files = new Set(['path', 'deadLetters']);
const likeAPath = /^\s*(?:[a-z]:)?\.{0,2}[/\\]/i;

const code = 'runs code of this machine';

/** `source.type`: a path there is a connector outside of Meridian. */
function isSourceType(path: Path): boolean {
  return path.at(-1) === 'type' && path.at(-2) === 'source';
}

/**
 * Every part of a recipe that reaches into the machine it runs on: commands, files, variables, code, and the secrets manager
 * that this machine may ask. Whoever may write such a part may read what the service may read, and run what it may run.
 */
export function reachesOf(recipe: unknown): readonly Reach[] {
  const found: Reach[] = [];
  const visit = (value: unknown, path: Path): void => {
    const key = path.findLast((step) => typeof step === 'string') ?? '';
    if (typeof value === 'string') {
      const does = isSourceType(path) && isConnectorPath(value) ? code : textReach(value, String(key));
      if (does !== undefined) found.push({ path, does });
      return;
    }
    if (value === null || typeof value !== 'object') return;
    if (key === 'processor' && !isProfilerProcessor(value)) {
      found.push({ path, does: code });
      return;
    }
    for (const [name, item] of Object.entries(value))
      visit(item, [...path, Array.isArray(value) ? Number(name) : name]);
  };
  visit(recipe, []);
  return found;
}

/** OpenMetadata's own word in recipes that profile: it names tables, and no code. */
function isProfilerProcessor(value: object): boolean {
  return /^orm-profiler$/i.test(String((value as { type?: unknown }).type));
}

function textReach(text: string, key: string): string | undefined {
  const [, kind] = /\$\{(\w+):/.exec(text) ?? [];
  if (kind !== undefined) return references[kind] ?? 'refers to this machine';
  if (text.startsWith('secret:')) return 'asks the secrets manager of this machine';
  if (files.has(key)) return 'names a file of this machine';
  // Trino's: whether a certificate is checked, or by which file.
  if (key === 'verify' && !/^(true|false)$/i.test(text)) return 'names a file of this machine';
  if (certificates.has(key) && !text.includes('-----BEGIN')) return 'names a file of this machine';
  if (textOrFile.has(key) && likeAPath.test(text)) return 'names a file of this machine';
  return undefined;
}

/**
 * Only admins may write recipes that reach into this machine.
 *
 * @param recipe as it was written, before its references are looked up
 * @throws ServerError `server.recipe-rights`
 */
export function requireRecipeRights(recipe: unknown, role: Role): void {
  if (mayAct(role, 'admin')) return;
  const [first] = reachesOf(recipe);
  if (!first) return;
  throw new ServerError('server.recipe-rights', `${pathKey(first.path)} ${first.does}: that takes the role admin.`, {
    status: 403,
    help: 'Write the value itself, or let an admin deploy the recipe.',
  });
}

/** True where a recipe runs a command, or loads a connector by its path: its runs need `allowExec`. */
export function needsExec(recipe: unknown): boolean {
  return reachesOf(recipe).some(
    ({ path, does }) => does === references['exec'] || (does === code && isSourceType(path)),
  );
}

const mask = '***';
const addressKey = /hostPort|url|domain|endpoint|authority|brokers|address/i;

/**
 * A form shows a stored secret as `***`, and gives that back to have it kept. Whoever may change where a recipe connects to,
 * and keep a password that they have not seen, could have it sent to themselves: a new address takes the secret again.
 *
 * @param written what came from the form, with its masks
 * @param stored the deployed recipe as a form shows it
 * @throws ServerError `server.secret-again`
 */
export function requireSecretsForNewAddress(written: object, stored: object, role: Role): void {
  if (mayAct(role, 'admin')) return;
  const before = new Map(textsOf(stored).map(([path, text]) => [path, text]));
  const texts = textsOf(written);
  const moved = texts.find(([path, text]) => isAddress(path, text) && before.get(path) !== text);
  const kept = moved && texts.find(([path, text]) => text.includes(mask) && blockOf(path) === blockOf(moved[0]));
  if (!moved || !kept) return;
  throw new ServerError('server.secret-again', `${moved[0]} has changed: ${kept[0]} has to be given again.`, {
    status: 400,
    help: 'A stored secret goes only to where it went before. Type it in once more.',
  });
}

function textsOf(value: unknown, path: Path = []): readonly (readonly [path: string, text: string])[] {
  if (typeof value === 'string') return [[pathKey(path), value]];
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, item]) => textsOf(item, [...path, key]));
}

function isAddress(path: string, text: string): boolean {
  return text.includes('://') || path.split('.').some((key) => addressKey.test(key));
}

/** What connects to one server: the source, the target, or a part of the `meridian` block. */
function blockOf(path: string): string {
  const steps = path.split('.').filter((step) => step !== 'openMetadataWorkflowConfig');
  return steps.slice(0, steps[0] === 'meridian' ? 2 : 1).join('.');
}
