import { describe, expect, it } from 'vitest';
import { watchFindings } from './watch-rules.ts';

const brokers = ['kafka.example:9092', '[::1]:9092', '10.0.0.7:9093'];
const signIn = { saslMechanism: 'PLAIN', username: 'reader', password: 'secret-word' };

describe('meridian.watch', () => {
  it.each([{ brokers }, { brokers, ...signIn }, {}])('takes what is whole', (watch) => {
    expect(watchFindings(watch)).toEqual([]);
  });

  it.each([
    ['kafka.example', 'no port'],
    ['kafka://kafka.example:9092', 'a scheme'],
    ['a:9092,b:9092', 'two in one'],
  ])('refuses the broker %s: %s', (broker) => {
    expect(watchFindings({ brokers: [brokers[0], broker] })).toMatchObject([
      { path: ['meridian', 'watch', 'brokers', 1], expected: expect.stringContaining('host:port') },
    ]);
  });

  it('wants the whole of a sign-in, and never quotes it', () => {
    expect(watchFindings({ brokers, saslMechanism: 'PLAIN', username: 'reader' })).toMatchObject([
      { expected: 'password' },
    ]);
    const found = watchFindings({ brokers, password: 'secret-word' });
    expect(found).toMatchObject([{ path: ['meridian', 'watch', 'password'], at: 'key' }]);
    expect(JSON.stringify(found)).not.toContain('secret-word');
  });
});
