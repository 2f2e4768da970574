import { ResponseError } from '../errors.ts';
import type { ServiceKind } from '../model/records.ts';
import type { OwnerReference } from '../reconcile/target-asset.ts';
import type {
  PropertyValues,
  ServiceEntity,
  Stored,
  Target,
  TargetServiceKind,
  TargetTag,
} from '../workflow/target.ts';
import { classificationBody, tagBody } from './bodies.ts';
import type { EntityType } from './collections.ts';
import type { Entity } from './entities.ts';
import type { OpenMetadataClient } from './openmetadata-client.ts';
import { metadataServiceBody, serviceBody, type TargetService, unconnectedBody } from './service-bodies.ts';

/** Rows a listing asks for at once: a table's row carries its columns, 1 to 5 kB each. */
export const pageSize = 500;

export function toStored(entity: Entity): Stored {
  return { id: entity.id, ...(entity.version !== undefined && { version: entity.version }) };
}

/** What surrounds the assets of a target: services, tags, custom properties, people. */
export class TargetSurroundings {
  protected readonly client: OpenMetadataClient;
  protected readonly signal: AbortSignal;

  /** @param client connected already */
  constructor(client: OpenMetadataClient, signal: AbortSignal) {
    this.client = client;
    this.signal = signal;
  }

  async findService(kind: TargetServiceKind, name: string): Promise<ServiceEntity | undefined> {
    const found = await this.client.getByName(kind, name, { include: 'all' }, this.signal);
    return found && { id: found.id, name: found.name, deleted: found.deleted ?? false };
  }

  async createService(
    kind: TargetServiceKind,
    name: string,
    serviceType: string,
    connection: Readonly<Record<string, unknown>>,
    words: NonNullable<Parameters<Target['createService']>[4]> = {},
  ): Promise<ServiceEntity> {
    const { isExact, ...texts } = words;
    if (kind !== 'metadataService' && isExact) {
      const made = await this.#unconnected(kind, { name, serviceType, ...texts });
      if (made) return made;
    }
    const body =
      kind === 'metadataService'
        ? metadataServiceBody({ name, ...connection } as never)
        : serviceBody(kind, { name, serviceType, connection, ...texts });
    const made = await this.client.put(kind, body, this.signal);
    return { id: made.id, name: made.name, deleted: false };
  }

  /** @returns undefined where the server wants a connection, or does not know the type */
  async #unconnected(kind: ServiceKind, service: TargetService): Promise<ServiceEntity | undefined> {
    if (!this.client.capabilities.unconnectedServices) return undefined;
    try {
      const made = await this.client.put(kind, unconnectedBody(service), this.signal);
      return { id: made.id, name: made.name, deleted: false };
    } catch (error) {
      if (error instanceof ResponseError && error.status === 400) return undefined;
      throw error;
    }
  }

  async findClassification(name: string): Promise<{ id: string; deleted: boolean } | undefined> {
    const found = await this.client.getByName('classification', name, { include: 'all' }, this.signal);
    return found && { id: found.id, deleted: found.deleted ?? false };
  }

  async createClassification(
    name: string,
    description: string,
    more: Parameters<Target['createClassification']>[2] = {},
  ): Promise<void> {
    const { displayName, mutuallyExclusive } = more;
    const body = classificationBody({ name, description, ...(displayName !== undefined && { displayName }) });
    await this.client.put('classification', { ...body, ...(mutuallyExclusive && { mutuallyExclusive }) }, this.signal);
  }

  async *listTags(classification: string): AsyncIterable<TargetTag> {
    const query = { filters: { parent: classification }, include: 'all' as const, limit: pageSize };
    for await (const tag of this.client.list('tag', query, this.signal)) {
      yield {
        fqn: tag.fullyQualifiedName ?? tag.name,
        id: tag.id,
        description: tag.description ?? '',
        deleted: tag.deleted ?? false,
        system: tag['provider'] === 'system',
      };
    }
  }

  async createTag(tag: Parameters<Target['createTag']>[0]): Promise<Stored> {
    return toStored(await this.client.put('tag', tagBody(tag), this.signal));
  }

  async describeTag(id: string, description: string, held: string): Promise<void> {
    const path = '/description';
    const operations = [
      { op: 'test' as const, path, value: held },
      { op: 'replace' as const, path, value: description },
    ];
    await this.client.patch('tag', id, operations, this.signal);
  }

  customProperties(type: EntityType): ReturnType<Target['customProperties']> {
    return this.client.customProperties(type, this.signal);
  }

  valueTypes(): Promise<ReadonlySet<string>> {
    return this.client.valueTypes(this.signal);
  }

  createCustomProperty(
    type: EntityType,
    name: string,
    description: string,
    values: PropertyValues = { propertyType: 'string' },
  ): Promise<string | undefined> {
    return this.client.ensureCustomProperty(type, { name, description, ...values }, this.signal);
  }

  async findOwner(nameOrMail: string): Promise<OwnerReference | undefined> {
    const owner = await this.client.findOwner(nameOrMail, this.signal);
    if (!owner) return undefined;
    const type = owner.type === 'team' ? 'team' : 'user';
    return { id: owner.id, type, ...(owner.name !== undefined && { name: owner.name }) };
  }
}
