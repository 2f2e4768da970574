import type { Finding } from './validate-recipe.ts';

const path = ['meridian', 'watch'];

/** What a schema cannot say of `meridian.watch`: sign-ins that are whole, brokers with a port. */
export function watchFindings(watch: Readonly<Record<string, unknown>>): Finding[] {
  return [...signIn(watch), ...brokers(watch['brokers'])];
}

function signIn({ saslMechanism, username, password }: Readonly<Record<string, unknown>>): Finding[] {
  if (saslMechanism === undefined && username === undefined && password === undefined) return [];
  if (saslMechanism === undefined) {
    const found = username === undefined ? 'password' : 'username';
    const expected = 'saslMechanism: PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512';
    return [{ path: [...path, found], at: 'key', message: 'It is not said how to sign in with this.', expected }];
  }
  return Object.entries({ username, password }).flatMap(([key, value]) =>
    value === undefined
      ? [{ path: [...path, 'saslMechanism'], message: `Signing in with it needs a ${key}.`, expected: key }]
      : [],
  );
}

function brokers(list: unknown): Finding[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((broker: unknown, i) => {
    if (typeof broker !== 'string' || /^(\[[0-9a-f:.]+\]|[^\s:/[\]]+):\d{1,5}$/i.test(broker)) return [];
    return [
      {
        path: [...path, 'brokers', i],
        message: 'This is no broker.',
        expected: 'host:port, such as kafka.example:9092',
      },
    ];
  });
}
