import { expect, it } from 'vitest';
import { KnownIds } from './known-ids.ts';

function counted(answers: Record<string, string | undefined | Error>) {
  const asked: string[] = [];
  const ids = new KnownIds(async (_kind, fqn) => {
    asked.push(fqn);
    const answer = answers[fqn];
    if (answer instanceof Error) throw answer;
    return answer;
  }, 2);
  return { asked, ids, answers };
}

it('asks once for what is there, and again for what was not or failed', async () => {
  const { asked, ids, answers } = counted({ a: '1', c: new Error('down') });
  expect(await Promise.all([ids.get('container', 'a'), ids.get('container', 'a')])).toEqual(['1', '1']);
  expect(await ids.get('container', 'b')).toBeUndefined();
  await expect(ids.get('container', 'c')).rejects.toThrow('down');
  answers['b'] = '2';
  answers['c'] = '3';
  expect(await ids.get('container', 'b')).toBe('2');
  expect(await ids.get('container', 'c')).toBe('3');
  expect(asked).toEqual(['a', 'b', 'c', 'b', 'c']);
});

it('keeps kinds apart, and believes what it is told', async () => {
  const { asked, ids } = counted({ a: '1' });
  ids.set('container', 'a', '9');
  expect(await ids.get('container', 'a')).toBe('9');
  expect(await ids.get('glossaryTerm', 'a')).toBe('1');
  expect(asked).toEqual(['a']);
});

it('forgets the one that was not needed for longest', async () => {
  const { asked, ids } = counted({ a: '1', b: '2', c: '3' });
  for (const fqn of ['a', 'b', 'a', 'c', 'a', 'b']) await ids.get('container', fqn);
  expect(asked).toEqual(['a', 'b', 'c', 'b']);
});
