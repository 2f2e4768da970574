import { createReadStream, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Agent, request, setGlobalDispatcher } from 'undici';
import type { Recorded } from './recording-proxy.ts';

/**
 * The baseline: a bare script that fetches the same pages and sends the same bodies with the same concurrency, and does
 * nothing else. Run as `node bare-baseline.ts RECORDING ATLAS OPENMETADATA TOKEN CONCURRENCY IDS`, where RECORDING.atlas
 * and RECORDING.openmetadata hold the requests and IDS, a file, what became of the recorded ids in earlier runs.
 */
const [recording, atlas, openmetadata, token, concurrency, idFile] = process.argv.slice(2) as [
  string,
  string,
  string,
  string,
  string,
  string,
];
setGlobalDispatcher(new Agent({ connections: Number(concurrency) }));
const ids = new Map<string, string>(
  existsSync(idFile) ? (JSON.parse(readFileSync(idFile, 'utf8')) as [string, string][]) : [],
);
const idPattern = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const renewed = (text: string): string => text.replace(idPattern, (id) => ids.get(id) ?? id);

async function send(base: string, authorization: string, recorded: Recorded): Promise<void> {
  const body = renewed(recorded.body);
  const answer = await request(`${new URL(base).origin}${renewed(recorded.path)}`, {
    method: recorded.method as 'GET',
    headers: { authorization, ...(recorded.contentType && { 'content-type': recorded.contentType }) },
    body: body === '' ? null : body,
  });
  const text = await answer.body.text();
  if (recorded.answerId === undefined) return;
  const id = /"id":\s*"([0-9a-f-]{36})"/.exec(text.slice(0, 400))?.[1];
  if (id !== undefined) ids.set(recorded.answerId, id);
}

const kindOf = (recorded: Recorded): string =>
  `${recorded.method} ${recorded.path.split('?')[0]!.split('/').slice(0, 5).join('/')}`;

/** @param phases what depends on an earlier kind of request waits for it, as in the real run */
async function sendAll(base: string, authorization: string, file: string, atOnce: number, phases: boolean) {
  const running = new Set<Promise<void>>();
  let kind = '';
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY })) {
    const recorded = JSON.parse(line) as Recorded;
    if (phases && kindOf(recorded) !== kind) {
      await Promise.all(running);
      kind = kindOf(recorded);
    }
    while (running.size >= atOnce) await Promise.race(running);
    const sent: Promise<void> = send(base, authorization, recorded).finally(() => running.delete(sent));
    running.add(sent);
  }
  await Promise.all(running);
}

const basic = `Basic ${Buffer.from('admin:admin').toString('base64')}`;
await Promise.all([
  sendAll(atlas, basic, `${recording}.atlas`, 4, false),
  sendAll(openmetadata, `Bearer ${token}`, `${recording}.openmetadata`, Number(concurrency), true),
]);
writeFileSync(idFile, JSON.stringify([...ids]));
process.exit(0);
