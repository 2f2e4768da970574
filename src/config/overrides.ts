import { resolve } from 'node:path';
import { meridianBlock } from '../schema/meridian-block.ts';
import type { JsonSchema } from '../schema/parts.ts';
import { workflow } from '../schema/workflow.ts';
import { pathKey } from './normalise-values.ts';
import type { ReferenceOptions } from './references.ts';

/** A value that stands above the recipe's own: flags win over the environment, the environment over the file. */
export interface Override {
  readonly path: readonly string[];
  readonly value: unknown;
  readonly from: 'flag' | 'environment';
  /** Such as `MERIDIAN_CONCURRENCY`, or the flag's name. */
  readonly name: string;
}

/** Paths that start from where the command runs when they come from outside the recipe. */
const filePaths: ReadonlySet<string> = new Set(['meridian.state.path', 'meridian.deadLetters']);

/** What may be set from the environment: single values of `meridian` and of `workflowConfig`. */
export const environmentNames: ReadonlyMap<string, readonly string[]> = new Map(
  [
    ...leaves(meridianBlock, ['meridian']),
    ...leaves((workflow['properties'] as Record<string, JsonSchema>)['workflowConfig']!, ['workflowConfig'], 1),
  ].map((path) => [variableOf(path), path]),
);

function* leaves(schema: JsonSchema, path: readonly string[], depth = Infinity): Iterable<readonly string[]> {
  if (['string', 'integer', 'number', 'boolean'].includes(String(schema['type']))) yield path;
  if (depth === 0) return;
  for (const [key, inner] of Object.entries((schema['properties'] ?? {}) as Record<string, JsonSchema>)) {
    yield* leaves(inner, [...path, key], depth - 1);
  }
}

/** `meridian.atlas.pageSize` → `MERIDIAN_ATLAS_PAGE_SIZE`. */
function variableOf(path: readonly string[]): string {
  const words = path.slice(1).map((step) => step.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase());
  return ['MERIDIAN', ...words].join('_');
}

/** The overrides of a run; later ones win. An empty variable counts as not set. */
export function overridesOf(
  env: ReferenceOptions['env'],
  flags: Readonly<Record<string, unknown>>,
  cwd: string,
): readonly Override[] {
  const found: Override[] = [];
  for (const [name, path] of environmentNames) {
    const value = env[name];
    if (value) found.push({ path, value: fileIn(cwd, path, value), from: 'environment', name });
  }
  for (const [key, value] of Object.entries(flags)) {
    const path = key.split('.');
    if (value !== undefined) found.push({ path, value: fileIn(cwd, path, value), from: 'flag', name: key });
  }
  return found;
}

function fileIn(cwd: string, path: readonly string[], value: unknown): unknown {
  return filePaths.has(pathKey(path)) && typeof value === 'string' ? resolve(cwd, value) : value;
}

/** The recipe with its overrides in place; the recipe given is left as it is. */
export function applyOverrides(root: unknown, overrides: readonly Override[]): unknown {
  return overrides.reduce((value, { path, value: inner }) => withValue(value, path, inner), root);
}

function withValue(root: unknown, path: readonly string[], value: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  // What is no map stays as it is, for its own mistake to be told.
  if (root !== undefined && root !== null && (typeof root !== 'object' || Array.isArray(root))) return root;
  const map = (root ?? {}) as Readonly<Record<string, unknown>>;
  return { ...map, [key]: withValue(map[key], rest, value) };
}
