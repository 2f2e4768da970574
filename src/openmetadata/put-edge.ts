import { ResponseError } from '../errors.ts';
import type { LineageDetails, TargetLineage } from './entities.ts';

/** Versions differ in whether they say that the name is a full one. */
const UNKNOWN_COLUMN = /Invalid (?:fully qualified )?(?:column|field) name (.+)/;

/** The column or field that a server complains about; undefined when it complains about something else. */
function unknownColumn(error: unknown): string | undefined {
  if (!(error instanceof ResponseError) || error.status !== 400) return undefined;
  try {
    const { message } = JSON.parse(error.body) as { readonly message?: unknown };
    return typeof message === 'string' ? UNKNOWN_COLUMN.exec(message)?.[1]?.trim() : undefined;
  } catch {
    return undefined;
  }
}

function without(column: string, details: LineageDetails): LineageDetails | undefined {
  const pairs = details.columnsLineage ?? [];
  const kept = pairs
    .filter(({ toColumn }) => toColumn !== column)
    .map((pair) => ({ ...pair, fromColumns: pair.fromColumns.filter((from) => from !== column) }))
    .filter(({ fromColumns }) => fromColumns.length > 0);
  const same = JSON.stringify(kept) === JSON.stringify(pairs);
  return same ? undefined : { ...details, columnsLineage: kept };
}

/**
 * Puts an edge; where the server does not know a column, once more without it, until it takes the edge.
 * @returns the columns that were left out
 */
export async function putEdge(
  edge: TargetLineage & { readonly details: LineageDetails },
  put: (edge: TargetLineage) => Promise<void>,
): Promise<readonly string[]> {
  const left: string[] = [];
  for (let { details } = edge; ; ) {
    try {
      await put({ ...edge, details });
      return left;
    } catch (error) {
      const column = unknownColumn(error);
      const fewer = column === undefined ? undefined : without(column, details);
      if (!fewer) throw error;
      left.push(column!);
      details = fewer;
    }
  }
}
