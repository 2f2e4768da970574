import { ConfigurationError } from '../../../errors.ts';
import type { AtlasReader } from '../atlas-reader.ts';
import type { TypeRegistry } from '../type-registry.ts';
import type { Family, Home, HomeKind } from './family.ts';
import { everything, type TypeHomes } from './type-homes.ts';

export interface SelectionOptions {
  /** An Atlas type; its subtypes are read with it. */
  readonly entityType: string;
  /** Types beside it. */
  readonly entityTypes: readonly string[];
  /** Whether topics are asked for by the name of their service. */
  readonly topics: boolean;
  /** Whether processes become pipelines: then they are something to read by themselves. */
  readonly pipelines: boolean;
}

/** Up to so many types are counted one by one; of more, it is found out first which have entities. */
export const fewTypes = 4;

/** What a source's options ask for. */
export function selectionOf(options: {
  readonly entityType: string;
  readonly entityTypes?: readonly string[];
  readonly messagingServiceName: readonly string[];
  readonly pipelines?: boolean;
}): SelectionOptions {
  const { entityType, entityTypes = [], messagingServiceName, pipelines = false } = options;
  return { entityType, entityTypes, topics: messagingServiceName.length > 0, pipelines };
}

/** What a run reads. */
export interface Selection {
  /** Types of assets with their homes, by name. */
  readonly assets: ReadonlyMap<string, Home>;
  /** Types that were asked for and that OpenMetadata has no place for, or that a rule leaves out. */
  readonly homeless: ReadonlyMap<string, Home>;
  /** Family of `entity_type`; undefined when it names everything. */
  readonly main: Family | undefined;
}

/**
 * The types that a recipe asks for. Types around assets and within them stand for the assets of their family.
 *
 * @throws ConfigurationError `atlas.entity-type` when `entity_type` is no type there, or names nothing that can be read
 */
export async function selectTypes(
  options: SelectionOptions,
  homes: TypeHomes,
  registry: TypeRegistry,
  reader: AtlasReader,
  signal: AbortSignal,
): Promise<Selection> {
  const named = [options.entityType, ...options.entityTypes];
  const spelled = named.map((name) => registry.spelling(name));
  const main = spelled[0];
  const lost = named.find((_, i) => spelled[i] === undefined);
  if (lost !== undefined) throw await unknown(lost, 'is not a type of this Apache Atlas', registry, reader, signal);
  const types = new Set(
    spelled.flatMap((name) => (everything.has(name!) ? registry.names() : registry.withSubtypes(name!))),
  );
  if (options.topics) for (const [type, { kind }] of homes.all()) if (kind === 'topic') types.add(type);
  const families = familiesAround([...types], homes);
  const assets = new Map<string, Home>();
  const homeless = new Map<string, Home>();
  for (const [type, home] of homes.all()) {
    const isAsset = home.role === 'asset';
    if (isAsset && (types.has(type) || (home.family && families.has(home.family)))) assets.set(type, home);
    if (types.has(type) && (home.role === 'none' || home.role === 'skip')) homeless.set(type, home);
  }
  if (assets.size === 0 && !(options.pipelines && spelled.some((name) => registry.isA(name!, 'Process')))) {
    throw await unknown(options.entityType, 'is no type of tables or other assets', registry, reader, signal);
  }
  return { assets, homeless, main: everything.has(main!) ? undefined : homes.of(main!).family };
}

/** Families of which a holder or a part was asked for. Custom types have too little to do with each other. */
function familiesAround(types: readonly string[], homes: TypeHomes): ReadonlySet<Family> {
  const found = new Set<Family>();
  for (const type of types) {
    const { role, family } = homes.of(type);
    if (family && family !== 'custom' && (role === 'holder' || role === 'part')) found.add(family);
  }
  return found;
}

async function unknown(
  name: string,
  why: string,
  registry: TypeRegistry,
  reader: AtlasReader,
  signal: AbortSignal,
): Promise<ConfigurationError> {
  const counted = [];
  for (const type of registry.tableTypes()) {
    counted.push(`${type} (${await reader.count(type, signal).catch(() => '?')})`);
  }
  return new ConfigurationError('atlas.entity-type', `entity_type “${name}” ${why}.`, {
    help:
      `Types of tables there, with how many entities each has: ${counted.join(', ') || '(none)'}. Hive is hive_table; ` +
      'DataSet is everything.',
  });
}

/**
 * Whether a run with this selection reads entities of a type. Types that the server does not know (any more), and such
 * as stand for no entity, are: what would be missed of them was read before.
 */
export function isCovered(type: string, { assets }: Pick<Selection, 'assets'>, homes: TypeHomes): boolean {
  const { role, family } = homes.of(type);
  if (role === 'asset') return assets.has(type);
  if (role !== 'holder' && role !== 'part') return role !== 'skip';
  return [...assets.values()].some((home) => home.family === family);
}

/** Types of a kind, by family. */
export function byFamily(assets: ReadonlyMap<string, Home>, kind: HomeKind): ReadonlyMap<Family, string[]> {
  const found = new Map<Family, string[]>();
  for (const [type, home] of assets) {
    if (home.kind !== kind || !home.family) continue;
    found.set(home.family, [...(found.get(home.family) ?? []), type]);
  }
  return found;
}
