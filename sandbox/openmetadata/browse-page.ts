import type { ServerResponse } from 'node:http';
import { entityPage } from './browse-entity.ts';
import { hasPage, list, PAGE_SIZE } from './browse-list.ts';
import type { Context } from './context.ts';
import { type Html, html, page } from './page-html.ts';

/** Kinds of services, each with the word for what it holds. */
const SERVICES: ReadonlyArray<readonly [type: string, title: string]> = [
  ['databaseService', 'Databases'],
  ['messagingService', 'Messaging'],
  ['storageService', 'Storage'],
  ['pipelineService', 'Pipelines'],
  ['mlmodelService', 'Machine learning'],
  ['metadataService', 'Metadata'],
];
const COUNTED: ReadonlyArray<readonly [type: string, one: string, many: string]> = [
  ['database', 'database', 'databases'],
  ['databaseSchema', 'schema', 'schemas'],
  ['table', 'table', 'tables'],
  ['topic', 'topic', 'topics'],
  ['container', 'container', 'containers'],
  ['pipeline', 'pipeline', 'pipelines'],
  ['mlmodel', 'model', 'models'],
  ['glossaryTerm', 'term', 'terms'],
];

/**
 * Serves the pages for people: services and what they hold, vocabularies, and each asset with its parts, labels, owners
 * and lineage.
 * @returns false when the path is none of a page.
 */
export function serveBrowsePage(url: URL, res: ServerResponse, context: Context): boolean {
  const parts = decoded(url.pathname);
  if (url.pathname === '/') {
    send(res, 200, page('Home', context.version.text, home(context)));
    return true;
  }
  if (parts[0] !== 'browse' || parts.length !== 3) {
    return false;
  }
  const row = context.collections.has(parts[1]!) ? context.store.byFqn(parts[1]!, parts[2]!) : undefined;
  if (row === undefined || !hasPage(row.type)) {
    send(res, 404, page('Not here', context.version.text, html`<h1>Nothing here by the name ${parts[2]}</h1>`));
    return true;
  }
  send(res, 200, page(String(row.doc['name']), context.version.text, entityPage(row, url, context)));
  return true;
}

function decoded(path: string): string[] {
  try {
    return path.split('/').slice(1).map(decodeURIComponent);
  } catch {
    return [];
  }
}

function send(res: ServerResponse, status: number, body: string): void {
  res.writeHead(status, { 'Content-Type': 'text/html; charset=utf-8', 'Content-Length': Buffer.byteLength(body) });
  res.end(body);
}

function home(context: Context): Html {
  const all = (type: string) => context.store.page({ type, include: 'all', limit: PAGE_SIZE });
  const services = SERVICES.map(([type, title]) => ({ title, rows: all(type) })).filter(({ rows }) => rows.length > 0);
  const counts = COUNTED.map(([type, one, many]) => {
    const count = context.store.count({ type, include: 'non-deleted' });
    return count === 0 ? '' : `${count} ${count === 1 ? one : many}`;
  }).filter((words) => words !== '');
  return html`<h1>What was ingested</h1>
<p>${counts.join(', ')}</p>
${services.length === 0 ? html`<p class="soft">No service yet: run an ingest against this server.</p>` : ''}
${services.map(({ title, rows }) => html`<h2>${title}</h2>${list(rows, '')}`)}
<h2>Classifications</h2>${list(all('classification'), 'None.')}
<h2>Glossaries</h2>${list(all('glossary'), 'None.')}`;
}
