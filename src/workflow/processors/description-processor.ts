import type { SourceRecord } from '../../model/records.ts';
import type { Processor } from './processor.ts';
import { mapParts } from './record-parts.ts';
import { makeHtmlSafe } from './safe-html.ts';
import { stripHtml } from './strip-html.ts';

/** What happens to HTML in descriptions: made safe, turned into plain text, or left alone. Markdown stays always. */
export type DescriptionHtml = 'safe' | 'strip' | 'keep';

/** Cleans the descriptions of everything, and of what is inside it. */
export class DescriptionProcessor implements Processor {
  readonly name = 'description';
  readonly #clean: (text: string) => string;

  constructor(html: Exclude<DescriptionHtml, 'keep'>) {
    this.#clean = html === 'strip' ? stripHtml : makeHtmlSafe;
  }

  process(record: SourceRecord): SourceRecord {
    return mapParts(this.#described(record), (part) => this.#described(part));
  }

  #described<T extends object>(thing: T): T {
    if (!('description' in thing) || typeof thing.description !== 'string') return thing;
    const description = this.#clean(thing.description);
    return description === thing.description ? thing : { ...thing, description };
  }
}
