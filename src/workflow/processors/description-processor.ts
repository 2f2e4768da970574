import type { SourceRecord } from '../../model/records.ts';
import type { Processor } from './processor.ts';
import { makeHtmlSafe, stripHtml } from './safe-html.ts';

/** What happens to HTML in descriptions: made safe, turned into plain text, or left alone. Markdown stays always. */
export type DescriptionHtml = 'safe' | 'strip' | 'keep';

/** Cleans the descriptions of assets and of their columns. */
export class DescriptionProcessor implements Processor {
  readonly name = 'description';
  readonly #clean: (text: string) => string;

  constructor(html: Exclude<DescriptionHtml, 'keep'>) {
    this.#clean = html === 'strip' ? stripHtml : makeHtmlSafe;
  }

  process(record: SourceRecord): SourceRecord {
    const cleaned = this.#described(record);
    if (cleaned.kind !== 'table') return cleaned;
    return { ...cleaned, columns: cleaned.columns.map((column) => this.#described(column)) };
  }

  #described<T extends object>(thing: T): T {
    if (!('description' in thing) || typeof thing.description !== 'string') return thing;
    const description = this.#clean(thing.description);
    return description === thing.description ? thing : { ...thing, description };
  }
}
