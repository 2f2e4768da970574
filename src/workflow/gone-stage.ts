import type { Change } from '../reconcile/change.ts';
import type { RunContext } from './run-context.ts';

const listedTypes = new Set(['database', 'databaseSchema', 'table']);

/**
 * What an earlier run brought and the source no longer has: listed, never deleted. Absence proves nothing when a kind
 * was not read whole, so nothing of a partial kind is listed.
 */
export async function listGone(context: RunContext): Promise<void> {
  const { state, scratch, report } = context;
  const partial = new Set(report.partial);
  const list = (entityType: Change['entityType'], fqn: string): void =>
    context.done({
      action: 'gone',
      entityType,
      fqn,
      reason: 'no longer at the source; nothing is deleted',
      fields: [],
    });
  for await (const asset of state.listAssets()) {
    const type = asset.entityType as 'database' | 'databaseSchema' | 'table';
    if (!listedTypes.has(type) || partial.has(type)) continue;
    if (scratch.seen(type, asset.fqn) === undefined) list(type, asset.fqn);
  }
  if (partial.has('lineage') || partial.has('table')) return;
  for await (const edge of state.listEdges()) {
    if (scratch.seenEdge(edge.from, edge.to) !== undefined) continue;
    list('lineage', `${edge.from.fqn} → ${edge.to.fqn}`);
  }
}
