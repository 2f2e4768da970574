import type { SourceRecord } from '../../model/records.ts';
import type { Processor } from './processor.ts';
import { makeHtmlSafe, stripHtml } from './safe-html.ts';

/**
 * Cleans the descriptions of assets and of their columns: HTML is made safe, or taken out. Markdown stays as it is.
 */
export class DescriptionProcessor implements Processor {
  readonly name = 'description';
  readonly #clean: (text: string) => string;

  constructor({ stripHtml: strip }: { readonly stripHtml: boolean }) {
    this.#clean = strip ? stripHtml : makeHtmlSafe;
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
