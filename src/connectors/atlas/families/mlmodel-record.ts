import type { MlModelRecord, NamePath } from '../../../model/records.ts';
import type { AtlasEntity } from '../atlas-types.ts';
import { entityFields, type Mapping, nameOf, related, text } from '../map-entity.ts';
import type { PartLookup } from './avro-fields.ts';

/** Attributes of a model, or of what leads to one, that are read. */
export const modelAttributes = [
  'version',
  'metadata',
  'modelEndpointURL',
  'imageTag',
  'extra',
  'directory',
  'dataset',
  'clusterName',
] as const;

/** What OpenMetadata wants to be told as algorithm, where Atlas knows none. */
const algorithms: Readonly<Record<string, string>> = {
  ml_project: 'Project',
  ml_model_build: 'Model build',
  ml_model_deployment: 'Model deployment',
  spark_ml_model: 'Spark ML model',
  spark_ml_pipeline: 'Spark ML pipeline',
};

/** A build's name tells its version: each is a model of its own. */
export function modelName(entity: AtlasEntity): string {
  const version = entity.attributes['version'];
  return typeof version === 'number' && version > 0 ? `${nameOf(entity)}:${version}` : nameOf(entity);
}

export function modelRecord(entity: AtlasEntity, path: NamePath, part: PartLookup, mapping: Mapping): MlModelRecord {
  const { attributes } = entity;
  const about = { ...mapOf(attributes['metadata']), ...extraOf(attributes['extra']) };
  const base = mapping.registry.lineage(entity.typeName).find((type) => Object.hasOwn(algorithms, type));
  const algorithm = about['algorithm'] ?? (base === undefined ? entity.typeName : algorithms[base]!);
  const server = text(attributes['modelEndpointURL']);
  const storage = storageOf(entity, part) ?? text(attributes['imageTag']);
  const told = Object.entries(about).filter(([name]) => name !== 'algorithm');
  return {
    kind: 'mlmodel',
    ...entityFields(entity, path, mapping),
    algorithm,
    ...(server !== undefined && { server }),
    ...(storage !== undefined && { storage }),
    ...(told.length > 0 && { hyperParameters: told.map(([name, value]) => ({ name, value })) }),
  };
}

/** Where a Spark model or pipeline keeps its files. */
function storageOf(entity: AtlasEntity, part: PartLookup): string | undefined {
  const [id] = related(entity, 'directory');
  const directory = id && part(id.guid);
  return directory && (text(directory.attributes['uri']) ?? text(directory.attributes['directory']));
}

function mapOf(value: unknown): Record<string, string> {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return {};
  return Object.fromEntries(
    Object.entries(value).map(([name, told]) => [name, typeof told === 'object' ? JSON.stringify(told) : String(told)]),
  );
}

/** Spark writes parameters as a JSON object, or as any text at all. */
function extraOf(value: unknown): Record<string, string> {
  const written = text(value);
  if (written === undefined) return {};
  try {
    const parsed: unknown = JSON.parse(written);
    if (parsed !== null && typeof parsed === 'object' && !Array.isArray(parsed)) return mapOf(parsed);
  } catch {
    // No JSON: kept as it is.
  }
  return { extra: written };
}
