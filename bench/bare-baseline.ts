import { readFileSync } from 'node:fs';
import { Agent, request, setGlobalDispatcher } from 'undici';
import type { Recorded } from './recording-proxy.ts';

/**
 * The baseline: a bare script that fetches the same pages and sends the same bodies with the same concurrency, and does
 * nothing else. Run as `node bare-baseline.ts RECORDING ATLAS OPENMETADATA TOKEN CONCURRENCY`.
 */
const [file, atlas, openmetadata, token, concurrency] = process.argv.slice(2) as [
  string,
  string,
  string,
  string,
  string,
];
const recording = JSON.parse(readFileSync(file, 'utf8')) as { atlas: Recorded[]; openmetadata: Recorded[] };
setGlobalDispatcher(new Agent({ connections: Number(concurrency) }));
const ids = new Map<string, string>();

async function send(base: string, authorization: string, recorded: Recorded): Promise<void> {
  const origin = new URL(base).origin;
  let { body, path } = recorded;
  for (const part of [body, path]) {
    for (const [id] of part.matchAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g)) {
      const now = ids.get(id);
      if (now === undefined) continue;
      body = body.replaceAll(id, now);
      path = path.replaceAll(id, now);
    }
  }
  const answer = await request(`${origin}${path}`, {
    method: recorded.method as 'GET',
    headers: { authorization, ...(recorded.contentType && { 'content-type': recorded.contentType }) },
    body: body === '' ? null : body,
  });
  const text = await answer.body.text();
  if (recorded.answerId === undefined) return;
  const id = /"id":\s*"([0-9a-f-]{36})"/.exec(text.slice(0, 400))?.[1];
  if (id !== undefined) ids.set(recorded.answerId, id);
}

async function sendAll(
  base: string,
  authorization: string,
  requests: readonly Recorded[],
  atOnce: number,
): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let i = next++; i < requests.length; i = next++) await send(base, authorization, requests[i]!);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

const kindOf = (recorded: Recorded): string =>
  `${recorded.method} ${recorded.path.split('?')[0]!.split('/').slice(0, 5).join('/')}`;
const reading = sendAll(atlas, `Basic ${Buffer.from('admin:admin').toString('base64')}`, recording.atlas, 4);
// What depends on an earlier kind waits for it, as in the real run.
let phase: Recorded[] = [];
for (const recorded of recording.openmetadata) {
  if (phase.length > 0 && kindOf(recorded) !== kindOf(phase[0]!)) {
    await sendAll(openmetadata, `Bearer ${token}`, phase, Number(concurrency));
    phase = [];
  }
  phase.push(recorded);
}
await sendAll(openmetadata, `Bearer ${token}`, phase, Number(concurrency));
await reading;
process.exit(0);
