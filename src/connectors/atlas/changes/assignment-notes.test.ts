import { expect, it } from 'vitest';
import type { GlossaryReading } from '../atlas-reader.ts';
import type { AtlasTerm } from '../atlas-types.ts';
import { AssignmentNotes } from './assignment-notes.ts';

const kept = new Map<string, string>();
const memory = {
  get: (key: string) => kept.get(key),
  set: () => undefined,
  setAfterSuccess: (key: string, value: string | undefined) => {
    if (value === undefined) kept.delete(key);
    else kept.set(key, value);
  },
};

function term(guid: string, assigned: readonly string[], name = guid): AtlasTerm {
  const assignedEntities = assigned.map((entity) => ({ guid: entity }));
  return { guid, name, qualifiedName: `${name}@Business`, anchor: { glossaryGuid: 'g' }, assignedEntities };
}

/** Entities whose terms have changed since the last time. */
async function changedBy(...terms: readonly AtlasTerm[]): Promise<string[]> {
  async function* given(): AsyncGenerator<AtlasTerm> {
    yield* terms;
  }
  async function* readings(): AsyncGenerator<GlossaryReading> {
    yield { glossary: { guid: 'g', name: 'Business' }, categories: [], terms: given() };
  }
  const notes = new AssignmentNotes(memory);
  const passed: string[] = [];
  for await (const { terms: through } of notes.passing(readings())) {
    for await (const { guid } of through) passed.push(guid);
  }
  expect(passed).toEqual(terms.map(({ guid }) => guid));
  return [...notes.changed()].sort();
}

it('finds the entities whose terms are not what they were, and no others', async () => {
  expect(await changedBy(term('t1', ['a', 'b']), term('t2', ['c']))).toEqual(['a', 'b', 'c']);
  expect(await changedBy(term('t1', ['b', 'a']), term('t2', ['c']))).toEqual([]);
  // One gained, one lost.
  expect(await changedBy(term('t1', ['a', 'd']), term('t2', ['c']))).toEqual(['b', 'd']);
  // Another name stands on all of them.
  expect(await changedBy(term('t1', ['a', 'd'], 'renamed'), term('t2', ['c']))).toEqual(['a', 'd']);
  // A new term, and one that is no more.
  expect(await changedBy(term('t1', ['a', 'd'], 'renamed'), term('t3', ['e']))).toEqual(['c', 'e']);
  expect(await changedBy(term('t1', ['a', 'd'], 'renamed'), term('t3', ['e']))).toEqual([]);
  expect(await changedBy()).toEqual(['a', 'd', 'e']);
  expect(await changedBy()).toEqual([]);
});
