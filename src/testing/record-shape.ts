import { Ajv, type ValidateFunction } from 'ajv';
import type { ConnectorSpec } from '../connectors/connector-spec.ts';
import type { SourceRecord } from '../model/records.ts';
import { recordKinds, recordSchema } from '../schema/record-schema.ts';

const ajv = new Ajv({ strict: false }).addSchema(recordSchema, 'record');
const checks = new Map<string, ValidateFunction>();

/** Records that are not what the model says, or of a kind that the spec does not name. */
export function shapeMistakes(records: readonly SourceRecord[], spec: ConnectorSpec): readonly string[] {
  return records.flatMap((record, i) => {
    const { kind } = record;
    const place = `record ${i + 1} (${kind}${'path' in record && record.path ? ` ${record.path.join('.')}` : ''})`;
    if (!recordKinds.includes(kind)) return [`${place} is of no kind that there is`];
    const found: string[] = [];
    if (!spec.emits.includes(kind)) found.push(`${place} is of a kind that spec.emits does not name`);
    const valid = checks.get(kind) ?? ajv.compile({ $ref: `record#/definitions/${kind}` });
    checks.set(kind, valid);
    // As a file of records would hold it: what is undefined is not there.
    if (!valid(JSON.parse(JSON.stringify(record))))
      found.push(`${place}: ${ajv.errorsText(valid.errors, { dataVar: '' })}`);
    return [...found, ...emptyNames(record).map((at) => `${place} has an empty name at ${at}`)];
  });
}

/** Places of `name` and `path` that hold nothing but space. */
function emptyNames(value: unknown, at = ''): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => {
    const place = at === '' ? key : `${at}.${key}`;
    const named = key === 'name' || /(^|\.)path$/.test(at);
    if (named && typeof item === 'string' && item.trim() === '') return [place];
    // What a user's properties and parameters hold is theirs.
    return key === 'properties' || key === 'parameters' || key === 'attributes' ? [] : emptyNames(item, place);
  });
}
