import type { AnyConnector, LoadedConnector } from './connector.ts';
import { registry, type SourceType } from './registry.ts';

/** The connector of a kind of source. */
export async function loadConnector(type: SourceType): Promise<LoadedConnector> {
  const { spec, load } = registry[type];
  // Its settings come from itself alone.
  return { spec, connector: (await load()) as unknown as AnyConnector };
}
