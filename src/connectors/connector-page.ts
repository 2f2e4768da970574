import { type JsonSchema, noEffect } from '../schema/parts.ts';
import type { ConnectorCapability, ConnectorSpec } from './connector-spec.ts';

const can: Readonly<Record<ConnectorCapability, string>> = {
  incremental: 'A run may read only [what has changed](../recipe.md).',
  watch: 'Its changes may be followed as they happen (`meridian watch`).',
  deletes:
    'It is asked for each thing that was not seen any more, so that what is gone may be [deleted](../deletes-and-undo.md).',
  lineage: 'Lineage between assets.',
  columnLineage: 'Lineage between columns.',
  partitions: 'Several processes may [share a reading](../airflow.md).',
  statistics: 'It holds statistics that [profiles](../profiler.md) may be made of (`useStatistics`).',
  profiler: 'Its tables are [profiled](../profiler.md) where they are.',
};

/** What stands in a page beside what the spec says. */
export interface PageParts {
  /** The `source` block of a recipe, as it stands there. */
  readonly source: string;
  /** Recipes that name the connector, by their file names. */
  readonly recipes: readonly string[];
  /** Pages about it that people wrote: title and address. */
  readonly more: readonly (readonly [title: string, address: string])[];
}

/** A connector's page in docs/connectors, all of it from its spec and recipes. */
export function connectorPage(spec: ConnectorSpec, { source, recipes, more }: PageParts): string {
  const { title, summary, defaultMode, capabilities, emits, connection } = spec;
  const lines = [
    `# ${title}`,
    generatedNote,
    summary,
    `\`\`\`yaml\n${source.trimEnd()}\n\`\`\``,
    `The rest of the recipe is that of every source. Whole ones: ${recipes.map((name) => `[${name}](../../recipes/${name})`).join(', ')}.`,
    `Unless the recipe says otherwise, \`meridian.mode\` is \`${defaultMode}\`${
      defaultMode === 'create'
        ? ': what OpenMetadata does not have yet is made.'
        : ': what other connectors brought in is described, and nothing is made.'
    }`,
    ...(more.length > 0 ? [`More: ${more.map(([name, address]) => `[${name}](${address})`).join(', ')}.`] : []),
    '## The connection',
    `\`source.serviceConnection.config\`: ${connection['description'] as string}`,
    table(connection),
    '## What it can do',
    ...(capabilities.length > 0
      ? [capabilities.map((each) => `- ${can[each]}`).join('\n')]
      : ['Everything is read in each run.']),
    '## What it tells',
    `Records of these kinds, as [files of records](../records-file.md) describe them: ${emits.map((kind) => `\`${kind}\``).join(', ')}.`,
  ];
  return `${lines.join('\n\n')}\n`;
}

/** The page that lists them. */
export function indexPage(specs: readonly ConnectorSpec[]): string {
  const rows = specs.map(
    (spec) =>
      `| [${spec.title}](${pageName(spec)}) | \`${spec.type}\` | \`${spec.defaultMode}\` | ${cell(spec.summary)} |`,
  );
  return `# Connectors

${generatedNote}

From connector to connector a recipe is the same: only \`source\` differs, and of it only the type, the service’s name and the
connection. [One of your own](write-your-own.md) is named by its path.

| | \`source.type\` | mode | |
|---|---|---|---|
${rows.join('\n')}
`;
}

const generatedNote = '<!-- Made of the connector’s spec by “npm run generate”. Do not edit. -->';

/** `AtlasExport` → `atlas-export.md`. */
export function pageName({ type }: Pick<ConnectorSpec, 'type'>): string {
  return `${folderName(type)}.md`;
}

/** The folder that a connector of ours is in: `AtlasExport` → `atlas-export`. */
export function folderName(type: string): string {
  return type === 'OpenMetadata' ? 'openmetadata' : type.replace(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase();
}

function table(schema: JsonSchema): string {
  const rows = [...rowsOf(schema, '')].map((row) => `| ${row.join(' | ')} |`);
  return ['| key | is | unless set | |', '|---|---|---|---|', ...rows].join('\n');
}

function* rowsOf(schema: JsonSchema, above: string): Iterable<readonly string[]> {
  const properties = (schema['properties'] ?? {}) as Readonly<Record<string, JsonSchema>>;
  const required = (schema['required'] ?? []) as readonly string[];
  for (const [name, property] of Object.entries(properties)) {
    const path = above === '' ? name : `${above}.${name}`;
    const description = String(property['description'] ?? '');
    // The name of the type has one value, which the recipe shows.
    if (path === 'type' || description.endsWith(noEffect)) continue;
    const standard = property['default'];
    const shown =
      standard === undefined
        ? required.includes(name)
          ? '**needed**'
          : ''
        : `\`${typeof standard === 'object' ? JSON.stringify(standard) : String(standard)}\``;
    yield [`\`${path}\``, isFilter(name) ? 'patterns' : cell(kindOf(property)), shown, cell(description)];
    // What such a block has is the same everywhere.
    if (isFilter(name)) continue;
    yield* rowsOf(property, path);
    for (const each of formsOf(property)) yield* rowsOf(each, path);
  }
}

const isFilter = (name: string): boolean => name.endsWith('FilterPattern');

const formsOf = (schema: JsonSchema): readonly JsonSchema[] =>
  [...((schema['anyOf'] ?? []) as JsonSchema[]), ...((schema['oneOf'] ?? []) as JsonSchema[])].filter(
    (each) => each['properties'] !== undefined,
  );

function kindOf(schema: JsonSchema): string {
  const words = schema['enum'] as readonly unknown[] | undefined;
  if (words) return words.map((word) => `\`${String(word)}\``).join(', ');
  if (schema['format'] === 'password') return 'secret';
  const items = schema['items'] as JsonSchema | undefined;
  switch (schema['type']) {
    case 'string':
      return 'text';
    case 'boolean':
      return '`true` or `false`';
    case 'integer':
    case 'number':
      return 'number';
    case 'array':
      return items?.['type'] === 'string' ? 'list of texts' : 'list';
    default:
      return schema['properties'] === undefined && formsOf(schema).length === 0 ? 'map' : 'block';
  }
}

/** Within a table, `|` and line breaks would end a cell. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ');
}
