import {
  type AssetRecord,
  type NamePath,
  type PipelineRecord,
  type ServiceRecord,
  type SourceRecord,
  serviceKindOf,
} from '../../model/records.ts';
import type { SourceContext } from '../source.ts';
import type { AtlasEntity } from './atlas-types.ts';
import type { PartLookup } from './families/avro-fields.ts';
import { containerName, containerRecord } from './families/container-record.ts';
import { serviceTypeOf } from './families/family.ts';
import { chooseSuffixes, type FamilyServices } from './families/family-services.ts';
import { modelRecord } from './families/mlmodel-record.ts';
import { pipelineRecord } from './families/pipeline-record.ts';
import { tableRecord } from './families/table-records.ts';
import { topicRecord } from './families/topic-record.ts';
import { madeUpAround } from './made-up-around.ts';
import { type Mapping, qualifiedName, related } from './map-entity.ts';
import type { Node, NodeGroup, NodeSpool } from './node-spool.ts';
import { outermostNames } from './outermost-names.ts';
import { hasParts } from './read-nodes.ts';
import type { Spool } from './spool.ts';

export interface NodePlacing {
  readonly mapping: Mapping;
  readonly spool: Spool;
  readonly nodes: NodeSpool;
  readonly services: FamilyServices;
  readonly mode: 'enrich' | 'create';
  readonly context: SourceContext;
  /** Whether everything is at hand: what is made up for want of an entity is not there, then. */
  readonly holdsAll: boolean;
  /** Whether fields of schemas were read whole: else what has some is told as a shell, so that none is taken away. */
  readonly partsWhole: boolean;
}

/** Queue of processes that tell one run themselves. */
export const ownRuns = 'own runs';

/** A group with the place of each of its sites: its service, and what stands behind the names. */
interface PlacedGroup {
  readonly group: NodeGroup;
  readonly sites: ReadonlyMap<string, { readonly service: string; readonly suffix: string }>;
}

/** Gives spooled assets their services and places, and makes their records. */
export class NodePlacer {
  readonly #placing: NodePlacing;
  readonly #groups: PlacedGroup[] = [];
  readonly #part: PartLookup;

  /** @throws ConfigurationError `atlas.ambiguous-service` */
  constructor(placing: NodePlacing) {
    this.#placing = placing;
    this.#part = (guid) => placing.spool.part(guid);
    const placed = placing.nodes.groups().map((group) => ({ group, sites: this.#servicesOf(group) }));
    // Groups may share a service: the same name of two sites is told apart there.
    const byService = new Map<string, Set<string>>();
    for (const { sites } of placed) {
      for (const [site, service] of sites) byService.set(service, (byService.get(service) ?? new Set()).add(site));
    }
    const suffixes = new Map<string, ReadonlyMap<string, string>>();
    for (const [service, sites] of byService) {
      const { mode, context } = placing;
      suffixes.set(service, chooseSuffixes(service, [...sites].sort(), { mode, memory: context.memory }));
    }
    for (const { group, sites } of placed) {
      const places = [...sites].map(
        ([site, service]) => [site, { service, suffix: suffixes.get(service)!.get(site)! }] as const,
      );
      if (places.length > 0) this.#groups.push({ group, sites: new Map(places) });
      else if (placing.nodes.sites(group).length > 0) this.#reportUnserved(group);
      else this.#reportUnreached(group);
    }
  }

  #servicesOf(group: NodeGroup): Map<string, string> {
    const found = new Map<string, string>();
    for (const site of this.#placing.nodes.sites(group)) {
      const service = group.ruled || this.#placing.services.of(group.family, site);
      if (service !== undefined) found.set(site, service);
    }
    return found;
  }

  #reportUnserved(group: NodeGroup): void {
    const message = `the recipe names no service for the family “${group.family}” (meridian.services)`;
    for (const { type, count } of this.#placing.nodes.counts(group)) {
      this.#placing.context.report({
        outcome: 'skipped',
        kind: group.kind,
        reason: 'no-service',
        name: type,
        message,
        count,
      });
    }
  }

  *serviceRecords(): Generator<ServiceRecord> {
    const told = new Set<string>();
    for (const { group, sites } of this.#groups) {
      const kind = serviceKindOf(group.kind)!;
      for (const { service } of sites.values()) {
        const key = `${kind} ${service}`;
        if (told.has(key)) continue;
        told.add(key);
        yield { kind, path: [service], serviceType: serviceTypeOf(group.family, kind) };
      }
    }
  }

  *records(): Generator<SourceRecord> {
    for (const placed of this.#groups) {
      const { group } = placed;
      const paths = new Map<string, NamePath>();
      const place = (node: Node): boolean => {
        const path = this.#claim(node, placed);
        if (path) paths.set(node.guid, path);
        return path !== undefined;
      };
      const schemas = new Set<string>();
      for (const node of this.#placing.nodes.walk(group, place)) {
        const path = paths.get(node.guid)!;
        paths.delete(node.guid);
        yield* madeUpAround(node, path, schemas, this.#placing);
        yield this.#whole(node, this.#record(node, path));
      }
      this.#reportUnreached(group);
    }
  }

  #reportUnreached(group: NodeGroup): void {
    const message = 'what is around it in Apache Atlas is deleted, not there or not carried';
    for (const { type, count } of this.#placing.nodes.unreached(group)) {
      this.#placing.context.report({
        outcome: 'skipped',
        kind: group.kind,
        reason: 'no-parent',
        name: type,
        message,
        count,
      });
    }
  }

  /** A process as a pipeline. Those within an application are its tasks. */
  #pipeline(entity: AtlasEntity, path: NamePath): PipelineRecord {
    const { nodes, mapping, spool } = this.#placing;
    const inner = nodes.inside(entity.guid);
    const record = pipelineRecord(entity, path, inner, mapping);
    for (const [i, process] of (inner.length > 0 ? inner : [entity]).entries()) {
      nodes.addPipeline(process.guid, path, record.tasks[i]!.name);
      if (related(process, 'processExecutions').length === 0) spool.putAside(ownRuns, process);
    }
    return record;
  }

  /** A node's place, which is now its own; what cannot have one is reported. */
  #claim(node: Node, { sites }: PlacedGroup): NamePath | undefined {
    const { spool } = this.#placing;
    // A task has its place in its pipeline.
    if (node.kind === 'pipeline' && node.outer !== undefined) return undefined;
    const outer = node.outer === undefined ? undefined : spool.asset(node.outer)?.path;
    const site = sites.get(node.site);
    if (!outer && !site) {
      this.#skip(node, 'no-service', `the recipe names no service for this of the family “${node.family}”`);
      return undefined;
    }
    const path = outer
      ? [...outer, containerName(node.entity, this.#placing.mapping)]
      : [site!.service, ...outermostNames(node, site!.suffix, this.#placing.mapping)];
    const added = spool.addAsset(node.guid, node.kind, path);
    if (added === 'same-name') this.#skip(node, 'same-name', 'another asset of this run has the same place and name');
    return added === 'new' ? path : undefined;
  }

  #whole({ entity }: Node, record: AssetRecord): AssetRecord {
    const { partsWhole, mapping } = this.#placing;
    return partsWhole || !hasParts(entity, mapping) ? record : { ...record, incomplete: true };
  }

  #record({ entity, kind }: Node, path: NamePath): AssetRecord {
    const { mapping } = this.#placing;
    switch (kind) {
      case 'topic':
        return topicRecord(entity, path, this.#part, mapping);
      case 'mlmodel':
        return modelRecord(entity, path, this.#part, mapping);
      case 'pipeline':
        return this.#pipeline(entity, path);
      case 'table':
        return tableRecord(entity, path, [], [], mapping);
      default:
        return containerRecord(entity, path, this.#part, mapping);
    }
  }

  #skip({ entity, kind }: { entity: AtlasEntity; kind: Node['kind'] }, reason: string, message: string): void {
    this.#placing.context.report({ outcome: 'skipped', kind, reason, name: qualifiedName(entity), message });
  }
}
