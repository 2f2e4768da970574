import { describe, expect, it } from 'vitest';
import { type Token, TokenCache } from './token-cache.ts';

/** A provider whose answers are counted, and a clock that is turned by hand. */
function provider(lifetimeMs: number | undefined, fails: () => boolean = () => false) {
  const clock = { now: 1_000_000 };
  const learned: string[] = [];
  let count = 0;
  const source = async (): Promise<Token> => {
    count += 1;
    const n = count;
    await Promise.resolve();
    if (fails()) throw new Error('down');
    return { value: `token-${n}`, expiresAt: lifetimeMs === undefined ? undefined : clock.now + lifetimeMs };
  };
  const cache = new TokenCache(source, { now: () => clock.now, learn: (token) => learned.push(token) });
  const bearer = async (refresh = false) => (await cache.authorize(refresh))['Authorization']!.replace('Bearer ', '');
  return { clock, bearer, learned, asked: () => count };
}

const hour = 3_600_000;

describe('tokens that end', () => {
  it('are fetched once, however many requests wait, and told to whoever masks them', async () => {
    const { bearer, asked, learned } = provider(hour);
    expect(new Set(await Promise.all(Array.from({ length: 20 }, () => bearer())))).toEqual(new Set(['token-1']));
    expect(asked()).toBe(1);
    expect(learned).toEqual(['token-1']);
  });

  it('are replaced two minutes before their end, so that a clock a minute off does no harm', async () => {
    const { bearer, clock } = provider(hour);
    await bearer();
    clock.now += hour - 121_000;
    expect(await bearer()).toBe('token-1');
    clock.now += 2_000;
    expect(await bearer()).toBe('token-2');
  });

  it('that live for a minute only are replaced at half their life, not with every request', async () => {
    const { bearer, clock, asked } = provider(60_000);
    await bearer();
    clock.now += 29_000;
    expect(await bearer()).toBe('token-1');
    clock.now += 2_000;
    expect(await bearer()).toBe('token-2');
    expect(asked()).toBe(2);
  });

  it('are replaced once after a refusal, however many requests were refused', async () => {
    const { bearer, clock, asked } = provider(hour);
    await bearer();
    clock.now += 60_000;
    expect(new Set(await Promise.all(Array.from({ length: 8 }, () => bearer(true))))).toEqual(new Set(['token-2']));
    expect(await bearer(true)).toBe('token-2');
    expect(asked()).toBe(2);
  });

  it('serve on while the provider fails, until they are really over', async () => {
    let down = false;
    const { bearer, clock, asked } = provider(hour, () => down);
    await bearer();
    down = true;
    clock.now += hour - 60_000;
    expect(await bearer()).toBe('token-1');
    expect(await bearer()).toBe('token-1');
    expect(asked()).toBe(2);
    clock.now += 61_000;
    await expect(bearer()).rejects.toThrow('down');
    down = false;
    expect(await bearer()).toBe('token-4');
  });

  it('without an end are kept until a server refuses them', async () => {
    const { bearer, clock } = provider(undefined);
    await bearer();
    clock.now += 100 * hour;
    expect(await bearer()).toBe('token-1');
    expect(await bearer(true)).toBe('token-2');
  });
});
