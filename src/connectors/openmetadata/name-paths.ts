import { splitFqn } from '../../model/fqn.ts';
import { decodeName, type NameRule } from '../../model/name-encoding.ts';
import type { NamePath } from '../../model/records.ts';

/** Decoding follows from the text alone: what was shortened stays so, in every name that leads through it. */
const anyRule: NameRule = { minLength: 1, maxLength: Number.POSITIVE_INFINITY, characters: 'text' };

/** A name as it was before a client encoded what a server cannot hold: it is encoded anew, for the target's version. */
export function rawName(name: string): string {
  return decodeName({ name }, anyRule);
}

/**
 * The names that a fully qualified name is made of.
 * @throws RecordError `name.malformed-fqn`
 */
export function namesOf(fqn: string): NamePath {
  return splitFqn(fqn).map(rawName);
}
