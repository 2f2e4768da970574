import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MemoryEntityStore } from '../../../../sandbox/atlas/memory-store.ts';
import { type NewEntity, newEntity } from '../../../../sandbox/atlas/new-entity.ts';
import { relate } from '../../../../sandbox/atlas/relationships.ts';
import type { StoredEntity } from '../../../../sandbox/atlas/stored-entity.ts';
import { TypeRegistry } from '../../../../sandbox/atlas/type-registry.ts';
import type { SourceRecord } from '../../../model/records.ts';
import type { SourceMemory } from '../../source.ts';
import type { AtlasSourceOptions } from '../atlas-source.ts';
import { type Reading, read, start } from '../read-source.testing.ts';

/** What a real server defines: every type that Atlas ships. Tests that need them skip where they are missing. */
const typedefs = join(import.meta.dirname, '../../../../../shared/atlas/recorded/typedefs.json');
export const haveTypedefs = existsSync(typedefs);

type Attributes = Record<string, unknown> & { readonly qualifiedName: string };

export interface Builder {
  readonly types: TypeRegistry;
  /** Adds an entity; its name is its qualifiedName's first part unless told. */
  add(typeName: string, attributes: Attributes, more?: Partial<NewEntity>): StoredEntity;
  /** Relates two entities by a relationship's name, in the order of its ends. */
  relate(relationship: string, first: StoredEntity, second: StoredEntity): void;
  /** A process between entities. */
  process(typeName: string, attributes: Attributes, inputs: StoredEntity[], outputs: StoredEntity[]): StoredEntity;
}

/** A store with the shipped types, filled by a test. */
export function storeWith(fill: (builder: Builder) => void): MemoryEntityStore {
  const types = new TypeRegistry(JSON.parse(readFileSync(typedefs, 'utf8')));
  const entities: StoredEntity[] = [];
  const builder: Builder = {
    types,
    add(typeName, attributes, more = {}) {
      const named = types.attributes(typeName).has('name');
      const name = attributes.qualifiedName.replace(/@[^@]*$/, '');
      const all = { ...(named && { name }), ...attributes } as NewEntity['attributes'];
      const entity = newEntity(types, { typeName, createTime: 1, ...more, attributes: all });
      entities.push(entity);
      return entity;
    },
    relate: (relationship, first, second) => relate(types, relationship, first, second),
    process(typeName, attributes, inputs, outputs) {
      const process = builder.add(typeName, attributes);
      for (const input of inputs) relate(types, 'dataset_process_inputs', process, input);
      for (const output of outputs) relate(types, 'process_dataset_outputs', process, output);
      return process;
    },
  };
  fill(builder);
  return new MemoryEntityStore(types, entities, { glossaries: [], terms: [], categories: [] });
}

/** What a source reads of entities that a test makes up; everything unless told. */
export async function readWith(
  fill: (builder: Builder) => void,
  options: Partial<AtlasSourceOptions> = {},
  memory?: SourceMemory,
): Promise<Reading> {
  const atlas = await start({ store: storeWith(fill) });
  return read(atlas.url, { entityType: 'Referenceable', serviceName: 'atlas', ...options }, memory);
}

/** Records of a kind. */
export function ofKind<K extends SourceRecord['kind']>(reading: Reading, kind: K): (SourceRecord & { kind: K })[] {
  return reading.records.filter((record): record is SourceRecord & { kind: K } => record.kind === kind);
}

/** `service/outer/name` of every record of a kind, in the order in which they came. */
export const pathsOf = (reading: Reading, kind: SourceRecord['kind']): string[] =>
  reading.records.flatMap((record) => (record.kind === kind && 'path' in record ? [record.path!.join('/')] : []));

/** `reason: name × count` of what was left out. */
export const leftOut = (reading: Reading): string[] =>
  reading.issues.map(({ outcome, reason, name, count = 1 }) => `${outcome} ${reason}: ${name} × ${count}`).sort();
