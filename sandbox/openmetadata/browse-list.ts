import type { Context } from './context.ts';
import { type Doc, text } from './doc.ts';
import { type Html, html } from './page-html.ts';
import type { EntityRow } from './store.ts';

/** Rows on one page of a list. */
export const PAGE_SIZE = 200;

/** Types with pages of their own, and what each holds directly. */
const BELOW: Readonly<Record<string, { readonly type: string; readonly title: string }>> = {
  databaseService: { type: 'database', title: 'Databases' },
  messagingService: { type: 'topic', title: 'Topics' },
  pipelineService: { type: 'pipeline', title: 'Pipelines' },
  storageService: { type: 'container', title: 'Containers' },
  mlmodelService: { type: 'mlmodel', title: 'Models' },
  database: { type: 'databaseSchema', title: 'Schemas' },
  databaseSchema: { type: 'table', title: 'Tables' },
  container: { type: 'container', title: 'Containers in it' },
  classification: { type: 'tag', title: 'Tags' },
  tag: { type: 'tag', title: 'Tags below it' },
  glossary: { type: 'glossaryTerm', title: 'Terms' },
  glossaryTerm: { type: 'glossaryTerm', title: 'Terms below it' },
};
const WITHOUT = new Set(['metadataService', 'table', 'topic', 'pipeline', 'mlmodel']);
/** Where nothing below is nothing to speak of. */
const OFTEN_EMPTY = new Set(['container', 'tag', 'glossaryTerm']);

const NESTED = new Set(['container', 'tag', 'glossaryTerm']);

export function hasPage(type: string): boolean {
  return type in BELOW || WITHOUT.has(type);
}

export function link(type: string, fqn: string, shown: string): Html {
  return html`<a href="/browse/${type}/${encodeURIComponent(fqn)}">${shown}</a>`;
}

/** A reference as a link where there is a page for it. */
export function reference(one: Doc): Html {
  const type = String(one['type']);
  const shown = String(one['displayName'] ?? one['name']);
  return hasPage(type) ? link(type, String(one['fullyQualifiedName']), shown) : html`${shown}`;
}

/** The first words of a text, in one line. */
export function shorten(value: unknown): string {
  const line = (text(value) ?? '').replace(/\s+/g, ' ');
  return line.length > 120 ? `${line.slice(0, 119)}…` : line;
}

export function list(rows: readonly EntityRow[], none: string): Html {
  if (rows.length === 0) {
    return html`<p class="soft">${none}</p>`;
  }
  return html`<ul>${rows.map((row) => {
    const kind = row.doc['serviceType'] ?? row.doc['tableType'];
    const told = [row.type.endsWith('Service') || row.type === 'table' ? kind : '', shorten(row.doc['description'])];
    return html`<li>${link(row.type, row.fqn, String(row.doc['displayName'] ?? row.doc['name']))}${
      row.deleted ? html` <span class="label">deleted</span>` : ''
    } <span class="soft">${told.filter((words) => words).join(' · ')}</span></li>`;
  })}</ul>`;
}

/** What stands directly below an entity, page by page. */
export function children(row: EntityRow, url: URL, context: Context): Html | string {
  const below = BELOW[row.type];
  if (below === undefined) {
    return '';
  }
  const after = url.searchParams.get('after') ?? undefined;
  // By name, which has an index, where nothing of the kind can stand deeper.
  const place = NESTED.has(below.type) ? { parent: row.id } : { below: row.fqn };
  const filter = { type: below.type, ...place, include: 'all' as const };
  const count = context.store.count(filter);
  if (count === 0 && OFTEN_EMPTY.has(row.type)) {
    return '';
  }
  const rows = context.store.page({ ...filter, after, limit: PAGE_SIZE });
  const next = rows.length === PAGE_SIZE ? `?after=${encodeURIComponent(rows.at(-1)!.fqn)}` : undefined;
  return html`<h2>${below.title} <span class="soft">${count}</span></h2>${list(rows, 'None yet.')}
${next === undefined ? '' : html`<p><a href="${next}">More</a></p>`}`;
}
