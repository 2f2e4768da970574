import { formsOf } from '../config/secret-forms.ts';

/** Runs something while what it writes to standard output, standard error and the console is heard. */
export async function hear<T>(run: () => Promise<T>): Promise<{ readonly result: T; readonly said: string }> {
  const said: string[] = [];
  const streams = [process.stdout, process.stderr];
  const writes = streams.map((stream) => stream.write);
  const names = ['debug', 'error', 'info', 'log', 'trace', 'warn'] as const;
  const spoken = names.map((name) => console[name]);
  streams.forEach((stream, i) => {
    stream.write = function write(this: unknown, chunk: unknown, ...rest: unknown[]): boolean {
      said.push(typeof chunk === 'string' ? chunk : Buffer.from(chunk as Uint8Array).toString());
      return (writes[i] as (...given: unknown[]) => boolean).call(stream, chunk, ...rest);
    } as typeof stream.write;
  });
  names.forEach((name, i) => {
    console[name] = (...given: unknown[]): void => {
      said.push(given.map((each) => (typeof each === 'string' ? each : JSON.stringify(plain(each)))).join(' '));
      spoken[i]!.apply(console, given);
    };
  });
  try {
    return { result: await run(), said: said.join('\n') };
  } finally {
    streams.forEach((stream, i) => {
      stream.write = writes[i]!;
    });
    names.forEach((name, i) => {
      console[name] = spoken[i]!;
    });
  }
}

/** An error with everything that a log could show of it; anything else as it is. */
export function plain(value: unknown, depth = 0): unknown {
  if (!(value instanceof Error) || depth > 5) return value;
  const { message, stack, cause } = value;
  return { ...Object.fromEntries(Object.entries(value)), message, stack, cause: plain(cause, depth + 1) };
}

/** Secrets shorter than this are words that may stand anywhere. */
const shortest = 5;

/** Which of the secrets (by their number, never their text) a text shows, in whatever form. */
export function shownSecrets(text: string, secrets: Iterable<string>): readonly number[] {
  return [...secrets].flatMap((secret, i) => {
    if (secret.length < shortest) return [];
    return [...formsOf(secret)].some((form) => form.length >= shortest && text.includes(form)) ? [i + 1] : [];
  });
}
