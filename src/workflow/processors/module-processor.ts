import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ConfigurationError, RecordError } from '../../errors.ts';
import type { SourceRecord } from '../../model/records.ts';
import type { Processor } from './processor.ts';

/** What a user's module exports by default: the record to go on with, or nothing to drop it. */
export type RecordFunction = (record: SourceRecord) => SourceRecord | undefined | Promise<SourceRecord | undefined>;

/** Runs a user's own module over each record. */
export class ModuleProcessor implements Processor {
  readonly name: string;
  readonly #call: RecordFunction;

  private constructor(name: string, call: RecordFunction) {
    this.name = name;
    this.#call = call;
  }

  /**
   * @param path file of the module (JavaScript or TypeScript)
   * @param baseDirectory what a relative path starts from: the recipe's folder
   * @throws ConfigurationError `processor.module` when it cannot be loaded or exports no function
   */
  static async load(path: string, baseDirectory: string): Promise<ModuleProcessor> {
    const file = resolve(baseDirectory, path);
    let exported: { default?: unknown };
    try {
      exported = await import(pathToFileURL(file).href);
    } catch (cause) {
      throw new ConfigurationError(
        'processor.module',
        `The processor module ${path} cannot be loaded: ${text(cause)}`,
        {
          help: 'The path is relative to the recipe. The module must be an ES module that exports a function by default.',
          cause,
        },
      );
    }
    if (typeof exported.default !== 'function') {
      throw new ConfigurationError('processor.module', `The processor module ${path} does not export a function.`, {
        help: 'Write `export default (record) => record`; a record that is not returned is left out.',
      });
    }
    return new ModuleProcessor(`module ${path}`, exported.default as RecordFunction);
  }

  /** @throws RecordError `processor.failed`, `processor.bad-result` */
  async process(record: SourceRecord): Promise<SourceRecord | undefined> {
    let result: unknown;
    try {
      result = await this.#call(record);
    } catch (cause) {
      throw new RecordError('processor.failed', `The processor ${this.name} threw: ${text(cause)}`, { cause });
    }
    if (result === undefined || result === null) return undefined;
    if (!isRecordOf(record.kind, result)) {
      throw new RecordError(
        'processor.bad-result',
        `The processor ${this.name} did not return a ${record.kind} record.`,
        {
          help: 'Return the record itself, a changed copy of it, or nothing to leave it out.',
        },
      );
    }
    return result;
  }
}

function isRecordOf(kind: SourceRecord['kind'], value: unknown): value is SourceRecord {
  if (typeof value !== 'object' || value === null) return false;
  const record = value as Readonly<Record<string, unknown>>;
  const isPath = (path: unknown): boolean =>
    Array.isArray(path) && path.length > 0 && path.every((part) => typeof part === 'string' && part !== '');
  if (record['kind'] !== kind) return false;
  const isEnd = (end: unknown): boolean => isPath((end as { readonly path?: unknown } | undefined)?.path);
  return kind === 'lineage' ? isEnd(record['from']) && isEnd(record['to']) : isPath(record['path']);
}

function text(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
