import type { SourceRecord } from '../../model/records.ts';
import type { Processor } from './processor.ts';

/**
 * Puts the target's user or team names in place of the source's owners. The whole owner is looked up first
 * (`etl/host@REALM`), then its short name (`etl`), both in any case; an owner without a mapping stays as it is, one
 * that is mapped to `''` is left out.
 */
export class OwnerMappingProcessor implements Processor {
  readonly name = 'ownerMapping';
  readonly #mapping: ReadonlyMap<string, string>;

  constructor(mapping: Readonly<Record<string, string>>) {
    this.#mapping = new Map(Object.entries(mapping).map(([from, to]) => [from.toLowerCase(), to]));
  }

  process(record: SourceRecord): SourceRecord {
    if (!('owner' in record) || record.owner === undefined) return record;
    const owner = record.owner.toLowerCase();
    const mapped = this.#mapping.get(owner) ?? this.#mapping.get(shortName(owner));
    if (mapped === undefined) return record;
    const { owner: _, ...rest } = record;
    return mapped === '' ? rest : { ...rest, owner: mapped };
  }
}

/** A Kerberos principal's first part, or a mail address' local part. */
function shortName(owner: string): string {
  return owner.split(/[/@]/, 1)[0]!;
}
