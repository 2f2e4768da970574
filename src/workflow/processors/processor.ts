import type { SourceRecord } from '../../model/records.ts';

/** A record that the recipe's filters keep out: counted as filtered, never as gone or as dropped. */
export class Filtered {
  /** Such as `schema excluded by "^tmp_"`. */
  readonly reason: string;

  constructor(reason: string) {
    this.reason = reason;
  }
}

/** A record to go on with, one that a filter kept out, or `undefined` for one that a user's module dropped. */
export type ProcessorOutcome = SourceRecord | Filtered | undefined;

/** One step between the source and the merge. Holds no state between records; throwing fails that record alone. */
export interface Processor {
  readonly name: string;
  process(record: SourceRecord): ProcessorOutcome | Promise<ProcessorOutcome>;
}
