import type { AtlasReader } from '../atlas-reader.ts';
import type { AtlasEntity, ObjectId } from '../atlas-types.ts';
import { objectId, objectIds, qualifiedName } from '../map-entity.ts';
import type { AffectedSpool, Why } from './affected-spool.ts';
import type { OwnerAttributes } from './owner-attributes.ts';

/** Attributes by which topics, objects and models name the parts of their schemas, and these name each other. */
const schemaAttributes = ['avroSchema', 'avroSchemas', 'schema', 'fields', 'type', 'directory'];
/** And the way back: to what shows a schema as its own. */
const usesOfSchema = [
  'kafka_topics_references',
  'associatedEntities',
  's3Objects',
  's3PseudoDirs',
  'model',
  'pipeline',
];

/** Guids a request, and requests at once. */
const batchSize = 100;
const batchesAtOnce = 3;

/**
 * Reads everything that must be told because entities have changed: what they belong to (a column's table), what they
 * write (a process's outputs), all lineage that leads into those, and what the records name besides.
 */
export class CollectAffected {
  readonly #reader: AtlasReader;
  readonly #owners: OwnerAttributes;
  readonly #spool: AffectedSpool;
  readonly #signal: AbortSignal;

  constructor(reader: AtlasReader, owners: OwnerAttributes, spool: AffectedSpool, signal: AbortSignal) {
    this.#reader = reader;
    this.#owners = owners;
    this.#spool = spool;
    this.#signal = signal;
  }

  /** The queue `changed` holds what has changed; everything else is worked out from it. */
  async run(): Promise<void> {
    await this.#drain('changed', (entity) => this.#affect(entity), true);
    await this.#drain('lineage', (entity) => this.#keepProcess(entity));
    // What processes read must have a place, so that their edges have two ends.
    await this.#drain('context', (entity) => this.#surround(entity));
  }

  /** Reads a queue to its end, in full; what is put into it meanwhile included. */
  async #drain(queue: string, take: (entity: AtlasEntity) => void, missingIsGone = false): Promise<void> {
    for (let guids = this.#next(queue); guids.length > 0; guids = this.#next(queue)) {
      const batches: string[][] = [];
      for (let i = 0; i < guids.length; i += batchSize) batches.push(guids.slice(i, i + batchSize));
      const answers = await Promise.all(batches.map((batch) => this.#reader.bulk(batch, this.#signal)));
      this.#spool.batch(() => {
        const found = new Set<string>();
        for (const { entities = [], referredEntities = {} } of answers) {
          for (const entity of entities) {
            found.add(entity.guid);
            take(entity);
          }
          for (const part of Object.values(referredEntities)) this.#keepPart(part);
          for (const entity of entities) this.#wantListed(entity);
        }
        for (const guid of missingIsGone ? guids : []) if (!found.has(guid)) this.#spool.addGone(guid, '', guid);
      });
    }
  }

  #next(queue: string): string[] {
    this.#signal.throwIfAborted();
    return this.#spool.take(queue, batchSize * batchesAtOnce);
  }

  /** Something changed, or something that must be told because of it. */
  #affect(entity: AtlasEntity): void {
    const { typeName } = entity;
    if (entity.status === 'DELETED') this.#spool.addGone(entity.guid, typeName, qualifiedName(entity));
    for (const owner of this.#contentOwners(entity)) this.#spool.want('changed', owner.guid, owner.typeName);
    if (this.#owners.isProcess(typeName)) {
      // Also those that it has lost just now: edges into them are to be told anew.
      for (const { guid, typeName: type } of ends(entity, 'outputs')) this.#spool.want('changed', guid, type);
      if (entity.status !== 'DELETED') this.#spool.want('lineage', entity.guid);
      return;
    }
    if (this.#owners.isSchemaPart(typeName)) {
      for (const use of namedBy(entity, usesOfSchema)) this.#spool.want('changed', use.guid, use.typeName);
    }
    if (entity.status === 'DELETED') return;
    this.#keep(entity, 'affected');
    this.#wantLineage(entity);
  }

  /** A column: its text is the table's to tell, its lineage leads into the table. */
  #keepPart(part: AtlasEntity): void {
    this.#spool.keep(part, 'part');
    if (part.status === 'DELETED') return;
    if (this.#owners.isSchemaPart(part.typeName)) this.#wantSchema(part);
    const ofAffected = this.#contentOwners(part).some(({ guid }) => this.#spool.why(guid) === 'affected');
    if (ofAffected) this.#wantLineage(part);
  }

  #wantLineage(entity: AtlasEntity): void {
    for (const { guid } of ends(entity, 'outputFromProcesses').filter(isLive)) this.#spool.want('lineage', guid);
  }

  /** A process that writes to something affected. Its other outputs are not whole here, so they are left out. */
  #keepProcess(process: AtlasEntity): void {
    if (process.status === 'DELETED') return;
    this.#spool.keep(
      onlyOutputs(process, (guid) => this.#isTold(guid)),
      'process',
    );
    for (const { guid } of ends(process, 'inputs').filter(isLive)) {
      if (!this.#spool.why(guid)) this.#spool.want('context', guid);
    }
    // An application is told with all of its processes.
    if (this.#spool.wants('changed', process.guid)) {
      for (const { guid } of ends(process, 'processes').filter(isLive)) this.#spool.want('lineage', guid);
    }
    for (const owner of this.#contentOwners(process)) {
      if (!this.#spool.wants('changed', owner.guid)) this.#spool.want('lineage', owner.guid);
    }
  }

  /** Whether lineage into it is told in this run: it is affected, or a part of what is. */
  #isTold(guid: string): boolean {
    const why = this.#spool.why(guid);
    if (why !== 'part') return why === 'affected';
    const part = this.#spool.get(guid);
    return part !== undefined && this.#contentOwners(part).some((owner) => this.#spool.why(owner.guid) === 'affected');
  }

  #surround(entity: AtlasEntity): void {
    if (entity.status === 'DELETED') return;
    this.#keep(entity, 'context');
  }

  #keep(entity: AtlasEntity, why: Why): void {
    this.#spool.keep(entity, why);
    for (const { guid } of this.#contentOwners(entity)) if (!this.#spool.why(guid)) this.#spool.want('context', guid);
    this.#wantSchema(entity);
  }

  /** Columns that Atlas counts as related to their table and not as owned: no answer brings them along. */
  #wantListed(entity: AtlasEntity): void {
    if (!this.#spool.why(entity.guid)) return;
    for (const { guid } of namedBy(entity, this.#owners.columnLists(entity.typeName)).filter(isLive)) {
      if (!this.#spool.why(guid)) this.#spool.want('context', guid);
    }
  }

  #wantSchema(entity: AtlasEntity): void {
    for (const { guid, typeName } of namedBy(entity, schemaAttributes)) {
      const isPart = typeName !== undefined && this.#owners.isSchemaPart(typeName);
      if (isPart && !this.#spool.why(guid)) this.#spool.want('context', guid);
    }
  }

  /** What an entity belongs to, as far as that can be told by itself. */
  #contentOwners(entity: AtlasEntity): readonly ObjectId[] {
    return this.#owners
      .of(entity.typeName)
      .map((name) => objectId(entity.relationshipAttributes?.[name] ?? entity.attributes[name]))
      .filter((owner) => owner !== undefined)
      .filter((owner) => owner.typeName === undefined || this.#owners.isContent(owner.typeName));
  }
}

function namedBy(entity: AtlasEntity, attributes: readonly string[]): readonly ObjectId[] {
  return attributes.flatMap((name) => {
    const one = objectId(entity.relationshipAttributes?.[name] ?? entity.attributes[name]);
    return one ? [one] : ends(entity, name);
  });
}

function ends(entity: AtlasEntity, attribute: string): readonly ObjectId[] {
  return objectIds(entity.relationshipAttributes?.[attribute] ?? entity.attributes[attribute]);
}

function isLive(id: ObjectId): boolean {
  return (id.entityStatus ?? 'ACTIVE') === 'ACTIVE' && (id.relationshipStatus ?? 'ACTIVE') === 'ACTIVE';
}

function onlyOutputs(process: AtlasEntity, isTold: (guid: string) => boolean): AtlasEntity {
  const outputs = ends(process, 'outputs').filter(({ guid }) => isTold(guid));
  return {
    ...process,
    attributes: { ...process.attributes, outputs },
    relationshipAttributes: { ...process.relationshipAttributes, outputs },
  };
}
