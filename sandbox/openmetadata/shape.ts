import { badRequest } from './api-error.ts';
import { type Doc, isDoc } from './doc.ts';
import { positionAfterKey, positionOf } from './json-position.ts';

/** What a key may hold. `any` is not looked into. */
export type Rule =
  | { readonly kind: 'any' }
  /** An address that Java's `URI` takes. */
  | { readonly kind: 'uri' }
  | { readonly kind: 'enum'; readonly className: string; readonly values: ReadonlySet<string> }
  | { readonly kind: 'object'; readonly shape: Shape }
  | { readonly kind: 'list'; readonly of: Rule };

/** The keys of one kind of JSON object; the server's own name of it shows in its error messages. */
export interface Shape {
  readonly className: string;
  readonly keys: Map<string, Rule>;
  readonly required: readonly string[];
  /** Further complaints in the form `<property> <reason>`. */
  readonly check?: (value: Doc) => string[];
}

export const ANY: Rule = { kind: 'any' };
export const URI: Rule = { kind: 'uri' };

/** Strict as RFC 2396: no blanks, no quotes or brackets, `%` only before two digits, one `#`. */
function isUri(value: string): boolean {
  return /^[^\s<>"{}|\\^`%#]*(?:%[0-9A-Fa-f]{2}[^\s<>"{}|\\^`%#]*)*(?:#(?:[^\s<>"{}|\\^`%#]|%[0-9A-Fa-f]{2})*)?$/.test(
    value,
  );
}

export function listOf(of: Rule): Rule {
  return { kind: 'list', of };
}

export function oneOf(className: string, values: ReadonlySet<string>): Rule {
  return { kind: 'enum', className, values };
}

export function objectOf(shape: Shape): Rule {
  return { kind: 'object', shape };
}

/** @param keys names separated by blanks, in the order in which the server lists them in its messages. */
export function shapeOf(
  className: string,
  keys: string,
  rules: Readonly<Record<string, Rule>> = {},
  extras: { required?: string; check?: (value: Doc) => string[] } = {},
): Shape {
  const names = keys.split(' ').filter((name) => name !== '');
  return {
    className,
    keys: new Map(names.map((name) => [name, rules[name] ?? ANY])),
    required: extras.required?.split(' ') ?? [],
    ...(extras.check === undefined ? {} : { check: extras.check }),
  };
}

export interface ShapeOptions {
  /** True: an unknown key is refused. False: it is dropped. */
  readonly strict: boolean;
  /** The request as it came, for the position in messages; absent when the value did not come as text. */
  readonly source?: string;
}

/**
 * Checks a request body as the server's JSON mapper does and then as its bean validation does; unknown keys are
 * removed in place when they are not refused.
 * @throws {ApiError} 400 for the first unreadable value, or with all missing or ill-formed properties.
 */
export function checkShape(value: unknown, shape: Shape, options: ShapeOptions): Doc {
  if (!isDoc(value)) {
    throw badRequest(`Cannot deserialize value of type \`${shape.className}\` from something that is no object`);
  }
  readObject(value, shape, undefined, options);
  const complaints = [...complaintsOf(value, shape)].sort();
  if (complaints.length > 0) {
    throw badRequest(`[${complaints.join(', ')}]`);
  }
  return value;
}

/** One step down into the body; the way up leads to its root. */
interface Step {
  readonly up: Step | undefined;
  readonly name: string | number;
  /** The object's class for a key; for an item of a list the list's. */
  readonly className: string;
}

function readObject(value: Doc, shape: Shape, up: Step | undefined, options: ShapeOptions): void {
  for (const key of Object.keys(value)) {
    const rule = shape.keys.get(key);
    if (rule === undefined) {
      if (options.strict) {
        throw unrecognized(key, shape, { up, name: key, className: shape.className }, options);
      }
      delete value[key];
    } else if (rule.kind !== 'any' && value[key] !== null && value[key] !== undefined) {
      readValue(value[key], rule, { up, name: key, className: shape.className }, options);
    }
  }
}

function readValue(value: unknown, rule: Rule, step: Step, options: ShapeOptions): void {
  if (rule.kind === 'enum') {
    if (typeof value !== 'string' || !rule.values.has(value)) {
      throw unreadable(`construct instance of \`${rule.className}\`, problem: ${String(value)}`, step, options);
    }
  } else if (rule.kind === 'uri') {
    if (typeof value !== 'string' || !isUri(value)) {
      throw unreadable(
        `deserialize value of type \`java.net.URI\` from String ${JSON.stringify(value)}`,
        step,
        options,
      );
    }
  } else if (rule.kind === 'object') {
    if (!isDoc(value)) {
      throw unreadable(`construct instance of \`${rule.shape.className}\``, step, options);
    }
    readObject(value, rule.shape, step, options);
  } else if (rule.kind === 'list') {
    if (!Array.isArray(value)) {
      throw unreadable('deserialize value of type `java.util.ArrayList`', step, options);
    }
    if (rule.of.kind !== 'any') {
      for (let index = 0; index < value.length; index += 1) {
        readValue(value[index], rule.of, { up: step, name: index, className: 'java.util.ArrayList' }, options);
      }
    }
  }
}

function unreadable(what: string, step: Step, options: ShapeOptions): Error {
  return badRequest(
    `Cannot ${what}\n${at(options.source, positionOf, step)} (through reference chain: ${chain(step)})`,
  );
}

function unrecognized(key: string, shape: Shape, step: Step, options: ShapeOptions): Error {
  const known = [...shape.keys.keys()].map((name) => `"${name}"`).join(', ');
  return badRequest(
    `Unrecognized field "${key}" (class ${shape.className}), not marked as ignorable ` +
      `(${shape.keys.size} known properties: ${known}])\n` +
      `${at(options.source, positionAfterKey, step)} (through reference chain: ${chain(step)})`,
  );
}

/** What the server's JSON parser calls its input in messages. */
export const INPUT_CLASS = 'org.glassfish.jersey.message.internal.ReaderInterceptorExecutor$UnCloseableInputStream';

function at(source: string | undefined, find: typeof positionOf, step: Step): string {
  const path = fromRoot(step).map(({ name }) => name);
  const { line, column } = source === undefined ? { line: 1, column: 1 } : find(source, path);
  return ` at [Source: (${INPUT_CLASS}); line: ${line}, column: ${column}]`;
}

function chain(step: Step): string {
  const links = fromRoot(step).map(({ className, name }) =>
    typeof name === 'number' ? `${className}[${name}]` : `${className}["${name}"]`,
  );
  return links.join('->');
}

function fromRoot(step: Step): Step[] {
  const steps: Step[] = [];
  for (let current: Step | undefined = step; current !== undefined; current = current.up) {
    steps.unshift(current);
  }
  return steps;
}

function* complaintsOf(value: Doc, shape: Shape): Generator<string> {
  for (const key of shape.required) {
    if (value[key] === undefined || value[key] === null) {
      yield `${key} must not be null`;
    }
  }
  yield* shape.check?.(value) ?? [];
  for (const [key, rule] of shape.keys) {
    if (value[key] !== undefined && rule.kind !== 'any' && rule.kind !== 'enum') {
      yield* complaintsOfValue(value[key], rule);
    }
  }
}

function* complaintsOfValue(value: unknown, rule: Rule): Generator<string> {
  if (rule.kind === 'object' && isDoc(value)) {
    yield* complaintsOf(value, rule.shape);
  }
  if (rule.kind === 'list' && Array.isArray(value)) {
    for (const item of value) {
      yield* complaintsOfValue(item, rule.of);
    }
  }
}
