import { createReadStream, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Agent, request, setGlobalDispatcher } from 'undici';
import { idsIn, type Recorded } from './recording-proxy.ts';

/**
 * The baseline: a bare script that fetches the same pages and sends the same bodies with the same concurrency, and does
 * nothing else. Run as `node bare-baseline.ts RECORDING ATLAS OPENMETADATA TOKEN CONCURRENCY IDS`, where RECORDING.atlas
 * and RECORDING.openmetadata hold the requests and IDS, a file, what became of the recorded ids in earlier runs. Prints
 * how many requests were answered, and how many of them were refused though the recorded ones were not.
 */
const [recording, atlas, openmetadata, token, concurrency, idFile] = process.argv.slice(2) as [
  string,
  string,
  string,
  string,
  string,
  string,
];
const answers = { all: 0, refused: 0 };
const told = setInterval(() => process.stderr.write(`bare script: ${answers.all} requests\n`), 10_000);
setGlobalDispatcher(new Agent({ connections: Number(concurrency) }));
const ids = new Map<string, string>(
  existsSync(idFile) ? (JSON.parse(readFileSync(idFile, 'utf8')) as [string, string][]) : [],
);
const idPattern = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const renewed = (text: string): string => text.replace(idPattern, (id) => ids.get(id) ?? id);

/** Another server has written its entities at other times: the condition of a patch cannot hold there. */
function withoutConditions({ method, body }: Recorded): string {
  if (method !== 'PATCH') return body;
  return JSON.stringify((JSON.parse(body) as { op: string }[]).filter(({ op }) => op !== 'test'));
}

/** @returns false when it was refused though the recorded request was not */
async function send(base: string, authorization: string, recorded: Recorded): Promise<boolean> {
  const body = renewed(withoutConditions(recorded));
  const answer = await request(`${new URL(base).origin}${renewed(recorded.path)}`, {
    method: recorded.method as 'GET',
    headers: { authorization, ...(recorded.contentType && { 'content-type': recorded.contentType }) },
    body: body === '' ? null : body,
  });
  const text = await answer.body.text();
  if (answer.statusCode >= 400 && answer.statusCode !== recorded.status) return false;
  answers.all += 1;
  if (recorded.answerIds.length > 0) {
    idsIn(text, recorded.method).forEach((id, i) => {
      const before = recorded.answerIds[i];
      if (before !== undefined) ids.set(before, id);
    });
  }
  return true;
}

const kindOf = (recorded: Recorded): string =>
  `${recorded.method} ${recorded.path.split('?')[0]!.split('/').slice(0, 5).join('/')}`;

/** @param phases what depends on an earlier kind of request waits for it, as in the real run */
async function sendAll(base: string, authorization: string, file: string, atOnce: number, phases: boolean) {
  const running = new Set<Promise<void>>();
  const early: Recorded[] = [];
  /** Waits for what is under way; what came before something of its own kind that it needs, a tag's parent, goes now. */
  const settle = async (): Promise<void> => {
    await Promise.all(running);
    for (const recorded of early.splice(0)) {
      if (await send(base, authorization, recorded)) continue;
      answers.all += 1;
      answers.refused += 1;
    }
  };
  let kind = '';
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY })) {
    const recorded = JSON.parse(line) as Recorded;
    if (phases && kindOf(recorded) !== kind) {
      await settle();
      kind = kindOf(recorded);
    }
    while (running.size >= atOnce) await Promise.race(running);
    const sent: Promise<void> = send(base, authorization, recorded)
      .then((taken) => {
        if (!taken) early.push(recorded);
      })
      .finally(() => running.delete(sent));
    running.add(sent);
  }
  await settle();
}

const basic = `Basic ${Buffer.from('admin:admin').toString('base64')}`;
await Promise.all([
  sendAll(atlas, basic, `${recording}.atlas`, 4, false),
  sendAll(openmetadata, `Bearer ${token}`, `${recording}.openmetadata`, Number(concurrency), true),
]);
clearInterval(told);
console.log(JSON.stringify(answers));
writeFileSync(idFile, JSON.stringify([...ids]));
process.exit(0);
