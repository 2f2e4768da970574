import type { Mapping } from '../map-entity.ts';

/** Attribute by which a holder names the one around it. */
export const outerNames = ['instance', 'catalog', 'cluster', 'bucket'] as const;

/** The types around a type of holders; none for an outermost one. */
export function outerTypes(type: string, { registry }: Mapping): string[] {
  const attributes = registry.attributes(type);
  return outerNames
    .map((name) => attributes.get(name) ?? '')
    .filter((outer) => registry.has(outer))
    .flatMap((outer) => registry.withSubtypes(outer));
}
