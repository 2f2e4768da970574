import { children, link, reference, shorten } from './browse-list.ts';
import type { Context } from './context.ts';
import { type Doc, docList, isDoc, text, textList } from './doc.ts';
import { lineageOf } from './lineage.ts';
import { type Html, html } from './page-html.ts';
import { partsOf } from './parts.ts';
import { showEntity } from './show-entity.ts';
import type { EntityRow } from './store.ts';

const MOST_USES = 50;

/** The page of one entity: what is said of it, its parts, what it holds, where it is used, what it comes from. */
export function entityPage(row: EntityRow, url: URL, context: Context): Html {
  const fields = new Set(
    [...context.collections.byType(row.type).keys].filter((key) => key !== 'tables' && key !== 'databaseSchemas'),
  );
  const doc = showEntity(row, context, { fields, address: false, actor: { name: 'admin', isBot: false } });
  const above = ['service', 'database', 'databaseSchema', 'classification', 'glossary', 'parent']
    .map((key) => doc[key])
    .filter(isDoc);
  const trail = above.sort((a, b) => String(a['fullyQualifiedName']).length - String(b['fullyQualifiedName']).length);
  return html`<nav>${trail.map((one) => html`${reference(one)} / `)}${words(row.type)}</nav>
<h1>${doc['displayName'] ?? doc['name']}</h1>
<p class="soft"><code>${row.fqn}</code> · version ${doc['version']} by ${doc['updatedBy']}${row.deleted ? ' · deleted' : ''}</p>
${about(doc)}
${facts(doc, row.type)}
${texts(doc)}
${parts(doc, row, context)}
${children(row, url, context)}
${uses(row, context)}
${lineage(row, context)}`;
}

/** `databaseSchema` as `database schema`. */
function words(type: string): string {
  return type === 'mlmodel' ? 'model' : type.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function about(doc: Doc): Html {
  const owners = [doc['owner'], ...docList(doc['owners'])].filter(isDoc);
  return html`<p class="text">${doc['description'] ?? html`<span class="soft">No description.</span>`}</p>
<p>${labels(doc)}</p>
${owners.length === 0 ? '' : html`<p>Owned by ${owners.map((owner) => owner['displayName'] ?? owner['name']).join(', ')}</p>`}`;
}

function labels(doc: Doc): Html[] {
  return docList(doc['tags']).map((label) => {
    const type = label['source'] === 'Glossary' ? 'glossaryTerm' : 'tag';
    const fqn = String(label['tagFQN']);
    const propagated = label['labelType'] === 'Propagated' ? html` <span class="soft">propagated</span>` : '';
    return html`<span class="label">${link(type, fqn, fqn)}${propagated}</span>`;
  });
}

/** Keys that say something in a word or two, with their names for people, by the type that has them. */
const FACTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  table: { tableType: 'Kind' },
  topic: {
    partitions: 'Partitions',
    replicationFactor: 'Replicas',
    cleanupPolicies: 'Clean-up',
    retentionTime: 'Kept for (ms)',
    retentionSize: 'Kept up to (bytes)',
    maximumMessageSize: 'Largest message (bytes)',
  },
  container: {
    fullPath: 'Path',
    prefix: 'Prefix',
    fileFormats: 'Formats',
    numberOfObjects: 'Objects',
    size: 'Size',
  },
  pipeline: { sourceUrl: 'Address', pipelineUrl: 'Address', scheduleInterval: 'Schedule' },
  mlmodel: { algorithm: 'Algorithm', target: 'Target', server: 'Served at' },
  glossaryTerm: { status: 'Status', entityStatus: 'Status', synonyms: 'Synonyms' },
};

function facts(doc: Doc, type: string): Html | string {
  const told: [string, unknown][] = Object.entries(FACTS[type] ?? {}).map(([key, name]) => [name, plain(doc[key])]);
  const schema = isDoc(doc['messageSchema']) ? doc['messageSchema']['schemaType'] : undefined;
  told.push(['Message schema', schema]);
  told.push(['Stored at', isDoc(doc['mlStore']) ? doc['mlStore']['storage'] : undefined]);
  for (const one of docList(doc['mlHyperParameters'])) {
    told.push([String(one['name']), one['value']]);
  }
  told.push(...constraints(doc));
  const related = docList(doc['relatedTerms']).map((one) => (isDoc(one['term']) ? one['term'] : one));
  told.push(['Related terms', related.length > 0 ? joined(related.map(reference)) : undefined]);
  const references = docList(doc['references']).map((one) => html`${one['name']} <code>${one['endpoint']}</code>`);
  told.push(['References', references.length > 0 ? joined(references) : undefined]);
  const run = isDoc(doc['pipelineStatus']) ? doc['pipelineStatus'] : undefined;
  const moment = run && new Date(Number(run['timestamp'])).toISOString();
  told.push(['Last run', run && `${String(run['executionStatus'])}, ${moment}`]);
  for (const [key, value] of Object.entries(isDoc(doc['extension']) ? doc['extension'] : {})) {
    told.push([key, plain(value)]);
  }
  // No limit is told as -1.
  const known = told.filter(([, value]) => value !== undefined && value !== '' && value !== -1);
  return known.length === 0
    ? ''
    : html`<dl>${known.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

function plain(value: unknown): unknown {
  if (Array.isArray(value) && value.every((item) => typeof item !== 'object')) {
    return value.join(', ');
  }
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : value;
}

function joined(items: readonly Html[]): Html[] {
  return items.map((item, index) => html`${index === 0 ? '' : ', '}${item}`);
}

function constraints(doc: Doc): [string, unknown][] {
  return docList(doc['tableConstraints']).map((one) => {
    const referred = textList(one['referredColumns']);
    const columns = textList(one['columns']).join(', ');
    const type = String(one['constraintType']);
    const name = `${type[0]}${type.slice(1).toLowerCase().replaceAll('_', ' ')}`;
    return [name, referred.length === 0 ? columns : `${columns} → ${referred.join(', ')}`];
  });
}

function texts(doc: Doc): Html {
  const view = text(doc['viewDefinition']) ?? text(doc['schemaDefinition']);
  const schema = isDoc(doc['messageSchema']) ? text(doc['messageSchema']['schemaText']) : undefined;
  const block = (title: string, value: string | undefined): Html | string =>
    value === undefined ? '' : html`<h2>${title}</h2><pre>${value}</pre>`;
  return html`${block('Definition', view)}${block('Text of the schema', schema)}`;
}

const PART_TITLES = { columns: 'Columns', fields: 'Fields', tasks: 'Tasks', features: 'Features' } as const;

function parts(doc: Doc, row: EntityRow, context: Context): Html | string {
  const where = context.collections.byType(row.type).parts;
  const all = partsOf(doc, where) ?? [];
  if (where === undefined || all.length === 0) {
    return '';
  }
  const rows = (some: readonly Doc[], depth: number): Html[] =>
    some.flatMap((part) => [
      html`<tr><td style="padding-left:${depth * 1.25}rem">${part['displayName'] ?? part['name']}</td>
<td><code>${part['dataTypeDisplay'] ?? part['dataType'] ?? part['taskType']}</code></td>
<td>${part['description']}${task(part)}</td><td>${labels(part)}</td></tr>`,
      ...rows(docList(part['children']), depth + 1),
    ]);
  return html`<h2>${PART_TITLES[where.style]} <span class="soft">${all.length}</span></h2><div class="wide"><table>
<tr><th>Name</th><th>Type</th><th>Description</th><th>Labels</th></tr>${rows(all, 0)}</table></div>`;
}

function task(part: Doc): Html | string {
  const next = textList(part['downstreamTasks']);
  const sql = text(part['taskSQL']);
  return html`${next.length === 0 ? '' : html` <span class="soft">then ${next.join(', ')}</span>`}${
    sql === undefined ? '' : html`<pre>${sql}</pre>`
  }`;
}

/** Everything that carries a tag or a term. */
function uses(row: EntityRow, context: Context): Html | string {
  if (row.type !== 'tag' && row.type !== 'glossaryTerm') {
    return '';
  }
  const rows = context.store
    .prepare(
      'SELECT l.path AS path, e.type AS type, e.fqn AS fqn FROM labels l JOIN entities e ON e.id = l.entity ' +
        'WHERE l.tag = ? AND l.source = ? ORDER BY e.fqn, l.path LIMIT ?',
    )
    .all(row.fqn, row.type === 'tag' ? 'Classification' : 'Glossary', MOST_USES + 1);
  if (rows.length === 0) {
    return html`<h2>Used by</h2><p class="soft">Nothing.</p>`;
  }
  return html`<h2>Used by</h2><ul>${rows.slice(0, MOST_USES).map((use) => {
    const [type, fqn, path] = [String(use['type']), String(use['fqn']), String(use['path'])];
    return html`<li>${link(type, fqn, path === '' ? fqn : path)} <span class="soft">${path === '' ? words(type) : `part of a ${words(type)}`}</span></li>`;
  })}</ul>${rows.length > MOST_USES ? html`<p class="soft">… and more.</p>` : ''}`;
}

const WITH_LINEAGE = new Set(['table', 'topic', 'container', 'pipeline', 'mlmodel']);

function lineage(row: EntityRow, context: Context): Html | string {
  if (!WITH_LINEAGE.has(row.type)) {
    return '';
  }
  const around = lineageOf(row, 1, 1, context);
  const nodes = new Map(docList(around['nodes']).map((node) => [node['id'], node]));
  const side = (title: string, edges: Doc[], end: string): Html =>
    html`<h2>${title}</h2>${
      edges.length === 0
        ? html`<p class="soft">Nothing.</p>`
        : html`<ul>${edges.map((edge) => html`<li>${edgeText(edge, nodes.get(edge[end]), row)}</li>`)}</ul>`
    }`;
  return html`${side('Comes from', docList(around['upstreamEdges']), 'fromEntity')}
${side('Goes to', docList(around['downstreamEdges']), 'toEntity')}`;
}

function edgeText(edge: Doc, node: Doc | undefined, here: EntityRow): Html {
  const details = isDoc(edge['lineageDetails']) ? edge['lineageDetails'] : {};
  const through = isDoc(details['pipeline']) && details['pipeline']['id'] !== here.id ? details['pipeline'] : undefined;
  const pipeline = through === undefined ? '' : html` through ${reference(through)}`;
  const pairs = docList(details['columnsLineage']).map((pair) => {
    const by = text(pair['function']);
    const from = [pair['fromColumns']].flat().join(', ');
    return html`<br><code>${from} → ${pair['toColumn']}</code>${by === undefined ? '' : html` <span class="soft">${by}</span>`}`;
  });
  const told = [node === undefined ? '' : words(String(node['type'])), shorten(details['sqlQuery'])];
  return html`${node === undefined ? 'something that is gone' : reference(node)}
<span class="soft">${told.filter((one) => one !== '').join(' · ')}</span>${pipeline}${pairs}`;
}
