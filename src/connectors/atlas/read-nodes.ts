import type { SourceContext } from '../source.ts';
import type { AtlasReader } from './atlas-reader.ts';
import type { AtlasEntity } from './atlas-types.ts';
import { containerAttributes, outerContainer } from './families/container-record.ts';
import type { Home, HomeKind } from './families/family.ts';
import { fileParts } from './families/file-path.ts';
import { modelAttributes } from './families/mlmodel-record.ts';
import { schemaAttributes, topicAttributes } from './families/topic-record.ts';
import type { TypeHomes } from './families/type-homes.ts';
import { type Mapping, qualifiedName, related, text } from './map-entity.ts';
import type { NodeSpool } from './node-spool.ts';
import { clusterOf } from './places.ts';
import { reportProblem } from './search-pages.ts';
import type { Spool } from './spool.ts';
import { typeGroups } from './type-groups.ts';

export interface NodeReading {
  readonly reader: AtlasReader;
  readonly mapping: Mapping;
  readonly homes: TypeHomes;
  readonly spool: Spool;
  readonly nodes: NodeSpool;
  readonly context: SourceContext;
}

const wantedOf: Readonly<Record<HomeKind, readonly string[]>> = {
  topic: topicAttributes,
  container: containerAttributes,
  mlmodel: modelAttributes,
  table: ['comment', 'clusterName'],
  pipeline: [],
};

const nodesPerPage = 4_000;

/**
 * Reads all assets of these types, none of them tables with columns, into the spool; and what is tied to them.
 *
 * @returns false when what is tied to them (fields of schemas) could not be read whole
 */
export async function spoolNodes(types: ReadonlyMap<string, Home>, reading: NodeReading): Promise<boolean> {
  const { mapping, context } = reading;
  let tied = false;
  const { registry } = mapping;
  const kindOf = (type: string): HomeKind => types.get(type)?.kind ?? 'container';
  const wanted = (type: string): string[] => registry.assetAttributes([type], wantedOf[kindOf(type)]);
  for (const { types: names, attributes } of typeGroups(types.keys(), wanted)) {
    const kind = kindOf(names[0]!);
    try {
      const query = { types: names, attributes, pageSize: nodesPerPage };
      for await (const page of reading.reader.pages(query, 1, context.signal)) {
        reportProblem(page, kind, names.join(', '), context);
        for (const entity of page.entities) {
          if (entity.status === 'DELETED') continue;
          addNode(entity, types.get(entity.typeName) ?? types.get(names[0]!)!, reading);
          tied ||= hasParts(entity, mapping);
        }
      }
    } catch (error) {
      context.signal.throwIfAborted();
      const message = error instanceof Error ? error.message : String(error);
      context.report({ outcome: 'failed', kind, reason: 'partial-answer', name: names.join(', '), message });
    }
  }
  return tied ? spoolParts(reading) : true;
}

/** Puts an entity among the nodes, read in full or as a row. */
export function addNode(entity: AtlasEntity, home: Home, { nodes }: Pick<NodeReading, 'nodes'>): void {
  const { family = 'custom', kind = 'container', service = '' } = home;
  const cluster = siteOf(entity);
  const depth = family === 'paths' ? fileParts(entity, cluster).length : 0;
  const outer = outerOf(entity, kind);
  const node = { guid: entity.guid, family, kind, ruled: service, site: cluster, outer, depth, entity };
  nodes.add(node, qualifiedName(entity));
}

/** Guid of what is around it: a container, or the application that a process is a part of. */
function outerOf(entity: AtlasEntity, kind: HomeKind): string | undefined {
  if (kind === 'pipeline') return related(entity, 'application')[0]?.guid;
  return kind === 'container' ? outerContainer(entity)?.guid : undefined;
}

/** The cluster; what an `@` separates otherwise (a container's account, a mail) is none. */
function siteOf(entity: AtlasEntity): string {
  const behind = clusterOf(qualifiedName(entity));
  if (behind !== '' && !/[/:. ]/.test(behind)) return behind;
  return text(entity.attributes['clusterName']) ?? '';
}

/** Whether something that is read apart (the fields of a schema, a model's folder) belongs to it. */
export function hasParts(entity: AtlasEntity, { registry }: Mapping): boolean {
  const names = [...schemaAttributes, 'directory', 'fields'];
  return registry.isA(entity.typeName, 'avro_schema') || names.some((name) => related(entity, name).length > 0);
}

const partAttributes = ['type', 'doc', 'fields', 'avro_notation', 'namespace', 'uri', 'directory', 'symbols'];

/** Parts of schemas and models: few, and only read where something names them. */
async function spoolParts({ reader, mapping, spool, context }: NodeReading): Promise<boolean> {
  let whole = true;
  const { registry } = mapping;
  const parts = ['avro_type', 'spark_ml_directory'].flatMap((name) => registry.withSubtypes(name));
  const wanted = (type: string): string[] => [
    ...registry.common([type], partAttributes),
    ...registry.addedAttributes([type]),
  ];
  for (const { types, attributes } of typeGroups(parts, wanted)) {
    try {
      for await (const page of reader.pages({ types, attributes }, 1, context.signal)) {
        reportProblem(page, 'topic', types.join(', '), context);
        if (page.problem?.outcome === 'failed') whole = false;
        for (const entity of page.entities) if (entity.status !== 'DELETED') spool.addPart(entity);
      }
    } catch (error) {
      context.signal.throwIfAborted();
      whole = false;
      const message = error instanceof Error ? error.message : String(error);
      for (const kind of ['topic', 'container', 'mlmodel'] as const) {
        context.report({ outcome: 'failed', kind, reason: 'partial-answer', name: types.join(', '), message });
      }
    }
  }
  return whole;
}
