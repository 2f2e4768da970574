import { ConfigurationError } from '../../errors.ts';
import type { SourceMemory, TargetNames } from '../source.ts';

/** Where the databases of one cluster go: a service, and a database in it. */
export interface Place {
  readonly service: string;
  readonly database: string;
}

export interface PlacesOptions {
  readonly mode: 'enrich' | 'create';
  /** Fallback service in create mode. */
  readonly serviceName: string;
  readonly databaseServiceName: readonly string[];
  /** Cluster → `service` or `service.database`. */
  readonly clusters: Readonly<Record<string, string>>;
  readonly targetNames: TargetNames;
  readonly memory: SourceMemory;
}

/** The cluster of an Atlas entity: what stands after the last `@` of its qualifiedName; empty where there is none. */
export function clusterOf(qualifiedName: string): string {
  const at = qualifiedName.lastIndexOf('@');
  return at < 0 ? '' : qualifiedName.slice(at + 1);
}

/**
 * Chooses a service and a database for each cluster (DESIGN, Mapping). A choice is remembered, so that a cluster that
 * comes later never moves an earlier one; what is ambiguous is asked, never guessed.
 */
export async function choosePlaces(
  clusters: readonly string[],
  options: PlacesOptions,
): Promise<ReadonlyMap<string, Place>> {
  const places = new Map<string, Place>();
  const byService = new Map<string, string[]>();
  for (const cluster of [...clusters].sort()) {
    const [service, database] = serviceOf(cluster, clusters, options);
    if (database !== undefined) places.set(cluster, { service, database });
    else byService.set(service, [...(byService.get(service) ?? []), cluster]);
  }
  for (const [service, own] of byService) {
    for (const cluster of own) {
      places.set(cluster, { service, database: await databaseOf(cluster, own, service, options) });
    }
  }
  return places;
}

function serviceOf(
  cluster: string,
  clusters: readonly string[],
  options: PlacesOptions,
): readonly [string, string | undefined] {
  const mapped = options.clusters[cluster];
  if (mapped !== undefined) {
    const dot = mapped.indexOf('.');
    return dot < 0 ? [mapped, undefined] : [mapped.slice(0, dot), mapped.slice(dot + 1)];
  }
  const services = options.databaseServiceName;
  if (services.length === 1) return [services[0]!, undefined];
  if (services.length === 0 && options.mode === 'create') return [options.serviceName, undefined];
  throw new ConfigurationError(
    'atlas.ambiguous-service',
    `Apache Atlas has the cluster${clusters.length > 1 ? 's' : ''} ${clusters.join(', ') || '(unnamed)'}, and the recipe ` +
      `names the services ${services.join(', ') || '(none)'}: it does not say which cluster belongs to which service.`,
    {
      help: `Say it in the recipe, for example: meridian: {clusters: {${cluster || 'primary'}: ${services[0] ?? 'hive'}}}`,
    },
  );
}

async function databaseOf(
  cluster: string,
  own: readonly string[],
  service: string,
  options: PlacesOptions,
): Promise<string> {
  const { memory, mode } = options;
  const key = `database.${service}.${cluster}`;
  const remembered = memory.get(key);
  if (remembered !== undefined) return remembered;
  const choice = await chooseDatabase(cluster, own, service, options);
  // In enrich mode the target decides each time: what it holds may have been made anew.
  if (mode === 'create') memory.set(key, choice);
  return choice;
}

async function chooseDatabase(
  cluster: string,
  own: readonly string[],
  service: string,
  options: PlacesOptions,
): Promise<string> {
  const { memory } = options;
  const byRule = (): string => {
    const holder = memory.get(`default.${service}`);
    if (holder === cluster) return 'default';
    // Another cluster holds `default` already, or will stand beside this one. No cluster has no name to give.
    if (holder !== undefined) return cluster || 'no_cluster';
    if (own.length > 1 && cluster !== '') return cluster;
    memory.set(`default.${service}`, cluster);
    return 'default';
  };
  if (options.mode === 'create') return byRule();
  const held = await options.targetNames.databases(service);
  if (held === undefined || held.length === 0) return byRule();
  if (own.length === 1 && held.length === 1) return held[0]!;
  if (held.includes(cluster)) return cluster;
  if (own.length === 1 && held.includes('default')) return 'default';
  throw new ConfigurationError(
    'atlas.ambiguous-cluster',
    `The service ${service} holds the databases ${held.join(', ')}, and Apache Atlas the clusters ${own.join(', ')}: ` +
      `which database is cluster “${cluster}”?`,
    { help: `Say it in the recipe, for example: meridian: {clusters: {${cluster}: ${service}.${held[0]}}}` },
  );
}
