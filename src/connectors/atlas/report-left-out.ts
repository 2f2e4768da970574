import type { SourceContext } from '../source.ts';
import type { AtlasReader } from './atlas-reader.ts';
import type { Family, TypeRule } from './families/family.ts';
import type { Selection } from './families/selection.ts';
import type { TypeRegistry } from './type-registry.ts';

/** Counts the tables of a type whose family has no service. */
export async function reportUnserved(
  type: string,
  family: Family,
  reader: AtlasReader,
  context: SourceContext,
): Promise<void> {
  const count = await reader.count(type, context.signal);
  const message = `the recipe names no service for the family “${family}” (meridian.services)`;
  if (count > 0)
    context.report({ outcome: 'skipped', kind: 'table', reason: 'no-service', name: type, message, count });
}

/** Counts entities of the types that OpenMetadata has no place for, or that a rule leaves out: none goes in silence. */
export async function reportHomeless(
  homeless: Selection['homeless'],
  reader: AtlasReader,
  context: SourceContext,
): Promise<void> {
  for (const [name, { role }] of homeless) {
    const count = await reader.count(name, context.signal);
    if (count === 0) continue;
    const why =
      role === 'skip'
        ? { reason: 'by-rule', message: 'the recipe leaves this type out (meridian.types)' }
        : { reason: 'no-mapping', message: 'OpenMetadata has no place for entities of this type' };
    context.report({ outcome: 'skipped', kind: 'container', name, ...why, count });
  }
}

/** A rule for a type that is not there changes nothing, which nobody meant. */
export function reportUnknownRules(
  rules: Readonly<Record<string, TypeRule>>,
  registry: TypeRegistry,
  context: SourceContext,
): void {
  const message = 'a rule of the recipe (meridian.types) is for a type that this Apache Atlas does not have';
  for (const name of Object.keys(rules).filter((type) => !registry.has(type))) {
    context.report({ outcome: 'skipped', kind: 'container', reason: 'unknown-type', name, message });
  }
}
