import type { SchemaFieldRecord } from '../../../model/records.ts';

/** A schema may contain itself. */
const deepest = 20;

const words: Readonly<Record<string, string>> = {
  null: 'NULL',
  boolean: 'BOOLEAN',
  int: 'INT',
  integer: 'INT',
  long: 'LONG',
  float: 'FLOAT',
  double: 'DOUBLE',
  bytes: 'BYTES',
  string: 'STRING',
  array: 'ARRAY',
  map: 'MAP',
  enum: 'ENUM',
  fixed: 'FIXED',
  record: 'RECORD',
  union: 'UNION',
  error: 'RECORD',
};

/** OpenMetadata's word for an Avro type's name. */
export function avroWord(name: string): string | undefined {
  const lower = name.toLowerCase();
  return Object.hasOwn(words, lower) ? words[lower] : undefined;
}

type Json = Readonly<Record<string, unknown>>;

interface Shape {
  readonly dataType: string;
  readonly dataTypeDisplay: string;
  readonly children?: readonly SchemaFieldRecord[];
}

/** The fields of an Avro schema's own text (JSON). Undefined for a text that is none, or whose schema is no record. */
export function avroTextFields(written: string): readonly SchemaFieldRecord[] | undefined {
  let schema: unknown;
  try {
    schema = JSON.parse(written);
  } catch {
    return undefined;
  }
  return isObject(schema) && Array.isArray(schema['fields']) ? fieldsOf(schema, 0) : undefined;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fieldsOf(record: Json, depth: number): SchemaFieldRecord[] {
  if (depth > deepest || !Array.isArray(record['fields'])) return [];
  const seen = new Set<string>();
  return record['fields'].filter(isObject).flatMap((field) => {
    const { name, doc, type } = field;
    if (typeof name !== 'string' || name === '' || seen.has(name)) return [];
    seen.add(name);
    const about = typeof doc === 'string' && doc !== '' ? { description: doc } : {};
    return [{ name, ...shapeOf(type, depth + 1), ...about, tags: [] }];
  });
}

function shapeOf(type: unknown, depth: number): Shape {
  if (depth > deepest) return { dataType: 'UNKNOWN', dataTypeDisplay: 'unknown' };
  if (typeof type === 'string') return { dataType: avroWord(type) ?? 'UNKNOWN', dataTypeDisplay: type };
  if (Array.isArray(type)) return unionOf(type, depth);
  if (!isObject(type)) return { dataType: 'UNKNOWN', dataTypeDisplay: 'unknown' };
  const { type: word, name, items, values, logicalType } = type;
  // A type may stand in an object of its own.
  if (isObject(word) || Array.isArray(word)) return shapeOf(word, depth + 1);
  const dataType = avroWord(String(word)) ?? 'UNKNOWN';
  if (dataType === 'ARRAY') return holding('array', 'ARRAY', shapeOf(items, depth + 1));
  if (dataType === 'MAP') return holding('map', 'MAP', shapeOf(values, depth + 1));
  const display = typeof name === 'string' ? name : typeof logicalType === 'string' ? logicalType : String(word);
  const children = dataType === 'RECORD' ? fieldsOf(type, depth) : [];
  return { dataType, dataTypeDisplay: display, ...(children.length > 0 && { children }) };
}

function holding(word: string, dataType: string, inner: Shape): Shape {
  const { children } = inner;
  return { dataType, dataTypeDisplay: `${word}<${inner.dataTypeDisplay}>`, ...(children && { children }) };
}

/** A union with nothing but null beside one type is that type. */
function unionOf(types: readonly unknown[], depth: number): Shape {
  const told = types.filter((type) => type !== 'null');
  const shapes = types.map((type) => shapeOf(type, depth + 1));
  const display = shapes.map(({ dataTypeDisplay }) => dataTypeDisplay).join(' | ');
  if (told.length === 1) return { ...shapeOf(told[0], depth + 1), dataTypeDisplay: display };
  return { dataType: told.length === 0 ? 'NULL' : 'UNION', dataTypeDisplay: display };
}
