import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ReferenceOptions, resolveReferences } from './references.ts';

const node = process.execPath;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'meridian-references-'));
  await writeFile(join(folder, 'value.txt'), '  beside the recipe\n');
  await script('args.mjs', 'process.stdout.write(JSON.stringify(process.argv.slice(2)) + process.env.SEEN)');
  await script(
    'fail.mjs',
    'console.log("half-of-the-value"); console.error("no half-of-the-value, known-secret"); process.exit(3)',
  );
  await script('sleep.mjs', 'setInterval(() => undefined, 1000)');
  await script('flood.mjs', 'for (let i = 0; i < 40; i += 1) process.stdout.write("x".repeat(100_000))');
  await script('silent.mjs', '');
  await script(
    'stdin.mjs',
    'for await (const each of process.stdin) process.stdout.write(each); console.log("nothing came")',
  );
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const script = (name: string, text: string) => writeFile(join(folder, name), text);

const resolve = (text: string, options: Partial<ReferenceOptions> = {}) =>
  resolveReferences(
    { key: text },
    {
      env: { NAME: 'of-the-environment', ...options.env },
      folder,
      allowExec: true,
      execTimeoutMs: 20_000,
      redact: (said) => said.replaceAll('known-secret', '***'),
      ...options,
    },
  );

const resolvedTo = async (text: string, options?: Partial<ReferenceOptions>) => {
  const { value, problems } = await resolve(text, options);
  expect(problems).toEqual([]);
  return (value as { key: string }).key;
};

const problemOf = async (text: string, options?: Partial<ReferenceOptions>) => {
  const { problems } = await resolve(text, options);
  expect(problems).toHaveLength(1);
  return problems[0]!;
};

describe('references', () => {
  it('stand anywhere in a text, several in one', async () => {
    expect(await resolvedTo('a ${env:NAME}, b ${file:value.txt}')).toBe('a of-the-environment, b beside the recipe');
  });

  it('of a kind that is none are told with those that are', async () => {
    expect(await problemOf('${vault:x}')).toMatchObject({
      message: expect.stringMatching(/vault:/),
      expected: expect.stringMatching(/exec:/),
    });
  });
});

describe('${exec:…}', () => {
  it('gives what the command writes; words are passed as they are, with no shell in between', async () => {
    const text = `\${exec:${node} args.mjs "two words" $HOME *.txt ; | 'a"b'}`;
    const args = ['two words', '$HOME', '*.txt', ';', '|', 'a"b'];
    expect(await resolvedTo(text, { env: { SEEN: '!' } })).toBe(`${JSON.stringify(args)}!`);
  });

  it('is a secret whatever key it stands at, and shows no more of the command than its name', async () => {
    const { uses } = await resolve(`\${exec:${node} args.mjs --token=abc}`);
    expect(uses).toMatchObject([{ secret: true, reference: `\${exec:${node}}` }]);
  });

  it('finds a program beside the recipe by its relative path', async () => {
    await script('own.sh', '#!/bin/sh\necho of-the-script\n');
    await chmod(join(folder, 'own.sh'), 0o700);
    expect(await resolvedTo('${exec:./own.sh}')).toBe('of-the-script');
  });

  it('runs once, however often it is written', async () => {
    await script(
      'count.mjs',
      "import { appendFileSync, readFileSync } from 'node:fs'; appendFileSync('runs', 'x'); console.log(readFileSync('runs', 'utf8'));",
    );
    expect(await resolvedTo(`\${exec:${node} count.mjs} \${exec:${node} count.mjs}`)).toBe('x x');
  });

  it('reads nothing from standard input', async () => {
    expect(await resolvedTo(`\${exec:${node} stdin.mjs}`)).toBe('nothing came');
  });

  it('that fails is told with its exit code and words, but not with what it had to give', async () => {
    const { message } = await problemOf(`\${exec:${node} fail.mjs}`);
    expect(message).toContain('ended with 3 and said: no ***, ***');
  });

  it.each([
    ['takes too long', `\${exec:${node} sleep.mjs}`, { execTimeoutMs: 300 }, /not done within 0.3 s/],
    ['writes too much', `\${exec:${node} flood.mjs}`, {}, /more than 1048576 bytes/],
    ['writes nothing', `\${exec:${node} silent.mjs}`, {}, /has written nothing/],
    ['is not there', '${exec:no-such-program-anywhere}', {}, /no such program/],
    ['may not be run', '${exec:./value.txt}', {}, /may not be run/],
    ['is empty', '${exec: }', {}, /no command/],
    ['has an open quote', '${exec:say "hello}', {}, /quote/],
    ['is forbidden', '${exec:echo hello}', { allowExec: false }, /not allowed/],
  ])('that %s is refused', async (_, text, options, message) => {
    expect((await problemOf(text, options)).message).toMatch(message);
  });
});

describe('${airflow:…}', () => {
  const env = {
    AIRFLOW_CONN_ATLAS: 'generic://reader:p%40ss%2Fword%3A1@atlas.example:21000/default?timeout=5&__no__=',
    AIRFLOW_CONN_OM: JSON.stringify({
      conn_type: 'http',
      login: 'bot',
      password: 'in json',
      host: 'om',
      port: 8585,
      extra: '{"jwt":"a.b.c"}',
    }),
    AIRFLOW_CONN_EXTRA: 'aws://?__extra__=%7B%22region%22%3A+%22eu%22%7D',
    AIRFLOW_CONN_BROKEN: '{"password": "leaks"',
    AIRFLOW_VAR_PLACE: 'of-the-variable',
  };

  it.each([
    ['${airflow:conn:atlas.password}', 'p@ss/word:1'],
    ['${airflow:conn:ATLAS.login}@${airflow:conn:atlas.host}:${airflow:conn:atlas.port}', 'reader@atlas.example:21000'],
    [
      '${airflow:conn:atlas.schema} ${airflow:conn:atlas.type} ${airflow:conn:atlas.extra.timeout}',
      'default generic 5',
    ],
    ['${airflow:conn:om.password} ${airflow:conn:om.port}', 'in json 8585'],
    ['${airflow:conn:om.extra.jwt}', 'a.b.c'],
    ['${airflow:conn:extra.extra.region}', 'eu'],
    ['${airflow:conn:atlas.uri}', env.AIRFLOW_CONN_ATLAS],
    ['${airflow:var:place}', 'of-the-variable'],
  ])('%s', async (text, value) => {
    expect(await resolvedTo(text, { env })).toBe(value);
  });

  it('hides passwords and extras, and not hosts', async () => {
    const secretOf = async (text: string) => (await resolve(text, { env })).uses[0]?.secret;
    expect(await secretOf('${airflow:conn:atlas.password}')).toBe(true);
    expect(await secretOf('${airflow:conn:om.extra.jwt}')).toBe(true);
    expect(await secretOf('${airflow:conn:atlas.host}')).toBe(false);
  });

  it.each([
    ['${airflow:conn:nowhere.password}', /connection nowhere is not in the environment/],
    ['${airflow:conn:extra.password}', /has no password/],
    ['${airflow:conn:broken.password}', /AIRFLOW_CONN_BROKEN is no connection/],
    ['${airflow:conn:atlas}', /no connection or variable/],
    ['${airflow:var:nowhere}', /variable nowhere is not/],
    ['${airflow:pool:x}', /no connection or variable/],
  ])('%s is refused, with nothing of a connection quoted', async (text, message) => {
    const problem = await problemOf(text, { env });
    expect(problem.message).toMatch(message);
    expect(JSON.stringify(problem)).not.toMatch(/leaks|p%40ss/);
  });
});
