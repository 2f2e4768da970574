import { ResponseError } from '../errors.ts';
import type { Entity } from './entities.ts';

/** One page of a list answer. */
export interface Page {
  readonly data?: readonly Entity[];
  readonly paging?: { readonly after?: string; readonly total?: number };
}

type FetchPage = (after: string | undefined, signal: AbortSignal) => Promise<Page>;

/**
 * Entities of a paged list, in the server's order. The next page is fetched while this one is worked on, never more than
 * one ahead. An entity that moves from one page to the next while the list is read is given once.
 * @throws ResponseError `openmetadata.paging` when the server sends the same cursor again
 */
export async function* listEntities(fetchPage: FetchPage, signal: AbortSignal): AsyncGenerator<Entity, void, void> {
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  const start = (after: string | undefined): Promise<Page> => {
    const page = fetchPage(after, either);
    // It is awaited below, or given up together with the list.
    page.catch(() => undefined);
    return page;
  };
  try {
    let next: Promise<Page> | undefined = start(undefined);
    let cursor: string | undefined;
    let before: ReadonlySet<string> = new Set();
    while (next) {
      const page: Page = await next;
      const after = page.paging?.after;
      if (after !== undefined && after === cursor) throw repeatedCursor(after);
      next = after === undefined ? undefined : start(after);
      cursor = after;
      const rows = page.data ?? [];
      for (const row of rows) if (!before.has(row.id)) yield row;
      before = new Set(rows.map(({ id }) => id));
    }
  } finally {
    stop.abort();
  }
}

function repeatedCursor(after: string): ResponseError {
  return new ResponseError('openmetadata.paging', 'OpenMetadata gives the same page again and again.', {
    status: 200,
    body: after,
    help: 'The list was given up, and what it lists is taken as not fully read. Check what stands before the server.',
  });
}
