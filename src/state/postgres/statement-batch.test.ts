import { expect, it } from 'vitest';
import { StatementBatch } from './statement-batch.ts';

/** A batch whose statements end when they are told to. */
function heldBatch(refused: (item: string) => boolean = () => false) {
  const sent: (readonly string[])[] = [];
  const ends: (() => void)[] = [];
  const batch = new StatementBatch<string, string>(async (items) => {
    sent.push(items);
    await new Promise<void>((resolve) => ends.push(resolve));
    if (items.some(refused)) throw new Error(`refused ${items.join(' ')}`);
    return items.map((item) => item.toUpperCase());
  });
  const end = async (): Promise<void> => {
    ends.shift()!();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { batch, sent, end };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it('sends at once what is asked for in one turn, and together what is asked for meanwhile', async () => {
  const { batch, sent, end } = heldBatch();
  const first = [batch.add('1', 'a'), batch.add('2', 'b')];
  await turn();
  expect(sent).toEqual([['a', 'b']]);
  const second = [batch.add('3', 'c')];
  await turn();
  second.push(batch.add('4', 'd'));
  expect(sent).toHaveLength(1);
  await end();
  expect(await Promise.all(first)).toEqual(['A', 'B']);
  expect(sent).toEqual([
    ['a', 'b'],
    ['c', 'd'],
  ]);
  await end();
  expect(await Promise.all(second)).toEqual(['C', 'D']);
});

it('sends one row once, as it was asked for last, and tells everybody', async () => {
  const { batch, sent, end } = heldBatch();
  const both = [batch.add('1', 'old'), batch.add('1', 'new')];
  await turn();
  expect(sent).toEqual([['new']]);
  await end();
  expect(await Promise.all(both)).toEqual(['NEW', 'NEW']);
});

it('never has two statements under way, so that a row is written in the order in which it was asked for', async () => {
  const { batch, sent, end } = heldBatch();
  const first = batch.add('1', 'old');
  await turn();
  const second = batch.add('1', 'new');
  await turn();
  expect(sent).toEqual([['old']]);
  await end();
  expect(await first).toBe('OLD');
  expect(sent).toEqual([['old'], ['new']]);
  await end();
  expect(await second).toBe('NEW');
});

it('of rows that are refused together only the one is refused that is at fault', async () => {
  const { batch, end } = heldBatch((item) => item === 'bad');
  const told = Promise.allSettled([batch.add('1', 'good'), batch.add('2', 'bad'), batch.add('3', 'fine')]);
  await turn();
  for (let statements = 0; statements < 4; statements += 1) await end();
  expect((await told).map((one) => (one.status === 'fulfilled' ? one.value : String(one.reason)))).toEqual([
    'GOOD',
    'Error: refused bad',
    'FINE',
  ]);
});
