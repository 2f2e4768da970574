import { ConfigurationError } from '../../../errors.ts';
import type { SourceMemory } from '../../source.ts';
import type { PlacesOptions } from '../places.ts';
import type { Family } from './family.ts';

export interface FamilyServicesOptions {
  readonly mode: 'enrich' | 'create';
  /** The Atlas service's own name: default names are made of it. */
  readonly serviceName: string;
  readonly databaseServiceName: readonly string[];
  readonly messagingServiceName: readonly string[];
  /** Cluster → `service` or `service.database`. */
  readonly clusters: Readonly<Record<string, string>>;
  /** Family, or `family@site`, → service. */
  readonly services: Readonly<Record<string, string>>;
  /** Family of the recipe's `entity_type`: `databaseServiceName` is meant for it. */
  readonly main: Family | undefined;
}

type ClusterNames = Pick<PlacesOptions, 'serviceName' | 'databaseServiceName' | 'clusters'>;

/**
 * Which service each family goes to: what `meridian.services` says, else what the documented keys say, else (creating)
 * a default name. A family for which nothing says it stays out when enriching.
 */
export class FamilyServices {
  readonly #options: FamilyServicesOptions;

  constructor(options: FamilyServicesOptions) {
    this.#options = options;
  }

  /** Service of a family's things of one site (a cluster, or an instance). Undefined: none is named. */
  of(family: Family, site: string): string | undefined {
    const { mode, serviceName, messagingServiceName } = this.#options;
    const named = this.#named(family, site);
    if (named !== undefined) return named;
    if (family === 'kafka' && messagingServiceName.length > 1) throw ambiguous(site, messagingServiceName);
    if (family === 'kafka' && messagingServiceName[0] !== undefined) return messagingServiceName[0];
    return mode === 'create' ? `${serviceName}_${family}` : undefined;
  }

  /** Service of one instance of a database system that is a service by itself. */
  ofInstance(family: Family, instance: string): string | undefined {
    const { mode, databaseServiceName: pages, main } = this.#options;
    const named = this.#named(family, instance);
    if (named !== undefined) return named;
    if (pages.includes(instance)) return instance;
    if (family === main && pages.length === 1) return pages[0];
    return mode === 'create' ? instance : undefined;
  }

  /** For families whose clusters become databases of a service. Undefined: no service is named. */
  clusterNames(family: Family): ClusterNames | undefined {
    const { mode, serviceName, databaseServiceName, clusters, services, main } = this.#options;
    const own = Object.fromEntries(
      Object.entries(services).flatMap(([key, service]) =>
        key.startsWith(`${family}@`) ? [[key.slice(family.length + 1), service]] : [],
      ),
    );
    const isMain = family === 'hive' || family === main;
    const names = { serviceName: isMain ? serviceName : `${serviceName}_${family}`, clusters: own };
    const named = services[family];
    if (named !== undefined) return { ...names, databaseServiceName: [named] };
    if (isMain) return { ...names, clusters: { ...clusters, ...own }, databaseServiceName };
    if (mode === 'create' || Object.keys(own).length > 0) return { ...names, databaseServiceName: [] };
    return undefined;
  }

  #named(family: Family, site: string): string | undefined {
    const { services } = this.#options;
    return services[`${family}@${site}`] ?? services[family];
  }
}

function ambiguous(cluster: string, services: readonly string[]): ConfigurationError {
  return new ConfigurationError(
    'atlas.ambiguous-service',
    `The recipe names the messaging services ${services.join(', ')}: it does not say which holds the topics of ` +
      `cluster “${cluster || '(unnamed)'}”.`,
    {
      help: `Say it in the recipe, for example: meridian: {services: {kafka@${cluster || 'primary'}: ${services[0]}}}`,
    },
  );
}

/**
 * Tells apart what has the same name at several sites within one service. The only site's names stay plain; of several,
 * each name gets its site behind an `@`. The choice is remembered, so that a site that comes later moves nothing.
 */
export function chooseSuffixes(
  service: string,
  sites: readonly string[],
  options: { readonly mode: 'enrich' | 'create'; readonly memory: SourceMemory },
): ReadonlyMap<string, string> {
  const { mode, memory } = options;
  // What other connectors brought in has plain names.
  if (mode === 'enrich') return new Map(sites.map((site) => [site, '']));
  const known = memory.get(`sites.${service}`) !== undefined;
  const named = sites.filter((site) => site !== '');
  const chosen = new Map<string, string>();
  for (const site of sites) {
    const key = `suffix.${service}.${site}`;
    const remembered = memory.get(key);
    const first = !known && named.length === 1;
    const suffix = remembered ?? (first || site === '' ? '' : `@${site}`);
    if (remembered === undefined) memory.set(key, suffix);
    chosen.set(site, suffix);
  }
  if (!known && named.length > 0) memory.set(`sites.${service}`, 'named');
  return chosen;
}
