import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { ConfigurationError } from '../../errors.ts';
import { passingPrefix, type StateStore } from '../../state/state-store.ts';

/** Characters of a page before it is packed. */
const pageSize = 100_000;

/**
 * What the processes of one run leave for each other, in the pipeline's memory: lists of JSON values, packed a page at a
 * time. Each try at a piece of work writes lists of its own, so that a second try, or the same one twice, is no harm.
 */
export class RunPages {
  readonly #state: StateStore;
  readonly #runId: string;

  constructor(state: StateStore, runId: string) {
    this.#state = state;
    this.#runId = runId;
  }

  /** Writes a list. @returns how many pages it has: whoever reads it must know */
  async write(list: string, values: Iterable<unknown>): Promise<number> {
    let pages = 0;
    let texts: string[] = [];
    let size = 0;
    const put = async (): Promise<void> => {
      const packed = deflateRawSync(`[${texts.join(',')}]`).toString('base64');
      texts = [];
      size = 0;
      await this.#state.setMeta(this.#key(list, pages), packed);
      pages += 1;
    };
    for (const value of values) {
      const text = JSON.stringify(value);
      texts.push(text);
      size += text.length;
      if (size >= pageSize) await put();
    }
    if (texts.length > 0) await put();
    return pages;
  }

  /** A list's first value; undefined where there is no such list. */
  async find<Value>(list: string): Promise<Value | undefined> {
    const packed = await this.#state.getMeta(this.#key(list, 0));
    return packed === undefined ? undefined : unpacked<Value>(packed)[0];
  }

  /** @throws ConfigurationError `run.plan-gone` when a page is not there any more */
  async *read<Value>(list: string, pages: number): AsyncGenerator<Value[]> {
    for (let page = 0; page < pages; page += 1) {
      const packed = await this.#state.getMeta(this.#key(list, page));
      if (packed === undefined) throw planGone(this.#runId);
      yield unpacked<Value>(packed);
    }
  }

  /** Takes out what this run has left. */
  async forget(): Promise<void> {
    await this.#state.forgetMeta(prefixOf(this.#runId));
  }

  /** Takes out what every run has left: none but the one that holds the lock is under way. */
  static async forgetAll(state: StateStore): Promise<void> {
    await state.forgetMeta(passingPrefix);
  }

  #key(list: string, page: number): string {
    return `${prefixOf(this.#runId)}${list}/${page}`;
  }
}

/** What meta keys of a run begin with: no other run's do. */
export function prefixOf(runId: string): string {
  return `${passingPrefix}${encodeURIComponent(runId)}/`;
}

function unpacked<Value>(packed: string): Value[] {
  return JSON.parse(inflateRawSync(Buffer.from(packed, 'base64')).toString()) as Value[];
}

function planGone(runId: string): ConfigurationError {
  return new ConfigurationError('run.plan-gone', `The plan of the run ${runId} is not in the state store any more.`, {
    help: 'The run has ended, or another one has begun since. Begin a new run: plan, partitions, finish.',
  });
}
