import type { ResolvedSettings } from '../../config/resolve-settings.ts';
import { buildFqn } from '../../model/fqn.ts';

/** A service, or one database of it, whose tables are to be profiled. */
export interface ProfiledService {
  /** FQN at the target. */
  readonly fqn: string;
  readonly service: string;
  /** What the engine calls the database; each its own name unless set. */
  readonly engineDatabase?: string;
  /** It may be no database service at all. */
  readonly maybe?: boolean;
}

/** `service`, or `service.database`, as recipes write it: the first dot ends the service. */
function placeOf(text: string): { readonly service: string; readonly fqn: string } {
  const dot = text.indexOf('.');
  if (dot < 0) return { service: text, fqn: buildFqn([text]) };
  const service = text.slice(0, dot);
  return { service, fqn: buildFqn([service, text.slice(dot + 1)]) };
}

/**
 * Where the tables are: as `meridian.profiler.services` says; else, for Atlas, the services that hold what it describes; else
 * the source's own service.
 */
export function profiledServices(settings: ResolvedSettings): readonly ProfiledService[] {
  const mapped = Object.entries(settings.profiler?.services ?? {});
  if (mapped.length > 0) return mapped.map(([engineDatabase, text]) => ({ ...placeOf(text), engineDatabase }));
  const { connection, clusters, services, serviceName } = settings;
  const { databaseServiceName = [] } = connection;
  const families = Object.values(services);
  const named = [...databaseServiceName, ...Object.values(clusters), ...families];
  const all = named.length > 0 ? named : [serviceName];
  // Some families are none of tables: where theirs is no database service, nothing is missed.
  const certain = new Set([...databaseServiceName, ...Object.values(clusters)]);
  const places = new Map(
    all.map((text) => [
      text,
      { ...placeOf(text), ...(families.includes(text) && !certain.has(text) && { maybe: true }) },
    ]),
  );
  // A whole service has its databases with it.
  const whole = new Set(
    [...places.values()].filter(({ service, fqn }) => fqn === service).map(({ service }) => service),
  );
  return [...places.values()].filter(({ service, fqn }) => fqn === service || !whole.has(service));
}
