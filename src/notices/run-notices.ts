import { setTimeout as sleep } from 'node:timers/promises';
import type { EngineEvents, RunHistory, RunTransition } from '../engine/run-history.ts';
import { type MailSettings, sendMail } from './mail.ts';
import { noticeMail, type RunNotice, runNotice } from './run-notice.ts';
import { postWebhook, type WebhookTarget } from './webhook.ts';

export interface RunNoticesOptions {
  readonly history: RunHistory;
  readonly events: EngineEvents;
  readonly mail?: { readonly server: MailSettings; readonly to: readonly string[] } | undefined;
  readonly webhooks?: readonly WebhookTarget[] | undefined;
  /** Address of the console, for links. */
  readonly publicUrl?: string | undefined;
  /** Masks secrets in whatever is sent. */
  readonly redact: (text: string) => string;
  /** Told what could not be sent, and why. */
  readonly onFailure: (error: unknown, to: string) => void;
  /** Milliseconds before each further try. */
  readonly retryDelaysMs?: readonly number[];
}

const defaultDelaysMs = [2_000, 15_000, 60_000, 300_000];
/** A receiver that is gone for long must not fill the memory. */
const mostWaiting = 200;
/** How long a server that is being shut down waits for what is being sent. */
const lastWordsMs = 5_000;

/** Tells people, by mail and webhook, that a run has failed for good: not while it will be tried again. */
export class RunNotices {
  readonly #options: RunNoticesOptions;
  readonly #stop = new AbortController();
  readonly #sending = new Set<Promise<void>>();
  readonly #release: () => void;

  constructor(options: RunNoticesOptions) {
    this.#options = options;
    this.#release = options.events.onTransition((transition) => {
      if (isFailure(transition)) this.#keep(this.#tell(transition));
    });
  }

  /** Takes no more, gives up what waits for another try, and waits a little for what is being sent. */
  async close(): Promise<void> {
    this.#release();
    this.#stop.abort();
    const all = async (): Promise<void> => {
      while (this.#sending.size > 0) await Promise.all(this.#sending);
    };
    await Promise.race([all(), sleep(lastWordsMs, undefined, { ref: false })]);
  }

  async #tell({ run }: RunTransition): Promise<void> {
    const { history, mail, webhooks = [], publicUrl, redact, onFailure } = this.#options;
    try {
      const pipeline = await history.pipeline({ pipelineId: run.pipelineId });
      const notice = masked(runNotice(run, pipeline, publicUrl), redact);
      const to = [...new Set([...(mail?.to ?? []), ...(pipeline.email ?? [])])];
      if (mail && to.length > 0) this.#send('mail', () => sendMail(mail.server, noticeMail(notice, to)));
      for (const target of webhooks) this.#send(new URL(target.url).host, () => postWebhook(target, notice));
    } catch (error) {
      onFailure(error, 'everybody');
    }
  }

  #send(to: string, send: () => Promise<void>): void {
    const { onFailure } = this.#options;
    if (this.#sending.size >= mostWaiting) {
      onFailure(new Error(`${mostWaiting} notices wait already`), to);
      return;
    }
    this.#keep(this.#sendWithRetries(send).catch((error: unknown) => onFailure(error, to)));
  }

  #keep(work: Promise<void>): void {
    const kept = work.finally(() => this.#sending.delete(kept));
    this.#sending.add(kept);
  }

  async #sendWithRetries(send: () => Promise<void>): Promise<void> {
    const { retryDelaysMs = defaultDelaysMs } = this.#options;
    for (const delay of retryDelaysMs) {
      try {
        return await send();
      } catch (error) {
        if (this.#stop.signal.aborted) throw error;
        await sleep(delay, undefined, { signal: this.#stop.signal, ref: false }).catch(() => {
          throw error;
        });
      }
    }
    return send();
  }
}

function isFailure({ run, retried }: RunTransition): boolean {
  return run.kind === 'run' && run.state === 'failed' && !retried;
}

function masked(notice: RunNotice, redact: (text: string) => string): RunNotice {
  return JSON.parse(JSON.stringify(notice), (_key, value: unknown) =>
    typeof value === 'string' ? redact(value) : value,
  ) as RunNotice;
}
