/**
 * `npm start`: brings the sample warehouse from a stand-in of Atlas into a stand-in of OpenMetadata with the real
 * ingest, and leaves both up for a look. `--once` ends after the ingest, with its exit code.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ProgressLine } from '../src/cli/progress-line.ts';
import { exitCodeOf, renderError } from '../src/cli/render-error.ts';
import { onStopSignals } from '../src/cli/stop-signals.ts';
import { Terminal } from '../src/cli/terminal.ts';
import { formatStatus } from '../src/workflow/format-status.ts';
import { Workflow } from '../src/workflow/workflow.ts';
import { demoRecipe, tokenVariable } from './demo-recipe.ts';
import { type Sandbox, startSandbox } from './start-sandbox.ts';

const { once } = parseArgs({ options: { once: { type: 'boolean', default: false } } }).values;
const terminal = new Terminal({ stdout: process.stdout, stderr: process.stderr, env: process.env });
// The demo remembers nothing: each start is a first run into an empty server.
const home = await mkdtemp(join(tmpdir(), 'meridian-demo-'));
const recipe = join(home, 'recipe.json');
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
  try {
    await writeFile(recipe, JSON.stringify(demoRecipe(stands), null, 2));
    workflow = await Workflow.create(recipe, {
      env: { ...process.env, MERIDIAN_HOME: home, [tokenVariable]: stands.token },
      onProgress: (now) => progress.update(now),
    });
    await workflow.execute();
    progress.end();
    terminal.data(`${formatStatus(workflow.report, terminal.dataPalette)}\n`);
    workflow.raiseFromStatus();
    return 0;
  } catch (error) {
    progress.end();
    terminal.note(renderError(error, { palette: terminal.notePalette, verbose: false }));
    return exitCodeOf(error);
  }
}

function tellWhere({ atlas, openmetadata, token }: Sandbox): void {
  terminal.data(
    [
      '',
      `What was created   ${new URL('/', openmetadata.url)}   (a stand-in of OpenMetadata)`,
      `Where it is from   ${atlas.url}   (a stand-in of Atlas; admin / admin)`,
      '',
      'Run it again from another terminal; this plan finds that everything is in step:',
      '',
      `  export MERIDIAN_HOME=${home} ${tokenVariable}=${token}`,
      `  npx meridian plan -c ${recipe}`,
      '',
      'Ctrl-C ends both; nothing of it stays.',
      '',
    ].join('\n'),
  );
}
