import type { SourceContext, TargetNames } from '../../source.ts';
import type { AtlasReader } from '../atlas-reader.ts';
import type { AtlasEntity } from '../atlas-types.ts';
import { type Mapping, nameOf, qualifiedName, text } from '../map-entity.ts';
import { choosePlaces, clusterOf } from '../places.ts';
import { reportProblem } from '../search-pages.ts';
import { type Family, serviceTypeOf } from './family.ts';
import type { FamilyServices } from './family-services.ts';
import { Holders } from './holders.ts';
import { outerNames, outerTypes } from './outer-types.ts';
import { placeInstances } from './place-instances.ts';

export interface HoldersOptions {
  readonly reader: AtlasReader;
  readonly mapping: Mapping;
  readonly context: SourceContext;
  readonly services: FamilyServices;
  readonly mode: 'enrich' | 'create';
  readonly targetNames: TargetNames;
}

/** Families whose outermost holder is a service by itself. */
export const instanceFamilies: ReadonlySet<Family> = new Set(['rdbms', 'trino', 'couchbase']);

const wanted = ['clusterName', 'parameters', 'location', 'rdbms_type', 'hostname', 'port', 'comment', ...outerNames];

/** Reads the holders of a family, from the types that its tables name up to the outermost. */
export async function readHolders(
  family: Family,
  innermost: readonly string[],
  options: HoldersOptions,
): Promise<Holders> {
  const found: AtlasEntity[] = [];
  const seen = new Set(innermost.flatMap((type) => options.mapping.registry.withSubtypes(type)));
  // What is added while it is walked through is walked through too.
  for (const type of seen) {
    found.push(...(await readAll(type, options)));
    for (const outer of outerTypes(type, options.mapping)) seen.add(outer);
  }
  return placeHolders(family, found, options);
}

async function readAll(type: string, { reader, mapping, context }: HoldersOptions): Promise<AtlasEntity[]> {
  const found: AtlasEntity[] = [];
  const attributes = mapping.registry.assetAttributes([type], wanted);
  for await (const page of reader.pages({ types: [type], attributes }, 1, context.signal)) {
    reportProblem(page, 'databaseSchema', type, context);
    found.push(...page.entities.filter((entity) => entity.status !== 'DELETED'));
  }
  return found;
}

/** Gives holders that were read, in full or as rows, their places. */
export function placeHolders(family: Family, found: readonly AtlasEntity[], options: HoldersOptions): Promise<Holders> {
  return instanceFamilies.has(family)
    ? placeInstances(family, found, options).then((placed) => new Holders(family, options.mapping, placed))
    : placeClusters(family, found, options);
}

async function placeClusters(
  family: Family,
  found: readonly AtlasEntity[],
  { services, mapping, context, mode, targetNames }: HoldersOptions,
): Promise<Holders> {
  const names = services.clusterNames(family);
  if (!names) {
    const unserved = new Set(found.map(({ guid }) => guid));
    return new Holders(family, mapping, { held: new Map(), services: new Map(), clusters: [], unserved });
  }
  const clusters = [...new Set(found.map(clusterOfHolder))];
  const places = await choosePlaces(clusters, { ...names, mode, targetNames, memory: context.memory });
  const held = new Map(
    found.map((entity) => {
      const { service, database } = places.get(clusterOfHolder(entity))!;
      return [entity.guid, { entity, path: [service, database, nameOf(entity)] }];
    }),
  );
  const type = { type: serviceTypeOf(family, 'databaseService'), entity: undefined };
  const named = new Map([...places.values()].map(({ service }) => [service, type] as const));
  const databases = new Map(
    [...places].map(([cluster, { service, database }]) => {
      const path = [service, database];
      return [JSON.stringify(path), { path, cluster }] as const;
    }),
  );
  const placed = { held, services: named, clusters: [...databases.values()], unserved: new Set<string>() };
  return new Holders(family, mapping, placed);
}

function clusterOfHolder(entity: AtlasEntity): string {
  return clusterOf(qualifiedName(entity)) || (text(entity.attributes['clusterName']) ?? '');
}
