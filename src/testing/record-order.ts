import {
  type AssetKind,
  type AssetRef,
  isAsset,
  isServiceKind,
  type NamePath,
  type RecordKind,
  type SourceRecord,
  serviceKindOf,
  type TagUse,
} from '../model/records.ts';

/** Kinds that an asset of a kind may lie in, beside its service; the first one that the source tells at all. */
const holders: Readonly<Record<AssetKind, readonly AssetKind[]>> = {
  database: [],
  databaseSchema: ['database'],
  table: ['databaseSchema'],
  topic: [],
  container: ['container'],
  pipeline: [],
  mlmodel: [],
  glossary: [],
  glossaryTerm: ['glossaryTerm', 'glossary'],
};

const key = (kind: RecordKind | 'label', path: NamePath): string => JSON.stringify([kind, ...path]);
const inWords = (record: SourceRecord): string =>
  'path' in record && record.path ? `the ${record.kind} ${record.path.join('.')}` : `a record of kind ${record.kind}`;

/** Everything that a source told too late, twice, or not at all although something else needs it. */
export function orderMistakes(records: readonly SourceRecord[]): readonly string[] {
  const told = new Set<string>();
  const tells = new Set(records.map(({ kind }) => kind));
  const mistakes: string[] = [];
  let after: RecordKind | undefined;
  for (const record of records) {
    for (const need of needsOf(record, tells)) {
      if (!need.anyOf.some((each) => told.has(each))) mistakes.push(`${inWords(record)} came before ${need.words}`);
    }
    if (isAsset(record)) {
      if (after)
        mistakes.push(`${inWords(record)} came after the first record of kind ${after}, which needs all assets`);
      const own = key(record.kind, record.path);
      if (told.has(own)) mistakes.push(`${inWords(record)} was told twice`);
    } else if (record.kind === 'lineage') after ??= record.kind;
    if (record.kind === 'tag') told.add(key(record.vocabulary === 'label' ? 'label' : 'tag', record.path));
    else if ('path' in record && record.path) told.add(key(record.kind, record.path));
  }
  return mistakes;
}

interface Need {
  /** One of these must have been told. */
  readonly anyOf: readonly string[];
  readonly words: string;
}

function* needsOf(record: SourceRecord, tells: ReadonlySet<RecordKind>): Iterable<Need> {
  if (record.kind === 'tag' && record.path.length > 1) {
    const parent = record.path.slice(0, -1);
    yield { anyOf: [key('tag', parent)], words: `the tag ${parent.join('.')} that it is in` };
  }
  if (isAsset(record)) {
    yield* holderOf(record, tells);
    for (const use of tagsOf(record)) {
      if (use.mappedTo !== undefined) continue;
      const kind = use.vocabulary === 'label' ? 'label' : 'tag';
      yield { anyOf: [key(kind, use.path)], words: `its ${kind} ${use.path.join('.')}` };
    }
    for (const term of termsOf(record)) {
      yield { anyOf: [key('glossaryTerm', term)], words: `its glossary term ${term.join('.')}` };
    }
    for (const name of Object.keys(record.properties ?? {})) {
      yield { anyOf: [key('customProperty', [name])], words: `the definition of its custom property ${name}` };
    }
  }
  if (record.kind === 'termRelation') {
    for (const path of [record.path, ...record.related]) {
      yield { anyOf: [key('glossaryTerm', path)], words: `the glossary term ${path.join('.')} that it relates` };
    }
  }
  if (record.kind === 'pipelineRun') {
    yield { anyOf: [key('pipeline', record.path)], words: 'the pipeline that has run' };
  }
  if (record.kind === 'lineage') yield* endsOf(record, tells);
}

function* holderOf(record: AssetRef, tells: ReadonlySet<RecordKind>): Iterable<Need> {
  const { kind, path } = record;
  const service = serviceKindOf(kind);
  if (service !== undefined && isServiceKind(service)) {
    yield { anyOf: [key(service, path.slice(0, 1))], words: `the ${service} ${path[0]} that it is in` };
  }
  const parent = path.slice(0, -1);
  const possible = holders[kind].filter((each) => tells.has(each) || each === holders[kind].at(-1));
  const deepEnough = parent.length > (service === undefined ? 0 : 1);
  if (possible.length === 0 || !deepEnough) return;
  yield {
    anyOf: possible.map((each) => key(each, parent)),
    words: `the ${possible.join(' or ')} ${parent.join('.')} that it is in`,
  };
}

/** An end may be what this reading leaves out; of a kind that it tells, both must be there. */
function* endsOf(record: SourceRecord & { kind: 'lineage' }, tells: ReadonlySet<RecordKind>): Iterable<Need> {
  for (const { kind, path } of [record.from, record.to]) {
    if (tells.has(kind)) yield { anyOf: [key(kind, path)], words: `the ${kind} ${path.join('.')} that it joins` };
  }
  if (record.pipeline) {
    yield {
      anyOf: [key('pipeline', record.pipeline)],
      words: `the pipeline ${record.pipeline.join('.')} it goes through`,
    };
  }
}

interface Labelled {
  readonly tags?: readonly TagUse[];
  readonly terms?: readonly NamePath[];
}

/** An asset with its columns, fields, tasks and features. */
function partsOf(record: Labelled): readonly Labelled[] {
  const lists = record as Readonly<Record<string, readonly Labelled[] | undefined>>;
  return [record, ...['columns', 'schemaFields', 'tasks', 'features', 'children'].flatMap((name) => lists[name] ?? [])];
}

const tagsOf = (record: Labelled): readonly TagUse[] => partsOf(record).flatMap(({ tags }) => tags ?? []);
const termsOf = (record: Labelled): readonly NamePath[] => partsOf(record).flatMap(({ terms }) => terms ?? []);
