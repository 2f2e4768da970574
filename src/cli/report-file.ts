import { closeSync, openSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { ConfigurationError } from '../errors.ts';

/**
 * Makes sure, before anything is run, that a report can be written at its end.
 *
 * @throws ConfigurationError `cli.report-file`
 */
export function checkReportFile(path: string): void {
  try {
    closeSync(openSync(path, 'a'));
  } catch (cause) {
    throw new ConfigurationError('cli.report-file', `The report cannot be written to ${path}.`, {
      help: 'Its folder must be there, and you must be allowed to write in it.',
      cause,
    });
  }
}

export async function writeReport(path: string, report: object, redact: (text: string) => string): Promise<void> {
  await writeFile(path, redact(`${JSON.stringify(report, null, 2)}\n`));
}
