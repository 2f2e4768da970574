import type { ServerResponse } from 'node:http';
import type { Context } from './context.ts';
import { type Doc, docList, isDoc, text } from './doc.ts';
import { lineageOf } from './lineage.ts';
import { type Html, html, page } from './page-html.ts';
import { showEntity } from './show-entity.ts';
import type { EntityRow } from './store.ts';

const PAGE_SIZE = 200;

/** Types with pages of their own, and what is listed on each. */
const BELOW: Readonly<Record<string, readonly string[]>> = {
  databaseService: ['database'],
  messagingService: ['topic'],
  pipelineService: ['pipeline'],
  storageService: ['container'],
  mlmodelService: ['mlmodel'],
  metadataService: [],
  database: ['databaseSchema'],
  databaseSchema: ['table'],
  classification: ['tag'],
  glossary: ['glossaryTerm'],
};
const LEAVES = new Set(['table', 'topic', 'pipeline', 'container', 'mlmodel', 'tag', 'glossaryTerm']);

/**
 * Serves the pages for people: services, databases, schemas and tables with columns, labels, owners and lineage.
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
  if (row === undefined || !(row.type in BELOW || LEAVES.has(row.type))) {
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
  const kinds = [
    'databaseService',
    'messagingService',
    'pipelineService',
    'storageService',
    'mlmodelService',
    'metadataService',
  ];
  const count = (type: string): number => context.store.count({ type, include: 'non-deleted' });
  const services = kinds.flatMap((type) => context.store.page({ type, include: 'all', limit: PAGE_SIZE }));
  const vocabularies = ['classification', 'glossary'].flatMap((type) =>
    context.store.page({ type, include: 'all', limit: PAGE_SIZE }),
  );
  return html`<h1>What was ingested</h1>
<p>${count('database')} databases, ${count('databaseSchema')} schemas, ${count('table')} tables, ${count('topic')} topics,
${count('pipeline')} pipelines, ${count('container')} containers.</p>
<h2>Services</h2>${list(services, 'No service yet: run an ingest against this server.')}
<h2>Vocabularies</h2>${list(vocabularies, 'None.')}`;
}

function list(rows: readonly EntityRow[], none: string): Html {
  if (rows.length === 0) {
    return html`<p class="soft">${none}</p>`;
  }
  return html`<ul>${rows.map(
    (row) => html`<li>${link(row.type, row.fqn, String(row.doc['name']))}
<span class="soft">${row.doc['serviceType'] ?? row.doc['tableType']} ${row.deleted ? '(deleted)' : ''}
${shorten(row.doc['description'])}</span></li>`,
  )}</ul>`;
}

function link(type: string, fqn: string, shown: string): Html {
  return html`<a href="/browse/${type}/${encodeURIComponent(fqn)}">${shown}</a>`;
}

function shorten(value: unknown): string {
  const line = (text(value) ?? '').replace(/\s+/g, ' ');
  return line.length > 120 ? `${line.slice(0, 119)}…` : line;
}

function entityPage(row: EntityRow, url: URL, context: Context): Html {
  const fields = new Set(
    [...context.collections.byType(row.type).keys].filter((key) => key !== 'tables' && key !== 'databaseSchemas'),
  );
  const doc = showEntity(row, context, { fields, address: false, actor: { name: 'admin', isBot: false } });
  const known = ['databaseService', 'messagingService', 'pipelineService', 'storageService', 'mlmodelService'];
  const above = ['service', 'database', 'databaseSchema', 'classification', 'glossary', 'parent']
    .map((key) => doc[key])
    .filter(isDoc);
  const trail = above.sort((a, b) => String(a['fullyQualifiedName']).length - String(b['fullyQualifiedName']).length);
  return html`<nav>${trail.map((one) => html`${reference(one)} / `)}${row.type}</nav>
<h1>${doc['displayName'] ?? doc['name']}</h1>
<p class="soft"><code>${row.fqn}</code> · version ${doc['version']} by ${doc['updatedBy']}${row.deleted ? ' · deleted' : ''}</p>
${about(doc)}
${columns(doc)}
${known.includes(row.type) || row.type in BELOW ? children(row, url, context) : ''}
${LEAVES.has(row.type) ? lineage(row, context) : ''}`;
}

function reference(one: Doc): Html {
  const type = String(one['type']);
  const name = String(one['name']);
  return type in BELOW || LEAVES.has(type) ? link(type, String(one['fullyQualifiedName']), name) : html`${name}`;
}

function about(doc: Doc): Html {
  const owners = [doc['owner'], ...docList(doc['owners'])].filter(isDoc);
  const view = text(doc['viewDefinition']) ?? text(doc['schemaDefinition']);
  const extension = isDoc(doc['extension']) ? Object.entries(doc['extension']) : [];
  return html`<p>${doc['description'] ?? html`<span class="soft">No description.</span>`}</p>
<p>${labels(doc)}</p>
${owners.length === 0 ? '' : html`<p>Owned by ${owners.map((owner) => owner['displayName'] ?? owner['name']).join(', ')}</p>`}
${extension.map(([key, value]) => html`<p>${key}: <code>${typeof value === 'string' ? value : JSON.stringify(value)}</code></p>`)}
${view === undefined ? '' : html`<h2>Definition</h2><pre>${view}</pre>`}`;
}

function labels(doc: Doc): Html[] {
  return docList(doc['tags']).map((label) => html`<span class="label">${label['tagFQN']}</span>`);
}

function columns(doc: Doc): Html | string {
  const model = isDoc(doc['dataModel']) ? docList(doc['dataModel']['columns']) : [];
  const schema = isDoc(doc['messageSchema']) ? docList(doc['messageSchema']['schemaFields']) : [];
  const all = [...docList(doc['columns']), ...model, ...schema];
  if (all.length === 0) {
    return '';
  }
  const rows = (list: readonly Doc[], depth: number): Html[] =>
    list.flatMap((column) => [
      html`<tr><td style="padding-left:${depth * 1.25}rem">${column['name']}</td><td><code>${column['dataTypeDisplay'] ?? column['dataType']}</code></td>
<td>${column['description']}</td><td>${labels(column)}</td></tr>`,
      ...rows(docList(column['children']), depth + 1),
    ]);
  return html`<h2>${all.length} columns</h2><div class="wide"><table>
<tr><th>Name</th><th>Type</th><th>Description</th><th>Labels</th></tr>${rows(all, 0)}</table></div>`;
}

function children(row: EntityRow, url: URL, context: Context): Html[] {
  return (BELOW[row.type] ?? []).map((type) => {
    const after = url.searchParams.get('after') ?? undefined;
    const filter = { type, below: row.fqn, include: 'all' as const };
    const rows = context.store.page({ ...filter, after, limit: PAGE_SIZE });
    const next = rows.length === PAGE_SIZE ? `?after=${encodeURIComponent(rows.at(-1)!.fqn)}` : undefined;
    return html`<h2>${context.store.count(filter)} of type ${type}</h2>${list(rows, 'None yet.')}
${next === undefined ? '' : html`<p><a href="${next}">More</a></p>`}`;
  });
}

function lineage(row: EntityRow, context: Context): Html {
  const around = lineageOf(row, 1, 1, context);
  const nodes = new Map(docList(around['nodes']).map((node) => [node['id'], node]));
  const side = (title: string, edges: Doc[], end: string): Html =>
    html`<h2>${title}</h2>${
      edges.length === 0
        ? html`<p class="soft">None.</p>`
        : html`<ul>${edges.map((edge) => html`<li>${edgeText(edge, nodes.get(edge[end]))}</li>`)}</ul>`
    }`;
  return html`${side('Comes from', docList(around['upstreamEdges']), 'fromEntity')}
${side('Goes to', docList(around['downstreamEdges']), 'toEntity')}`;
}

function edgeText(edge: Doc, node: Doc | undefined): Html {
  const details = isDoc(edge['lineageDetails']) ? edge['lineageDetails'] : {};
  const pairs = docList(details['columnsLineage']).map(
    (pair) => html`<br><code>${[pair['fromColumns']].flat().join(', ')} → ${pair['toColumn']}</code>`,
  );
  return html`${node === undefined ? 'something that is gone' : reference(node)}
<span class="soft">${node?.['type']} ${shorten(details['sqlQuery'])}</span>${pairs}`;
}
