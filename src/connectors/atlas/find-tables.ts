import type { FoundSink } from '../reading-part.ts';
import type { SourceContext } from '../source.ts';
import type { AtlasReader } from './atlas-reader.ts';
import type { Holders } from './families/holders.ts';
import { type Mapping, nameOf, related } from './map-entity.ts';
import { reportProblem } from './search-pages.ts';
import type { TableShape } from './table-shape.ts';

/** Rows a page: little more than ids. */
const tablesPerPage = 10_000;

/** Finds all tables of one shape, with no more than it takes to cut them: ten thousand a request. */
export async function findTables(
  shape: TableShape,
  holders: Holders,
  {
    reader,
    mapping,
    context,
  }: { readonly reader: AtlasReader; readonly mapping: Mapping; readonly context: SourceContext },
  found: FoundSink,
): Promise<void> {
  const needsOthers = mapping.registry.attributes(shape.tableType).has('foreign_keys');
  const query = { types: [shape.tableType], attributes: [shape.db], pageSize: tablesPerPage };
  let read = 0;
  try {
    for await (const page of reader.pages(query, 1, context.signal)) {
      reportProblem(page, 'table', shape.tableType, context);
      read += page.entities.length;
      context.progress('table', 0);
      for (const entity of page.entities) {
        if (entity.status === 'DELETED') continue;
        const [db] = related(entity, shape.db);
        const around = db && holders.path(db.guid);
        found.table({ id: entity.guid, type: shape.tableType, around, name: nameOf(entity), needsOthers });
      }
    }
  } catch (error) {
    context.signal.throwIfAborted();
    // Nothing at all could be read: that is no partial answer but a failure of the run.
    if (read === 0) throw error;
    const message = error instanceof Error ? error.message : String(error);
    context.report({ outcome: 'failed', kind: 'table', reason: 'partial-answer', name: shape.tableType, message });
  }
}
