import type { SourceRecord, TagUse } from '../../model/records.ts';
import { Filtered, type Processor, type ProcessorOutcome } from './processor.ts';
import { mapParts } from './record-parts.ts';

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
    return mapParts(this.#tagged(record), (part) => this.#tagged(part));
  }

  #tagged<T extends object>(thing: T): T {
    if (!('tags' in thing) || !Array.isArray(thing.tags) || thing.tags.length === 0) return thing;
    return { ...thing, tags: this.#tags(thing.tags) };
  }

  #tags(tags: readonly TagUse[]): readonly TagUse[] {
    if (!this.#includeTags) return [];
    return this.#mapping.size === 0 ? tags : tags.map((tag) => this.#map(tag));
  }

  #map(tag: TagUse): TagUse {
    if (tag.vocabulary === 'label') return tag;
    const mappedTo = this.#mapping.get(tag.path.join('.')) ?? this.#mapping.get(tag.path.at(-1) ?? '');
    return mappedTo === undefined ? tag : { ...tag, mappedTo };
  }
}
