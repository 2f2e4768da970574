import type { SourceRecord, TableRecord, TagUse } from '../../model/records.ts';
import { Filtered, type Processor, type ProcessorOutcome } from './processor.ts';

export interface TagSettings {
  readonly includeTags: boolean;
  /** Classification at the source (`PII`, or its path `PII.PII_EMAIL`) → FQN of a tag of the target. */
  readonly mapping: Readonly<Record<string, string>>;
}

/** Leaves tags out, or replaces the source's classifications by tags that the target has already. */
export class TagMappingProcessor implements Processor {
  readonly name = 'tagMapping';
  readonly #includeTags: boolean;
  readonly #mapping: ReadonlyMap<string, string>;

  constructor({ includeTags, mapping }: TagSettings) {
    this.#includeTags = includeTags;
    this.#mapping = new Map(Object.entries(mapping));
  }

  process(record: SourceRecord): ProcessorOutcome {
    if (record.kind === 'tag') return this.#includeTags ? record : new Filtered('tags are left out by includeTags');
    if (record.kind === 'table') return this.#table(record);
    return 'tags' in record ? { ...record, tags: this.#tags(record.tags) } : record;
  }

  #table(record: TableRecord): TableRecord {
    const columns = record.columns.map((column) =>
      column.tags.length === 0 ? column : { ...column, tags: this.#tags(column.tags) },
    );
    return { ...record, tags: this.#tags(record.tags), columns };
  }

  #tags(tags: readonly TagUse[]): readonly TagUse[] {
    if (!this.#includeTags) return [];
    return this.#mapping.size === 0 ? tags : tags.map((tag) => this.#map(tag));
  }

  #map(tag: TagUse): TagUse {
    const mappedTo = this.#mapping.get(tag.path.join('.')) ?? this.#mapping.get(tag.path.at(-1) ?? '');
    return mappedTo === undefined ? tag : { ...tag, mappedTo };
  }
}
