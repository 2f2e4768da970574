/**
 * `npm start`: brings the sample warehouse from a stand-in of Atlas into a stand-in of OpenMetadata with the real
 * ingest, and leaves both up for a look. `--once` ends after the ingest, with its exit code.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ProgressLine } from '../src/cli/progress-line.ts';
import { onStopSignals } from '../src/cli/stop-signals.ts';
import { Terminal } from '../src/cli/terminal.ts';
import { MeridianError } from '../src/errors.ts';
import { Workflow } from '../src/workflow/workflow.ts';
import { demoRecipe } from './demo-recipe.ts';
import { type Sandbox, startSandbox } from './start-sandbox.ts';

const { once } = parseArgs({ options: { once: { type: 'boolean', default: false } } }).values;
const terminal = new Terminal({ stdout: process.stdout, stderr: process.stderr, env: process.env });
// The demo remembers nothing: each start is a first run into an empty server.
const home = await mkdtemp(join(tmpdir(), 'meridian-demo-'));
const asked = Promise.withResolvers<void>();
let workflow: Workflow | undefined;
const signals = onStopSignals(() => {
  void workflow?.stop();
  asked.resolve();
});
let sandbox: Sandbox | undefined;
try {
  sandbox = await startSandbox();
  const failed = await ingest(sandbox);
  if (failed) process.exitCode = failed;
  if (!once && signals.exitCode === undefined) {
    tellWhere(sandbox);
    // Only a signal ends the wait; the servers keep the process alive.
    await asked.promise;
  }
  if (once && signals.exitCode !== undefined) process.exitCode = signals.exitCode;
} finally {
  signals.release();
  await sandbox?.close();
  await rm(home, { recursive: true, force: true });
}

/** @returns the exit code */
async function ingest(stands: Sandbox): Promise<number> {
  terminal.note('Stand-ins of Apache Atlas and OpenMetadata are up; ingesting the sample warehouse.\n\n');
  const progress = new ProgressLine(terminal);
  workflow = await Workflow.create(demoRecipe(stands), {
    env: { ...process.env, MERIDIAN_HOME: home },
    onProgress: (now) => progress.update(now),
  });
  try {
    await workflow.execute();
    progress.end();
    workflow.printStatus();
    workflow.raiseFromStatus();
    return 0;
  } catch (error) {
    progress.end();
    if (!(error instanceof MeridianError)) throw error;
    terminal.note(`${error.message}${error.help ? `\n${error.help}` : ''} (${error.code})\n`);
    return error.exitCode;
  }
}

function tellWhere({ atlas, openmetadata }: Sandbox): void {
  terminal.data(
    [
      '',
      `What was created   ${new URL('/', openmetadata.url)}   (a stand-in of OpenMetadata)`,
      `Where it is from   ${atlas.url}   (a stand-in of Atlas; admin / admin)`,
      '',
      'Ctrl-C ends both; nothing of it stays.',
      '',
    ].join('\n'),
  );
}
