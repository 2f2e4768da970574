import { registry, type SourceType, sourceTypes } from '../connectors/registry.ts';
import type { JsonSchema } from './parts.ts';

export { type SourceType, sourceTypes };

/** `source.serviceConnection.config` of each kind of source, by its `source.type`. */
export const connections = Object.fromEntries(
  sourceTypes.map((type) => [type, registry[type].spec.connection]),
) as Readonly<Record<SourceType, JsonSchema>>;
