import type { FastifyInstance } from 'fastify';
import { type ConsoleApiDeps, historyOf } from './console-api-deps.ts';
import type { Change, ChangesAnswer } from './console-types.ts';
import { countInQuery } from './pipeline-body.ts';

interface ChangeQuery {
  /** Somewhere in the name, a field, a value or a reason; in any case. */
  readonly search?: string;
  /** One of `ChangeAction`, or `changes` for all but `unchanged`. */
  readonly action?: string;
  readonly entityType?: string;
  /** How many of those that match are left out before the page. */
  readonly skip?: number;
  readonly limit?: number;
}

const pageSize = 50;

/** The changes of a plan, filtered and searched on this side: a plan may have a million. */
export function registerChangeRoutes(app: FastifyInstance, deps: ConsoleApiDeps): void {
  const word = { type: 'string', maxLength: 200 } as const;
  app.get<{ Params: { runId: string }; Querystring: Readonly<Record<keyof ChangeQuery, string>> }>(
    '/runs/:runId/changes',
    {
      config: { access: 'viewer' },
      schema: {
        querystring: {
          type: 'object',
          properties: {
            search: word,
            action: word,
            entityType: word,
            skip: countInQuery,
            limit: countInQuery,
          },
        },
      },
    },
    ({ params, query: { skip, limit, ...words } }) =>
      pageOf(historyOf(deps).changes(params), {
        ...words,
        skip: Number(skip ?? 0),
        limit: Math.min(Number(limit ?? pageSize), 500),
      }),
  );
}

/** One pass: the page, how many match in all, and what each choice of a filter would find. */
export async function pageOf(changes: AsyncIterable<Change>, query: ChangeQuery): Promise<ChangesAnswer> {
  const { action, entityType, skip = 0, limit = pageSize } = query;
  const search = query.search?.trim().toLowerCase();
  const actions: Record<string, number> = {};
  const entityTypes: Record<string, number> = {};
  const page: Change[] = [];
  let total = 0;
  for await (const change of changes) {
    if (search && !holds(change, search)) continue;
    const ofAction = isOf(change, action);
    const ofType = !entityType || change.entityType === entityType;
    if (ofType) actions[change.action] = (actions[change.action] ?? 0) + 1;
    if (ofAction) entityTypes[change.entityType] = (entityTypes[change.entityType] ?? 0) + 1;
    if (!ofAction || !ofType) continue;
    if (total >= skip && page.length < limit) page.push(change);
    total += 1;
  }
  return { changes: page, total, actions, entityTypes };
}

/** `changes`: whatever is not as it should be already. */
function isOf(change: Change, action: string | undefined): boolean {
  if (action === 'changes') return change.action !== 'unchanged';
  return !action || change.action === action;
}

function holds({ fqn, reason, fields }: Change, search: string): boolean {
  const has = (text: string | undefined): boolean => text?.toLowerCase().includes(search) ?? false;
  return (
    has(fqn) ||
    has(reason) ||
    fields.some(({ field, from, to, reason: why }) => has(field) || has(from) || has(to) || has(why))
  );
}
