import { MeridianError } from '../../errors.ts';
import type { LogFields } from '../wire/task-log.ts';

/** What happened and what to do, as one text. */
export function errorText(error: unknown): string {
  if (error instanceof MeridianError) return error.help ? `${error.message} ${error.help}` : error.message;
  return `Something unexpected happened: ${error instanceof Error ? error.message : String(error)}`;
}

/** What is shown beside the text: the code, and of a mistake of our own where it happened, in the form of Airflow's pages. */
export function errorFields(error: unknown): LogFields {
  if (error instanceof MeridianError) {
    const { cause } = error;
    return { code: error.code, ...(cause instanceof Error && { cause: cause.message }) };
  }
  if (!(error instanceof Error)) return {};
  return {
    error_detail: [
      {
        exc_type: error.name,
        exc_value: error.message,
        exc_notes: [],
        syntax_error: null,
        is_cause: false,
        frames: framesOf(error.stack ?? ''),
      },
    ],
  };
}

/** `at name (file:///path/file.ts:12:3)` of V8. */
function framesOf(stack: string): readonly object[] {
  return [...stack.matchAll(/^ +at (?:(.+?) \()?(?:file:\/\/)?(.+?):(\d+):\d+\)?$/gm)].map(
    ([, name, filename, line]) => ({
      filename,
      lineno: Number(line),
      name: name ?? '<module>',
    }),
  );
}
