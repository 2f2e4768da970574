import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import type { JsonSchema } from '../schema/parts.ts';
import { isSecretPath } from './secret-keys.ts';
import { didYouMean, placesOf, suggestWord } from './suggest.ts';

export type Path = readonly (string | number)[];

export interface Finding {
  readonly path: Path;
  /** Where the mistake is seen: at the key of `path` or at its value. */
  readonly at?: 'key' | 'value';
  readonly message: string;
  readonly expected?: string;
  readonly suggestion?: string;
  /** The key that is missing at `path`. */
  readonly missing?: string;
}

const uuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;
// An address is judged by the rules, which can say what is wrong with it; a password has no form.
const ajv = new Ajv({ allErrors: true, strict: false, verbose: true, formats: { uuid, uri: true, password: true } });
const checks = new WeakMap<JsonSchema, ValidateFunction>();

function checkOf(schema: JsonSchema): ValidateFunction {
  const check = checks.get(schema) ?? ajv.compile(schema);
  checks.set(schema, check);
  return check;
}

/** A file with more mistakes is no recipe at all. */
const mostTold = 200;

/**
 * Everything in a recipe that its schema does not allow.
 *
 * @param schema that of its source's and its pipeline's kind (`workflowWith`)
 */
export function schemaFindings(recipe: unknown, schema: JsonSchema): Finding[] {
  const check = checkOf(schema);
  if (check(recipe)) return [];
  const errors = check.errors ?? [];
  return told(
    errors
      .filter(tellsSomething)
      .slice(0, mostTold)
      .map((error) => describe(error, pathOf(error), schema)),
  );
}

/** Conditions and alternatives report themselves and each of their parts: one of them is told. */
function tellsSomething({ keyword, schemaPath }: ErrorObject): boolean {
  return keyword !== 'if' && !/\/anyOf\//.test(schemaPath);
}

/** Each once; a missing key is not told where a misspelt one was probably meant to be it. */
function told(findings: readonly Finding[]): Finding[] {
  const once = [...new Map(findings.map((each) => [JSON.stringify([each.path, each.message]), each])).values()];
  const meant = new Set(
    once.flatMap(({ path, suggestion }) =>
      suggestion === undefined ? [] : [`${path.slice(0, -1).join('.')} ${suggestion}`],
    ),
  );
  return once.filter(({ path, missing }) => !meant.has(`${path.join('.')} ${didYouMean(missing ?? '')}`));
}

function pathOf({ instancePath }: ErrorObject): (string | number)[] {
  return instancePath
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}

function describe({ keyword, params, data, parentSchema }: ErrorObject, path: Path, recipe: JsonSchema): Finding {
  const schema = (parentSchema ?? {}) as JsonSchema;
  const detail = params as Readonly<Record<string, unknown>>;
  switch (keyword) {
    case 'additionalProperties':
      return unknownKey([...path, String(detail['additionalProperty'])], schema, recipe);
    case 'required':
      return missingKey(path, String(detail['missingProperty']), schema);
    case 'enum':
      return unknownWord(path, data, (schema['enum'] as readonly unknown[]).map(String));
    case 'type':
      return otherKind(path, data, [detail['type']].flat().map(String));
    case 'anyOf':
      return noAlternative(path, schema);
    case 'minLength':
      return { path, message: 'This must not be empty.' };
    case 'minimum':
    case 'exclusiveMinimum':
    case 'maximum':
      return { path, message: `${String(data)} is out of range.`, expected: rangeOf(schema) };
    case 'pattern':
    case 'format':
      return { path, message: `${shown(path, data)} has not the right form.`, expected: formOf(schema) };
    default:
      return { path, message: `This value ${keyword} is wrong.` };
  }
}

function unknownKey(path: Path, schema: JsonSchema, recipe: JsonSchema): Finding {
  const key = String(path.at(-1));
  const known = Object.keys((schema['properties'] ?? {}) as object);
  const near = suggestWord(key, known);
  const elsewhere = near ?? placesOf(key, path.slice(0, -1), recipe);
  return {
    path,
    at: 'key',
    message: `There is no key “${key}” here.`,
    ...(near === undefined && known.length <= 12 && { expected: known.join(', ') }),
    ...(elsewhere !== undefined && { suggestion: elsewhere }),
  };
}

function missingKey(path: Path, key: string, schema: JsonSchema): Finding {
  const properties = (schema['properties'] ?? {}) as Readonly<Record<string, JsonSchema>>;
  const description = properties[key]?.['description'];
  return {
    path,
    at: 'key',
    missing: key,
    message: `The key “${key}” is missing.`,
    ...(typeof description === 'string' &&
      description !== '' && { expected: `${key}: ${description.replace(/\.$/, '')}` }),
  };
}

function unknownWord(path: Path, data: unknown, words: readonly string[]): Finding {
  const suggestion = typeof data === 'string' ? suggestWord(data, words) : undefined;
  return {
    path,
    message: `${shown(path, data)} is not known here.`,
    expected: words.map((word) => `“${word}”`).join(' or '),
    ...(suggestion !== undefined && { suggestion }),
  };
}

const kinds: Readonly<Record<string, string>> = {
  string: 'a text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map of keys and values',
  null: 'nothing',
};

function kindOf(data: unknown): string {
  if (data === null) return 'empty';
  if (Array.isArray(data)) return 'a list';
  if (typeof data === 'object') return 'a map';
  return typeof data === 'string' ? 'a text' : typeof data === 'boolean' ? 'true or false' : 'a number';
}

function otherKind(path: Path, data: unknown, types: readonly string[]): Finding {
  const expected = types
    .filter((type) => type !== 'null')
    .map((type) => kinds[type] ?? type)
    .join(' or ');
  const suggestion = kindSuggestion(data, types[0]);
  return { path, message: `This is ${kindOf(data)}.`, expected, ...(suggestion !== undefined && { suggestion }) };
}

function kindSuggestion(data: unknown, type: string | undefined): string | undefined {
  const scalar = data !== null && typeof data !== 'object';
  if (type === 'array' && scalar) return 'Write it in brackets: [ … ].';
  if (type === 'string' && scalar) return 'Put it in quotes.';
  if (type === 'boolean' && typeof data === 'string' && /^(yes|no|on|off)$/i.test(data)) {
    return `Write ${/^(yes|on)$/i.test(data) ? 'true' : 'false'}.`;
  }
  return undefined;
}

function noAlternative(path: Path, schema: JsonSchema): Finding {
  const keys = (schema['anyOf'] as readonly JsonSchema[]).flatMap((each) => (each['required'] ?? []) as string[]);
  if (keys.length === 0) return { path, message: 'This has none of the forms that are possible here.' };
  return { path, at: 'key', message: `One of the keys ${keys.map((key) => `“${key}”`).join(', ')} is needed.` };
}

function rangeOf(schema: JsonSchema): string {
  const { minimum, exclusiveMinimum, maximum } = schema as Readonly<Record<string, number | undefined>>;
  const low = minimum !== undefined ? `at least ${minimum}` : `more than ${exclusiveMinimum ?? 0}`;
  return maximum === undefined ? low : `${low} and at most ${maximum}`;
}

function formOf(schema: JsonSchema): string {
  return schema['format'] === 'uuid' ? 'a UUID' : `text that matches ${String(schema['pattern'])}`;
}

/** The value as a message may quote it: never a secret. */
function shown(path: Path, data: unknown): string {
  if (isSecretPath(path)) return 'This value';
  const text = typeof data === 'string' ? data : JSON.stringify(data);
  return text.length <= 80 ? `“${text}”` : `“${text.slice(0, 79)}…”`;
}
