import { expect, it } from 'vitest';
import { LookAhead } from './look-ahead.ts';

it('does pieces of work in the order in which they came, whatever is answered first', async () => {
  const ahead = new LookAhead();
  const done: string[] = [];
  const work = async (answer: string): Promise<void> => {
    done.push(answer);
  };
  let answerFirst: (answer: string) => void = () => undefined;
  await ahead.add(new Promise<string>((resolve) => (answerFirst = resolve)), work);
  await ahead.add(Promise.resolve('second'), work);
  expect(done).toEqual([]);
  answerFirst('first');
  await ahead.drain();
  expect(done).toEqual(['first', 'second']);
});

it('lets no more than some wait', async () => {
  const ahead = new LookAhead();
  const open: (() => void)[] = [];
  let handedOver = 0;
  const all = (async () => {
    for (let i = 0; i < 1000; i += 1) {
      handedOver += 1;
      await ahead.add(new Promise<void>((resolve) => open.push(resolve)), async () => undefined);
    }
  })();
  await new Promise((resolve) => setImmediate(resolve));
  expect(handedOver).toBeLessThan(100);
  for (; open.length > 0; await new Promise((resolve) => setImmediate(resolve))) open.shift()!();
  await all;
  await ahead.drain();
  expect(handedOver).toBe(1000);
});

it('tells the first failure, of an answer or of the work, and does nothing after it', async () => {
  for (const fails of ['answer', 'work'] as const) {
    const ahead = new LookAhead();
    const done: number[] = [];
    const failure = new Error('no');
    await ahead.add(fails === 'answer' ? Promise.reject(failure) : Promise.resolve(), async () => {
      throw failure;
    });
    const later = ahead.add(Promise.resolve(), async () => {
      done.push(2);
    });
    await later.catch(() => undefined);
    await expect(ahead.drain()).rejects.toBe(failure);
    expect(done).toEqual([]);
  }
});
