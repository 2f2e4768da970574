import { Ajv, type ErrorObject } from 'ajv';
import { closest, distance } from 'fastest-levenshtein';
import { closed, type JsonSchema } from '../schema/parts.ts';
import { workflow } from '../schema/workflow.ts';

export interface Finding {
  readonly path: readonly (string | number)[];
  readonly message: string;
  readonly expected?: string;
  readonly suggestion?: string;
}

const ajv = new Ajv({ allErrors: true, strict: false, verbose: true, validateFormats: false });
const check = ajv.compile(
  closed('', workflow['properties'] as Record<string, JsonSchema>, ['source', 'sink', 'workflowConfig']),
);

/** How different a word may be to be taken for a typo. */
function isNear(word: string, other: string): boolean {
  return distance(word.toLowerCase(), other.toLowerCase()) <= Math.max(2, Math.floor(other.length / 3));
}

function suggest(word: string, among: readonly string[]): { suggestion?: string } {
  if (among.length === 0) return {};
  const best = closest(word, [...among]);
  return isNear(word, best) ? { suggestion: `Did you mean “${best}”?` } : {};
}

function pathOf(error: ErrorObject): (string | number)[] {
  return error.instancePath
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}

function finding(error: ErrorObject): Finding {
  const path = pathOf(error);
  const { keyword, params } = error;
  const schema = (error.parentSchema ?? {}) as {
    properties?: object;
    enum?: string[];
    default?: unknown;
    pattern?: string;
  };
  switch (keyword) {
    case 'additionalProperties': {
      const key = String((params as { additionalProperty: string }).additionalProperty);
      const known = Object.keys(schema.properties ?? {});
      return { path: [...path, key], message: `There is no key “${key}” here.`, ...suggest(key, known) };
    }
    case 'required': {
      const key = (params as { missingProperty: string }).missingProperty;
      return { path, message: `The key “${key}” is missing.` };
    }
    case 'enum': {
      const among = (schema.enum ?? []).map(String);
      const expected = among.map((word) => `“${word}”`).join(', ');
      return {
        path,
        message: `“${String(error.data)}” is not known.`,
        expected,
        ...suggest(String(error.data), among),
      };
    }
    case 'pattern': {
      const word = schema.default === undefined ? undefined : String(schema.default);
      return word !== undefined && schema.pattern?.startsWith('^[')
        ? {
            path,
            message: `“${String(error.data)}” is not known here.`,
            expected: `“${word}”`,
            ...suggest(String(error.data), [word]),
          }
        : {
            path,
            message: `“${String(error.data)}” has not the right form.`,
            expected: `text that matches ${schema.pattern}`,
          };
    }
    case 'type':
      return { path, message: 'This is of another kind.', expected: `${(params as { type: string }).type}` };
    default:
      return { path, message: `This value ${error.message ?? 'is wrong'}.` };
  }
}

/** Everything in a recipe that its schema does not allow. */
export function schemaFindings(recipe: unknown): Finding[] {
  if (check(recipe)) return [];
  return (check.errors ?? []).map(finding);
}
