import type { SourceRecord } from '../../model/records.ts';
import { OwnerRules } from './owner-rules.ts';
import type { Processor } from './processor.ts';

/**
 * Puts the target's user or team names in place of the source's owners. An owner without a rule stays as it is, one that
 * is mapped to `''` is left out.
 */
export class OwnerMappingProcessor implements Processor {
  readonly name = 'ownerMapping';
  readonly #rules: OwnerRules;

  /** @throws ConfigurationError `owners.bad-pattern` */
  constructor(mapping: Readonly<Record<string, string>>) {
    this.#rules = new OwnerRules(mapping);
  }

  process(record: SourceRecord): SourceRecord {
    if (!('owner' in record) || record.owner === undefined) return record;
    const mapped = this.#rules.map(record.owner);
    if (mapped === undefined) return record;
    const { owner: _, ownerMail: _m, ...rest } = record;
    return mapped === '' ? rest : { ...rest, owner: mapped };
  }
}
