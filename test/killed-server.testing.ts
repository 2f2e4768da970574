import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { PipelineDefinition } from '../src/engine/engine.ts';
import type { RunRecord } from '../src/engine/run-history.ts';

const command = join(import.meta.dirname, '..', 'bin', 'meridian.mjs');
const password = 'Password-of-the-service';

/** `meridian serve`, as often as it is started, and what it has promised to who asked it. */
export class KilledServer {
  /** Runs that it said were queued. */
  readonly promised: { readonly pipelineId: string; readonly runId: string }[] = [];
  /** By run: what somebody has seen of its log. */
  readonly seen = new Map<string, { readonly pipelineId: string; text: string }>();
  readonly #home: string;
  readonly #folder: string;
  #line = Promise.withResolvers<void>();
  #child: ChildProcess | undefined;
  #url = '';

  /** @param folder where it runs */
  constructor(folder: string) {
    this.#folder = folder;
    this.#home = join(folder, 'home');
  }

  get home(): string {
    return this.#home;
  }

  async start(): Promise<void> {
    const env = { ...process.env, MERIDIAN_HOME: this.#home, MERIDIAN_USERNAME: 'admin', MERIDIAN_PASSWORD: password };
    const child = spawn(process.execPath, [command, 'serve', '--port', '0'], {
      cwd: this.#folder,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    let told = '';
    child.stderr.on('data', (chunk: Buffer) => {
      told += chunk.toString();
    });
    const [line] = await Promise.race([
      once(createInterface(child.stdout), 'line') as Promise<[string]>,
      once(child, 'exit').then(() => Promise.reject(new Error(`The server did not start: ${told}`))),
    ]);
    this.#url = (JSON.parse(line) as { url: string }).url;
  }

  async kill(): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }

  async deploy(pipeline: PipelineDefinition): Promise<void> {
    const { fqn: _fqn, ...body } = pipeline;
    await this.#ask('POST', '/pipelines', body);
  }

  async pause(pipelineId: string): Promise<void> {
    await this.#ask('POST', `/pipelines/${pipelineId}/pause`);
  }

  /** Queues a run and looks at its log; what dies with the server is no promise. */
  async trigger(pipelineId: string): Promise<void> {
    try {
      const { runId } = (await this.#ask('POST', `/pipelines/${pipelineId}/runs`)) as { runId: string };
      this.promised.push({ pipelineId, runId });
      await this.watch(pipelineId, runId);
    } catch (error) {
      if (!isGone(error)) throw error;
    }
  }

  async stop(runId: string): Promise<number> {
    return ((await this.#ask('POST', `/runs/${runId}/stop`)) as { stopped: number }).stopped;
  }

  /** Newest first. */
  async runs(pipelineId: string): Promise<readonly RunRecord[]> {
    const runs: RunRecord[] = [];
    for (;;) {
      const before = runs.length > 0 ? `&before=${runs.at(-1)!.runId}` : '';
      const page = await this.#ask('GET', `/pipelines/${pipelineId}/runs?limit=100${before}`);
      const { runs: some, more } = page as { runs: readonly RunRecord[]; more: boolean };
      runs.push(...some);
      if (!more) return runs;
    }
  }

  /** Looks at a run's log, live, until the run or the server ends. */
  async watch(pipelineId: string, runId: string): Promise<void> {
    const response = await this.#request('GET', `/runs/${runId}/events`);
    let text = '';
    let rest = '';
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      const blocks = (rest + chunk).split('\n\n');
      rest = blocks.pop()!;
      for (const block of blocks) {
        if (!/^event: log$/m.test(block)) continue;
        text += (JSON.parse(/^data: (.*)$/m.exec(block)![1]!) as { text: string }).text;
        if (text.length <= (this.seen.get(runId)?.text.length ?? 0)) continue;
        this.seen.set(runId, { pipelineId, text });
        this.#line.resolve();
      }
    }
  }

  /** Until somebody sees a line that nobody has seen before. */
  nextLine(): Promise<void> {
    this.#line = Promise.withResolvers();
    return this.#line.promise;
  }

  async #ask(method: string, path: string, body?: object): Promise<unknown> {
    const response = await this.#request(method, path, body);
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  }

  #request(method: string, path: string, body?: object): Promise<Response> {
    const authorization = `Basic ${Buffer.from(`admin:${password}`).toString('base64')}`;
    const headers = { authorization, ...(body && { 'content-type': 'application/json' }) };
    return fetch(`${this.#url}/api/console${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  }
}

/** What a request meets whose server is killed: `fetch` has one word for all of it. */
function isGone(error: unknown): boolean {
  return error instanceof TypeError;
}
