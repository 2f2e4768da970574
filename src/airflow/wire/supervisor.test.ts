import type { Socket } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { largestFrame } from './frames.ts';
import { answerFrame, framesOf, socketPair } from './supervisor.testing.ts';
import { Supervisor } from './supervisor.ts';

let airflow: Socket;
let supervisor: Supervisor;
let close: () => Promise<void>;

beforeEach(async () => {
  const pair = await socketPair();
  ({ airflow, close } = pair);
  supervisor = new Supervisor(pair.task);
});
afterEach(() => close());

const asking = { type: 'GetVariable', key: 'k' } as const;

it('answers find their questions, in whatever order they come', async () => {
  const [one, two] = [supervisor.request(asking), supervisor.request(asking)];
  airflow.write(Buffer.concat([answerFrame(2, { type: 'VariableResult', value: 'two' }), answerFrame(1, null)]));
  expect([await one, await two]).toEqual([null, { type: 'VariableResult', value: 'two' }]);
});

it('a question that is never answered fails by its own time limit, and a late answer harms nobody', async () => {
  const silent = supervisor.request(asking, { timeoutMs: 5 });
  await expect(silent).rejects.toMatchObject({
    code: 'airflow.no-answer',
    message: expect.stringContaining('GetVariable'),
  });
  airflow.write(answerFrame(1, { type: 'VariableResult' }));
  const next = supervisor.request(asking);
  airflow.write(answerFrame(2, null));
  expect(await next).toBeNull();
});

it('messages and answers of a type that we do not know are told for the one question, and change nothing else', async () => {
  airflow.write(Buffer.concat([answerFrame(0, { type: 'SomethingNew' }), answerFrame(99, { type: 'X' })]));
  const asked = supervisor.ask(asking, 'VariableResult');
  airflow.write(answerFrame(1, { type: 'SomethingNew' }));
  await expect(asked).rejects.toMatchObject({ code: 'airflow.protocol' });
  expect(supervisor.gone.aborted).toBe(false);
});

it('a supervisor that goes away fails all that is under way, and is noticed without a question', async () => {
  const asked = supervisor.request(asking);
  airflow.end();
  await expect(asked).rejects.toMatchObject({ code: 'airflow.gone' });
  expect(supervisor.gone.reason).toMatchObject({ code: 'airflow.gone' });
  await expect(supervisor.startup).rejects.toMatchObject({ code: 'airflow.gone' });
  await expect(supervisor.request(asking)).rejects.toMatchObject({ code: 'airflow.gone' });
});

it('a frame that ends half-way is told as such', async () => {
  const asked = supervisor.request(asking);
  airflow.end(answerFrame(1, { type: 'VariableResult' }).subarray(0, 9));
  await expect(asked).rejects.toThrow('in the middle of a message');
});

it.each([
  [
    'larger than any',
    (() => {
      const header = Buffer.alloc(4);
      header.writeUInt32BE(largestFrame + 1);
      return header;
    })(),
  ],
  ['no msgpack', Buffer.from([0, 0, 0, 2, 0xc1, 0xc1])],
  ['empty', Buffer.from([0, 0, 0, 0])],
  ['no list', Buffer.from([0, 0, 0, 1, 0x80])],
  ['a web page', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')],
])('a frame that is %s ends the connection, since nothing behind it can be trusted', async (_, bytes) => {
  const asked = supervisor.request(asking);
  airflow.write(bytes);
  await expect(asked).rejects.toMatchObject({ code: 'airflow.protocol' });
  expect(supervisor.gone.aborted).toBe(true);
});

it('a message that is too large to be sent is refused here', async () => {
  await expect(supervisor.request({ type: 'MaskSecret', value: 'x'.repeat(largestFrame) })).rejects.toMatchObject({
    code: 'airflow.protocol',
  });
  expect(supervisor.gone.aborted).toBe(false);
});

it('two megabytes go through in one piece', async () => {
  const frames = framesOf(airflow);
  const value = 'é'.repeat(1_000_000);
  const sent = supervisor.request({ type: 'MaskSecret', value });
  while (frames.length === 0) await new Promise((resolve) => airflow.once('data', resolve));
  expect(frames[0]!.body).toEqual({ type: 'MaskSecret', value });
  airflow.write(answerFrame(1, { type: 'VariableResult', value }));
  expect(await sent).toMatchObject({ value });
});
