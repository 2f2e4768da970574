import type { SourceRecord, TagRecord, TagUse } from '../../model/records.ts';

/**
 * The records, and before the first asset that carries a label the label itself: labels are free words, which nothing
 * lists, and the target wants to know each before it is used.
 */
export async function* withLabelTags(records: AsyncIterable<SourceRecord>): AsyncGenerator<SourceRecord> {
  const told = new Set<string>();
  for await (const record of records) {
    for (const { vocabulary, path } of usesIn(record)) {
      const word = path.join('\0');
      if (vocabulary !== 'label' || told.has(word)) continue;
      told.add(word);
      yield { kind: 'tag', vocabulary, path, description: '' } satisfies TagRecord;
    }
    yield record;
  }
}

interface Tagged {
  readonly tags: readonly TagUse[];
  readonly children?: readonly Tagged[];
}

function* usesIn(record: SourceRecord): Generator<TagUse> {
  if (!('tags' in record)) return;
  yield* record.tags;
  switch (record.kind) {
    case 'table':
    case 'container':
      for (const { tags } of record.columns ?? []) yield* tags;
      return;
    case 'topic':
      yield* usesInParts(record.schemaFields ?? []);
      return;
    case 'pipeline':
      yield* usesInParts(record.tasks);
      return;
    case 'mlmodel':
      yield* usesInParts(record.features ?? []);
  }
}

function* usesInParts(parts: readonly Tagged[]): Generator<TagUse> {
  for (const { tags, children = [] } of parts) {
    yield* tags;
    yield* usesInParts(children);
  }
}
