import { parse } from 'yaml';
import { ServerError } from '../server-error.ts';

type Block = Readonly<Record<string, unknown>>;

/** Options of a connection whose name begins like this are settings of Meridian's block, by path. */
const prefix = 'meridian.';

/**
 * OpenMetadata's forms of a connection are closed, but for its `connectionOptions`, a map of texts. What stands there as
 * `meridian.mode: create` or `meridian.clusters.prod: hive_prod` is meant for the recipe's `meridian` block; a value is
 * read as YAML, so that `[a, b]` is a list and `true` a flag.
 *
 * @throws ServerError `managed.bad-option`
 */
export function splitConnection(connection: Block): {
  readonly connection: Block;
  readonly meridian: Block | undefined;
} {
  const options = connection['connectionOptions'];
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    return { connection, meridian: undefined };
  }
  const own = Object.entries(options).filter(([name]) => name.startsWith(prefix));
  if (own.length === 0) return { connection, meridian: undefined };
  const others = Object.entries(options).filter(([name]) => !name.startsWith(prefix));
  const { connectionOptions: _, ...rest } = connection;
  const meridian = own.reduce<Block>(
    (block, [name, value]) => withValue(block, name.slice(prefix.length).split('.'), optionValue(name, value), name),
    {},
  );
  return {
    connection: others.length > 0 ? { ...rest, connectionOptions: Object.fromEntries(others) } : rest,
    meridian,
  };
}

function optionValue(name: string, value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return parse(value, { maxAliasCount: 0 }) ?? value;
  } catch (cause) {
    throw bad(name, 'its value is no YAML', cause);
  }
}

function withValue(block: Block, [key, ...rest]: readonly string[], value: unknown, name: string): Block {
  if (key === undefined || key === '' || key === '__proto__') throw bad(name, 'its name is no path');
  if (rest.length === 0) return { ...block, [key]: value };
  const under = block[key] ?? {};
  if (typeof under !== 'object' || Array.isArray(under)) throw bad(name, `${key} has a value of its own already`);
  return { ...block, [key]: withValue(under as Block, rest, value, name) };
}

function bad(name: string, why: string, cause?: unknown): ServerError {
  return new ServerError('managed.bad-option', `The connection’s option ${name} cannot be used: ${why}.`, {
    status: 400,
    help: 'Write it as in a recipe’s meridian block, such as meridian.mode: create.',
    cause,
  });
}
