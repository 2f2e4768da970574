import { beforeEach, describe, expect, it } from 'vitest';
import type { GlossaryTermRecord, SourceRecord } from '../../model/records.ts';
import type { AtlasCategory, AtlasTerm } from './atlas-types.ts';
import { GlossaryPlaces } from './glossary-places.ts';
import { glossaryRecords } from './glossary-records.ts';
import { TypeRegistry } from './type-registry.ts';

const kept = new Map<string, string>();
const set = (key: string, value: string) => void kept.set(key, value);
const memory = { get: (key: string) => kept.get(key), set, setAfterSuccess: set };
const registry = new TypeRegistry({ classificationDefs: [{ name: 'PII' }, { name: 'EMAIL', superTypes: ['PII'] }] });

beforeEach(() => kept.clear());

const category = (guid: string, name: string, parent?: string): AtlasCategory => ({
  guid,
  name,
  ...(parent !== undefined && { parentCategory: { categoryGuid: parent } }),
});
const term = (guid: string, name: string, categories: readonly string[] = [], more: Partial<AtlasTerm> = {}) =>
  ({ guid, name, categories: categories.map((categoryGuid) => ({ categoryGuid })), ...more }) satisfies AtlasTerm;

function run(categories: readonly AtlasCategory[], terms: readonly AtlasTerm[], glossaryName = 'G'): SourceRecord[] {
  const places = new GlossaryPlaces(memory);
  const contents = [{ glossary: { guid: 'g', name: glossaryName }, categories, terms }];
  places.settle(contents);
  return [...glossaryRecords(contents, places, registry)];
}

const termsOf = (records: readonly SourceRecord[]) => records.filter((record) => record.kind === 'glossaryTerm');
const paths = (records: readonly SourceRecord[]) => termsOf(records).map(({ path }) => path.join('/'));
const byName = (records: readonly SourceRecord[], name: string): GlossaryTermRecord =>
  termsOf(records).find(({ path }) => path.at(-1) === name)!;
const relatedTo = (records: readonly SourceRecord[], name: string) =>
  records.flatMap((record) => (record.kind === 'termRelation' && record.path.at(-1) === name ? record.related : []));

describe('places of terms', () => {
  it('a term stands below its first category by path and is related to the others', () => {
    const records = run(
      [category('a', 'A'), category('b', 'B'), category('c', 'C', 'a')],
      [term('t', 'T', ['b', 'c'])],
    );
    expect(paths(records)).toEqual(['G/A', 'G/B', 'G/A/C', 'G/A/C/T']);
    expect(relatedTo(records, 'T')).toEqual([['G', 'B']]);
  });

  it('another category moves nothing: the place is remembered', () => {
    run([category('a', 'A')], [term('t', 'T', ['a'])]);
    const records = run([category('a', 'A'), category('0', '0')], [term('t', 'T', ['0'])]);
    expect(paths(records)).toEqual(['G/0', 'G/A', 'G/A/T']);
    expect(relatedTo(records, '0')).toEqual([['G', 'A', 'T']]);
  });

  it('what held it stays when the category is gone', () => {
    run([category('a', 'A')], [term('t', 'T', ['a'])]);
    const records = run([], [term('t', 'T')]);
    expect(paths(records)).toEqual(['G/A', 'G/A/T']);
    expect(byName(records, 'A').description).toContain('no longer a category');
  });

  it('a new name is shown in the old place, and so is the old one after that', () => {
    run([category('a', 'A')], [term('t', 'T', ['a'])]);
    const renamed = run([category('a', 'Alpha')], [term('t', 'Tea', ['a'])], 'Gamma');
    expect(paths(renamed)).toEqual(['G/A', 'G/A/T']);
    expect([byName(renamed, 'A').displayName, byName(renamed, 'T').displayName]).toEqual(['Alpha', 'Tea']);
    expect(renamed.find(({ kind }) => kind === 'glossary')).toMatchObject({ path: ['G'], displayName: 'Gamma' });
    expect(byName(run([category('a', 'A')], [term('t', 'T', ['a'])]), 'T').displayName).toBe('T');
  });

  it('a new term with the name that another had before gets a place of its own', () => {
    run([], [term('t', 'T')]);
    const records = run([], [term('t', 'Old T'), term('u', 'T')]);
    expect(termsOf(records).map(({ path, displayName }) => [path[1], displayName])).toEqual([
      [expect.stringMatching(/^T \([0-9a-f]{8}\)$/), 'T'],
      ['T', 'Old T'],
    ]);
    expect(paths(run([], [term('t', 'Old T'), term('u', 'T')]))).toEqual(paths(records));
  });

  it('a category and a term of one path are one', () => {
    const records = run(
      [{ ...category('c', 'Customer'), shortDescription: 'Around customers' }],
      [term('t', 'Customer', [], { shortDescription: 'Who buys' }), term('u', 'Lead', ['c'])],
    );
    expect(paths(records)).toEqual(['G/Customer', 'G/Customer/Lead']);
    expect(byName(records, 'Customer').description).toBe('Who buys\n\nAround customers');
  });

  it('categories in a ring end in the glossary', () => {
    expect(paths(run([category('a', 'A', 'b'), category('b', 'B', 'a')], []))).toEqual(['G/B', 'G/B/A']);
  });
});

describe('what a term says', () => {
  const lines = (more: Partial<AtlasTerm>, others: readonly AtlasTerm[] = []) =>
    byName(run([], [term('t', 'T', [], more), ...others]), 'T').description;

  it('one description alone stays byte for byte', () => {
    const longDescription = '# Title\r\n\n* a\n* b  \n';
    expect(lines({ longDescription })).toBe(longDescription);
    expect(lines({ shortDescription: 'same', longDescription: 'same' })).toBe('same');
    expect(lines({})).toBeUndefined();
  });

  it('every kind of relation is named but the plain one; ended ones are not', () => {
    const link = (termGuid: string, more: object = {}) => [{ termGuid, ...more }];
    const more = {
      antonyms: link('u', { description: 'the other way round', expression: '-x' }),
      isA: link('v'),
      seeAlso: link('u'),
      replacedBy: link('v', { status: 'DEPRECATED' }),
      translationTerms: link('gone'),
    };
    expect(lines(more, [term('u', 'U'), term('v', 'V')])).toBe(
      '**Antonyms:** U (-x; the other way round)\n\n**Is a:** V',
    );
    const records = run([], [term('t', 'T', [], more), term('u', 'U'), term('v', 'V')]);
    expect(relatedTo(records, 'T')).toEqual([
      ['G', 'U'],
      ['G', 'V'],
    ]);
  });

  it('examples in lines of a list, attributes by name', () => {
    const more = { examples: ['one', 'two\nlines'], additionalAttributes: { source: 'ISO', level: 3 } };
    expect(lines(more)).toBe('**Examples:**\n- one\n- two\n  lines\n\n**level:** 3\n\n**source:** ISO');
  });

  it('its classifications are tags', () => {
    const classifications = [{ typeName: 'EMAIL', entityGuid: 't', attributes: { days: 3 } }];
    expect(byName(run([], [term('t', 'T', [], { classifications })]), 'T').tags).toEqual([
      { path: ['PII', 'EMAIL'], propagated: false, attributes: { days: 3 } },
    ]);
  });
});
