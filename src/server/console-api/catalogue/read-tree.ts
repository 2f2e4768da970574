import type { AssetKind, ServiceKind } from '../../../model/records.ts';
import type { Entity } from '../../../openmetadata/entities.ts';
import { kindFacts } from '../../../openmetadata/kind-facts.ts';
import type { CatalogueSession } from './catalogue-session.ts';
import type { CatalogueKind, CatalogueList, CatalogueNode } from './catalogue-types.ts';

/** Lines of the tree that come at once. */
export const pageRows = 100;

export const serviceKinds: readonly ServiceKind[] = [
  'databaseService',
  'messagingService',
  'storageService',
  'pipelineService',
  'mlmodelService',
];

const belowKind: Readonly<Partial<Record<CatalogueKind, AssetKind>>> = {
  databaseService: 'database',
  messagingService: 'topic',
  storageService: 'container',
  pipelineService: 'pipeline',
  mlmodelService: 'mlmodel',
  database: 'databaseSchema',
  databaseSchema: 'table',
  container: 'container',
  glossary: 'glossaryTerm',
  glossaryTerm: 'glossaryTerm',
};

/**
 * What the pipeline has brought in, from the top: its services and glossaries, as it remembers them; where its memory cannot
 * be looked at, all that the server has.
 */
export async function readRoots(session: CatalogueSession, signal: AbortSignal): Promise<CatalogueList> {
  if (session.isMemoryElsewhere) return rootsOfServer(session, signal);
  const known = await session.remember(async (state) => {
    const found: { readonly kind: CatalogueKind; readonly fqn: string }[] = [];
    for (const kind of serviceKinds) {
      const prefix = `service.${kind}.`;
      for await (const [key] of state.listMeta(prefix)) found.push({ kind, fqn: key.slice(prefix.length) });
    }
    for await (const { fqn } of state.listAssets('glossary')) found.push({ kind: 'glossary', fqn });
    return found;
  });
  const entities = await Promise.all(
    known.map(async ({ kind, fqn }) => ({ kind, entity: await session.client.getByName(kind, fqn, {}, signal) })),
  );
  return { nodes: entities.flatMap(({ kind, entity }) => (entity ? [toNode(kind, entity)] : [])) };
}

async function rootsOfServer({ client }: CatalogueSession, signal: AbortSignal): Promise<CatalogueList> {
  const kinds: readonly (ServiceKind | 'glossary')[] = [...serviceKinds, 'glossary'];
  const pages = await Promise.all(
    kinds.map(async (kind) => {
      const { data = [] } = await client.listPage(kind, { limit: 1000 }, undefined, signal);
      return data.map((entity) => toNode(kind, entity));
    }),
  );
  return { nodes: pages.flat() };
}

/**
 * A page of what stands directly below an entity.
 *
 * @param after what the page before said
 */
export async function readBelow(
  session: CatalogueSession,
  parent: { readonly kind: CatalogueKind; readonly fqn: string },
  after: string | undefined,
  signal: AbortSignal,
): Promise<CatalogueList> {
  const kind = belowKind[parent.kind];
  if (kind === undefined) return { nodes: [] };
  if (parent.kind === 'container') return containersBelow(session, parent.fqn, signal);
  const filters = await filtersOf(session, kind, parent, signal);
  if (!filters) return { nodes: [] };
  const isDirect = kind === 'glossaryTerm' ? directlyBelow(parent.fqn) : () => true;
  const { data = [], paging } = await session.client.listPage(kind, { filters, limit: pageRows }, after, signal);
  const nodes = data.filter(isDirect).map((entity) => toNode(kind, entity));
  return {
    nodes,
    ...(paging?.total !== undefined && kind !== 'glossaryTerm' && { total: paging.total }),
    ...(paging?.after !== undefined && { after: paging.after }),
  };
}

async function filtersOf(
  { client }: CatalogueSession,
  kind: AssetKind,
  parent: { readonly kind: CatalogueKind; readonly fqn: string },
  signal: AbortSignal,
): Promise<Record<string, string> | undefined> {
  if (kind === 'table') return { databaseSchema: parent.fqn };
  // Only those at the top: what they hold comes when they are opened.
  if (kind === 'container') return { service: parent.fqn, root: 'true' };
  if (kind !== 'glossaryTerm') return { [kindFacts[kind].listFilter ?? 'service']: parent.fqn };
  // Terms are found by the id of what they stand below.
  const holder = await client.getByName(parent.kind, parent.fqn, {}, signal);
  return holder && { [parent.kind === 'glossary' ? 'glossary' : 'parent']: holder.id };
}

async function containersBelow({ client }: CatalogueSession, fqn: string, signal: AbortSignal): Promise<CatalogueList> {
  const found = await client.getByName('container', fqn, { fields: ['children'] }, signal);
  const children = (found?.['children'] as readonly Entity[] | undefined) ?? [];
  return { nodes: children.filter(({ deleted }) => !deleted).map((child) => toNode('container', child)) };
}

function directlyBelow(fqn: string): (entity: Entity) => boolean {
  return ({ fullyQualifiedName = '' }) => {
    const rest = fullyQualifiedName.startsWith(`${fqn}.`) ? fullyQualifiedName.slice(fqn.length + 1) : '';
    return /^("[^"]*"|[^".]+)$/.test(rest);
  };
}

export function toNode(kind: CatalogueKind, entity: Entity): CatalogueNode {
  const type = entity['tableType'] ?? (isService(kind) ? entity['serviceType'] : undefined);
  return {
    kind,
    fqn: entity.fullyQualifiedName ?? entity.name,
    name: entity.displayName || entity.name,
    opens: belowKind[kind] !== undefined,
    ...(typeof type === 'string' && type !== 'Regular' && { type }),
  };
}

function isService(kind: CatalogueKind): kind is ServiceKind {
  return (serviceKinds as readonly string[]).includes(kind);
}
