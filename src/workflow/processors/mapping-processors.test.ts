import { describe, expect, it } from 'vitest';
import type { TableRecord } from '../../model/records.ts';
import { OwnerMappingProcessor } from './owner-mapping-processor.ts';
import { Filtered } from './processor.ts';
import { column, table, tag } from './sample-records.testing.ts';
import { TagMappingProcessor } from './tag-mapping-processor.ts';

describe('owner mapping', () => {
  const processor = new OwnerMappingProcessor({
    'etl/edge1@CORP.EXAMPLE': 'night-shift',
    ETL: 'data-team',
    anna: '',
    bo: 'bo.li',
  });
  const ownerOf = (owner: string) => (processor.process(table({ owner })) as TableRecord).owner;

  it('takes the whole owner before its short name, in any case', () => {
    expect(ownerOf('etl/edge1@CORP.EXAMPLE')).toBe('night-shift');
    expect(ownerOf('etl/edge2@CORP.EXAMPLE')).toBe('data-team');
    expect(ownerOf('Bo@mail.example')).toBe('bo.li');
  });

  it('leaves an owner without a mapping and drops one that is mapped to nothing', () => {
    expect(ownerOf('zoe')).toBe('zoe');
    expect(processor.process(table({ owner: 'anna' }))).not.toHaveProperty('owner');
    expect(processor.process(table())).not.toHaveProperty('owner');
  });
});

describe('owner patterns', () => {
  const processor = new OwnerMappingProcessor({
    '/^(.+)@corp\\.example$/': '$1',
    '/^svc-(?<team>[a-z]+)-\\d+$/': 'team_$<team>',
    '/^tmp/': '',
    'anna@corp.example': 'anna.smith',
  });
  const ownerOf = (owner: string) => (processor.process(table({ owner })) as TableRecord).owner;

  it.each([
    ['Bo.Li@CORP.example', 'Bo.Li'],
    ['anna@corp.example', 'anna.smith'],
    ['svc-etl-07', 'team_etl'],
    ['tmp_user', undefined],
    ['bo@other.example', 'bo@other.example'],
    [`${'x'.repeat(200)}@corp.example`, `${'x'.repeat(200)}@corp.example`],
  ])('turns %j into %j', (owner, mapped) => {
    expect(ownerOf(owner)).toBe(mapped);
  });

  it.each([
    '/(a+)+$/',
    '/^(?:a|aa)+$/',
    '/(x+x+)+y/',
    '/^(.*)(.*)(.*)(.*)(.*)$/',
    '/(a?){40}b/',
    `/${'a?'.repeat(30)}${'a'.repeat(30)}/`,
    `/${'(?:a|a)'.repeat(30)}b/`,
    '/(.)\\1+/',
    '/(/',
  ])('refuses %s, before anything is read', (key) => {
    expect(() => new OwnerMappingProcessor({ [key]: 'x' })).toThrow(
      expect.objectContaining({ code: 'owners.bad-pattern', exitCode: 2 }),
    );
  });

  it.each(['/^(.+)@corp\\.example$/', '/^(\\w+)\\.(\\w+)@.*$/', '/^(?:dev|ops)-(.+)$/', '/^[(+]*x{2,3}$/'])(
    'takes %s',
    (key) => {
      expect(() => new OwnerMappingProcessor({ [key]: 'x' })).not.toThrow();
    },
  );
});

describe('tag mapping', () => {
  const mapping = { 'PII.PII_EMAIL': 'PII.Sensitive', FINANCE: 'Risk.Money' };
  const record = table({
    tags: [tag('FINANCE'), tag('OTHER')],
    columns: [column({ tags: [tag('PII', 'PII_EMAIL')] }), column()],
  });

  it('puts the target’s tags on tables and columns and leaves the others', () => {
    const mapped = new TagMappingProcessor({ includeTags: true, mapping }).process(record) as TableRecord;
    expect(mapped.tags.map(({ mappedTo }) => mappedTo)).toEqual(['Risk.Money', undefined]);
    expect(mapped.columns[0]!.tags).toEqual([{ ...tag('PII', 'PII_EMAIL'), mappedTo: 'PII.Sensitive' }]);
  });

  it('leaves out tags everywhere when includeTags is off', () => {
    const processor = new TagMappingProcessor({ includeTags: false, mapping });
    const bare = processor.process(record) as TableRecord;
    expect([bare.tags, bare.columns[0]!.tags]).toEqual([[], []]);
    expect(processor.process({ kind: 'tag', path: ['PII'], description: '' })).toBeInstanceOf(Filtered);
  });
});
