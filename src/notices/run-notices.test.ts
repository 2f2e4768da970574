import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { RunHistory, RunRecord, RunTransition } from '../engine/run-history.ts';
import { RunNotices, type RunNoticesOptions } from './run-notices.ts';
import { startSmtp } from './smtp-server.testing.ts';
import { signatureHeader, signatureOf } from './webhook.ts';

interface Posted {
  readonly signature: string | undefined;
  readonly body: string;
}

let receiver: Server;
let url: string;
const answers: number[] = [];
const posted: Posted[] = [];
let onPost: () => void = () => undefined;

beforeAll(async () => {
  receiver = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    posted.push({ signature: request.headers[signatureHeader] as string, body: Buffer.concat(chunks).toString() });
    response.writeHead(answers.shift() ?? 204, { location: 'http://127.0.0.1:9/' }).end();
    onPost();
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook?key=k`;
});
afterAll(() => receiver.close());
beforeEach(() => {
  posted.length = 0;
  answers.length = 0;
});

const run: RunRecord = {
  pipelineId: 'atlas_daily',
  runId: 'run-1',
  kind: 'run',
  state: 'failed',
  trigger: 'schedule',
  attempt: 2,
  queuedAt: '2026-11-25T03:00:00.000Z',
  endedAt: '2026-11-25T03:01:00.000Z',
  reason: 'Atlas does not accept Pa55word.',
};

function noticesWith(options: Partial<RunNoticesOptions>) {
  const failures: string[] = [];
  let tell: (transition: RunTransition) => void = () => undefined;
  const notices = new RunNotices({
    history: {
      pipeline: async () => ({
        id: 'atlas_daily',
        displayName: 'Atlas\r\nBcc: x@evil.example',
        email: ['own@corp.example'],
      }),
    } as unknown as RunHistory,
    events: {
      figures: () => {
        throw new Error('not asked for');
      },
      onTransition: (listener) => {
        tell = listener;
        return () => undefined;
      },
    },
    redact: (text) => text.replaceAll('Pa55word', '***'),
    onFailure: (error) => failures.push(String(error)),
    retryDelaysMs: [1, 1, 1],
    ...options,
  });
  const nextPost = (): Promise<void> =>
    new Promise((resolve) => {
      onPost = resolve;
    });
  return { notices, failures, nextPost, tell: (transition: RunTransition) => tell(transition) };
}

it('posts a signed message without secrets, and again when it was not taken', async () => {
  answers.push(503, 302);
  const { tell, notices, failures, nextPost } = noticesWith({
    webhooks: [{ url, secret: 'key-of-the-hook' }],
    publicUrl: 'https://meridian.example/',
  });
  tell({ run, retried: false });
  while (posted.length < 3) await nextPost();
  await notices.close();
  expect(failures).toEqual([]);
  const [first, second, third] = posted;
  expect(third).toEqual(first);
  expect(second).toEqual(first);
  expect(first!.signature).toBe(signatureOf(first!.body, 'key-of-the-hook'));
  const notice = JSON.parse(first!.body);
  expect(notice).toMatchObject({
    event: 'run.failed',
    pipeline: { id: 'atlas_daily' },
    run: { id: 'run-1', attempt: 2, url: 'https://meridian.example/pipelines/atlas_daily/runs/run-1' },
  });
  expect(first!.body).not.toContain('Pa55word');
});

it('says nothing of what will be tried again, of plans, of stops, and of what went well', async () => {
  const { tell, notices } = noticesWith({ webhooks: [{ url }] });
  tell({ run, retried: true });
  tell({ run: { ...run, kind: 'plan' }, retried: false });
  tell({ run: { ...run, state: 'stopped' }, retried: false });
  tell({ run: { ...run, state: 'success' }, retried: false });
  await notices.close();
  expect(posted).toEqual([]);
});

it('gives up after its tries, and tells the log, not the address', async () => {
  const failed = Promise.withResolvers<string>();
  const { tell, notices } = noticesWith({
    webhooks: [{ url: 'http://127.0.0.1:9/secret-path' }],
    onFailure: (error, to) => failed.resolve(`${to}: ${String(error)}`),
  });
  tell({ run, retried: false });
  const told = await failed.promise;
  await notices.close();
  expect(told).toContain('127.0.0.1:9');
  expect(told).not.toContain('secret-path');
});

it('mails whoever the settings and the pipeline name; a name adds no header', async () => {
  const smtp = await startSmtp();
  const { tell, notices, failures } = noticesWith({
    mail: {
      server: { host: '127.0.0.1', port: smtp.port, from: 'meridian@corp.example', tls: 'none' },
      to: ['ops@corp.example'],
    },
  });
  tell({ run, retried: false });
  await notices.close();
  await smtp.close();
  const [mail] = smtp.mails;
  expect(failures).toEqual([]);
  expect(mail!.to).toEqual(['ops@corp.example', 'own@corp.example']);
  expect(mail!.text).not.toMatch(/^Bcc:/im);
  expect(mail!.text).not.toContain('Pa55word');
});
