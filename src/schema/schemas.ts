import { airflowBlock } from './airflow-block.ts';
import { connections } from './connections.ts';
import { meridianBlock } from './meridian-block.ts';
import { openMetadataConnection } from './openmetadata-connection.ts';
import type { JsonSchema } from './parts.ts';
import { recordSchema } from './record-schema.ts';
import { plan, report, watch } from './report-schema.ts';
import { serveSettings } from './serve-settings.ts';
import { providerSignIns, tokenSignIn } from './sign-ins.ts';
import { sourceConfigs } from './source-configs.ts';
import { workflow } from './workflow.ts';

/** `AtlasExport` → `atlasExport`. */
function schemaName(type: string): string {
  return `${type[0]!.toLowerCase()}${type.slice(1)}`;
}

const schemas: Readonly<Record<string, JsonSchema>> = {
  workflow,
  ...Object.fromEntries(Object.entries(connections).map(([type, schema]) => [`${schemaName(type)}Connection`, schema])),
  ...Object.fromEntries(Object.entries(sourceConfigs).map(([type, schema]) => [schemaName(type), schema])),
  openMetadataConnection,
  meridian: meridianBlock,
  airflow: airflowBlock,
  'sign-in-openmetadata': tokenSignIn,
  ...Object.fromEntries(Object.entries(providerSignIns).map(([name, schema]) => [`sign-in-${name}`, schema])),
  record: recordSchema,
  report,
  plan,
  watch,
  serve: serveSettings,
};

/** Names that `meridian schema NAME` knows. */
export const schemaNames: readonly string[] = Object.keys(schemas);

/** A JSON Schema (draft-07) by name; undefined for a name that is none. */
export function getSchema(name: string): JsonSchema | undefined {
  const found = Object.hasOwn(schemas, name) ? schemas[name] : undefined;
  return found && { $schema: 'http://json-schema.org/draft-07/schema#', title: name, ...found };
}
