import { buildFqn, splitFqn } from '../model/fqn.ts';
import type { Body } from './bodies.ts';
import type { RowResult } from './entities.ts';

interface AnsweredRow {
  /** The FQN, or for a row refused early the whole request. */
  readonly request?: unknown;
  readonly message?: string;
  readonly status?: number;
}

export interface BulkAnswer {
  readonly status?: string;
  readonly abortReason?: string;
  readonly successRequest?: readonly AnsweredRow[];
  readonly failedRequest?: readonly AnsweredRow[];
}

const PARENT_KEYS = ['databaseSchema', 'database', 'service', 'classification'] as const;

/** FQN that the entity of a request body has or will have. */
export function fqnOfBody(body: Body): string {
  const name = String(body['name']);
  const around = body['parent'] as { readonly fullyQualifiedName?: string } | undefined;
  if (around?.fullyQualifiedName !== undefined) return buildFqn([...splitFqn(around.fullyQualifiedName), name]);
  const parent = PARENT_KEYS.map((key) => body[key]).find((value) => typeof value === 'string');
  return buildFqn(parent === undefined ? [name] : [...splitFqn(parent), name]);
}

function fqnOfRow({ request }: AnsweredRow): string | undefined {
  if (typeof request === 'string') return request;
  return typeof request === 'object' && request !== null ? fqnOfBody(request as Body) : undefined;
}

/**
 * The outcome of each row, in the order in which they were sent. The server answers 200 even when every row failed, so
 * a row that it does not mention counts as failed.
 */
export function rowResults(bodies: readonly Body[], answer: BulkAnswer): RowResult[] {
  const outcomes = new Map<string, Omit<RowResult, 'fqn'>>();
  for (const row of answer.successRequest ?? []) {
    const fqn = fqnOfRow(row);
    if (fqn !== undefined) outcomes.set(fqn, { ok: true, status: row.status ?? 200 });
  }
  for (const row of answer.failedRequest ?? []) {
    const fqn = fqnOfRow(row);
    if (fqn === undefined) continue;
    outcomes.set(fqn, { ok: false, status: row.status ?? 400, message: row.message ?? 'refused without a reason' });
  }
  const missing = { ok: false, status: 500, message: answer.abortReason ?? 'the server said nothing about this row' };
  return bodies.map((body) => {
    const fqn = fqnOfBody(body);
    return { fqn, ...(outcomes.get(fqn) ?? missing) };
  });
}
