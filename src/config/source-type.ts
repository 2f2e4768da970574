import { type SourceType, sourceTypes } from '../schema/connections.ts';
import { type SourceConfigType, sourceConfigTypes } from '../schema/source-configs.ts';
import { nearest } from './suggest.ts';

/**
 * The kind of a recipe's source, in any case and by what a misspelt one was meant to be; as its connection has it where
 * `source.type` is no kind at all. Atlas when neither says: its schema then tells what is wrong.
 */
export function sourceTypeOf(recipe: unknown): SourceType {
  const source = at(recipe, 'source');
  return known(at(source, 'type')) ?? known(at(at(at(source, 'serviceConnection'), 'config'), 'type')) ?? 'Atlas';
}

function at(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[key] : undefined;
}

function known(type: unknown): SourceType | undefined {
  return typeof type === 'string' ? (nearest(type, sourceTypes) as SourceType | undefined) : undefined;
}

/** The kind of a recipe's pipeline, in any case and by what a misspelt one was meant to be; metadata where it is none. */
export function sourceConfigTypeOf(recipe: unknown): SourceConfigType {
  const type = at(at(at(at(recipe, 'source'), 'sourceConfig'), 'config'), 'type');
  const found = typeof type === 'string' ? nearest(type, sourceConfigTypes) : undefined;
  return (found as SourceConfigType | undefined) ?? 'DatabaseMetadata';
}
