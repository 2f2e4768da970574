import type { AtlasEntity } from '../atlas-types.ts';
import { nameOf, qualifiedName, related, text } from '../map-entity.ts';
import { clusterOf } from '../places.ts';
import { type Family, serviceTypeOf } from './family.ts';
import { chooseSuffixes } from './family-services.ts';
import type { Holder, Placed } from './holders.ts';
import { outerNames, outerTypes } from './outer-types.ts';
import type { HoldersOptions } from './read-holders.ts';

/** OpenMetadata's names of the systems that Atlas' relational instances name in words of their own. */
const systems: readonly (readonly [RegExp, string])[] = [
  [/postgres/, 'Postgres'],
  [/maria/, 'MariaDB'],
  [/mysql/, 'Mysql'],
  [/oracle/, 'Oracle'],
  [/mssql|sql ?server/, 'Mssql'],
  [/db2/, 'Db2'],
  [/redshift/, 'Redshift'],
  [/snowflake/, 'Snowflake'],
  [/vertica/, 'Vertica'],
  [/sqlite/, 'SQLite'],
];

/** Chains from an instance down: each level is one part of the path. */
export async function placeInstances(
  family: Family,
  found: readonly AtlasEntity[],
  { services, mapping, context, mode, targetNames }: HoldersOptions,
): Promise<Placed> {
  const outermost = (entity: AtlasEntity): boolean => outerTypes(entity.typeName, mapping).length === 0;
  const byGuid = new Map(found.map((entity) => [entity.guid, entity]));
  const chain = (entity: AtlasEntity): AtlasEntity[] => {
    const up = [entity];
    for (let at = outerOf(entity, byGuid); at && !up.includes(at); at = outerOf(at, byGuid)) up.unshift(at);
    return up;
  };
  const chains = new Map(found.map((entity) => [entity.guid, chain(entity)]));
  const instances = new Map<string, AtlasEntity | undefined>();
  const instanceName = (up: readonly AtlasEntity[]): string => {
    const [top] = up;
    // A chain whose instance is not there: the qualifiedName tells the instance, behind the `@`.
    return outermost(top!) ? nameOf(top!) : clusterOf(qualifiedName(top!)) || 'unnamed';
  };
  for (const up of chains.values()) {
    const name = instanceName(up);
    if (!instances.get(name)) instances.set(name, outermost(up[0]!) ? up[0] : undefined);
  }
  const serviceOf = new Map<string, string>();
  for (const name of instances.keys()) {
    const service = services.ofInstance(family, name);
    if (service !== undefined) serviceOf.set(name, service);
  }
  const suffixes = new Map<string, string>();
  for (const service of new Set(serviceOf.values())) {
    const own = [...serviceOf].filter(([, other]) => other === service).map(([name]) => name);
    for (const [site, suffix] of chooseSuffixes(service, own, { mode, memory: context.memory }))
      suffixes.set(site, suffix);
  }
  // OpenMetadata shows some systems (MySQL, Oracle) as one database, whose schemas their databases are.
  const only = new Map<string, string>();
  for (const service of mode === 'enrich' && family === 'rdbms' ? new Set(serviceOf.values()) : []) {
    const [database, ...more] = (await targetNames.databases(service)) ?? [];
    if (database !== undefined && more.length === 0) only.set(service, database);
  }
  const held = new Map<string, Holder>();
  const unserved = new Set<string>();
  for (const [guid, up] of chains) {
    const instance = instanceName(up);
    const service = serviceOf.get(instance);
    if (service === undefined) {
      unserved.add(guid);
      continue;
    }
    const below = (outermost(up[0]!) ? up.slice(1) : up).map(nameOf);
    const names = below.map((name, i) => (i === 0 ? name + suffixes.get(instance)! : name));
    const around = only.get(service);
    const within = around === undefined || names.length === 0 || names[0] === around ? [] : [around];
    held.set(guid, { entity: byGuid.get(guid)!, path: [service, ...within, ...names] });
  }
  const named = new Map(
    [...serviceOf].map(([instance, service]) => {
      const entity = instances.get(instance);
      return [service, { type: systemOf(family, entity), entity }] as const;
    }),
  );
  return { held, services: named, clusters: [], unserved };
}

function outerOf(entity: AtlasEntity, byGuid: ReadonlyMap<string, AtlasEntity>): AtlasEntity | undefined {
  for (const name of outerNames) {
    const outer = related(entity, name)[0];
    if (outer) return byGuid.get(outer.guid);
  }
  return undefined;
}

function systemOf(family: Family, instance: AtlasEntity | undefined): string {
  const told = (text(instance?.attributes['rdbms_type']) ?? '').toLowerCase();
  return systems.find(([pattern]) => pattern.test(told))?.[1] ?? serviceTypeOf(family, 'databaseService');
}
