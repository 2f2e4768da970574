/**
 * `npm start`: stand-ins of Atlas and OpenMetadata, and the service with its console between them, with the sample
 * warehouse ingested by a pipeline of the service, and profiled by another. `--once` runs the bare ingest instead, and ends with its exit code.
 */
import { randomBytes } from 'node:crypto';
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
import { demoProfileRecipe, demoRecipe, tokenVariable } from './demo-recipe.ts';
import { type DemoService, startDemoService } from './demo-service.ts';
import { type Sandbox, startSandbox } from './start-sandbox.ts';

const options = { once: { type: 'boolean', default: false }, port: { type: 'string', default: '8586' } } as const;
const { once, port } = parseArgs({ options }).values;
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
let service: DemoService | undefined;
try {
  sandbox = await startSandbox();
  await writeFile(recipe, JSON.stringify(demoRecipe(sandbox), null, 2));
  terminal.note('Stand-ins of Apache Atlas and OpenMetadata are up; ingesting the sample warehouse.\n\n');
  const failed = once ? await ingest(sandbox) : await serveIt(sandbox);
  if (failed) process.exitCode = failed;
  if (!once && !failed && signals.exitCode === undefined) {
    tellWhere(sandbox, service!);
    // Only a signal ends the wait; the servers keep the process alive.
    await asked.promise;
  }
  if (once && signals.exitCode !== undefined) process.exitCode = signals.exitCode;
} finally {
  signals.release();
  await service?.close();
  await sandbox?.close();
  await rm(home, { recursive: true, force: true });
}

/** The ingest as “meridian ingest” runs it. @returns the exit code */
async function ingest({ token }: Sandbox): Promise<number> {
  const progress = new ProgressLine(terminal);
  return told(async () => {
    workflow = await Workflow.create(recipe, {
      env: { ...process.env, MERIDIAN_HOME: home, [tokenVariable]: token },
      onProgress: (now) => progress.update(now),
    });
    try {
      await workflow.execute();
    } finally {
      progress.end();
    }
    terminal.data(`${formatStatus(workflow.report, terminal.dataPalette)}\n`);
    workflow.raiseFromStatus();
  });
}

/** The service with its console, and a first run of the pipeline by it. @returns the exit code */
function serveIt(stands: Sandbox): Promise<number> {
  return told(async () => {
    service = await startDemoService({
      home,
      port: Number(port),
      env: { ...process.env, MERIDIAN_HOME: home, [tokenVariable]: stands.token },
      recipe: demoRecipe(stands),
      profileRecipe: demoProfileRecipe(stands),
      password: randomBytes(9).toString('base64url'),
      note: (text) => terminal.note(`${text}\n`),
    });
    const report = await service.firstRun(asked.promise);
    if (report) terminal.data(`${formatStatus(report, terminal.dataPalette)}\n`);
  });
}

async function told(work: () => Promise<void>): Promise<number> {
  try {
    await work();
    return 0;
  } catch (error) {
    terminal.note(renderError(error, { palette: terminal.notePalette, verbose: false }));
    return exitCodeOf(error);
  }
}

function tellWhere({ atlas, openmetadata, token }: Sandbox, { url, password }: DemoService): void {
  terminal.data(
    [
      '',
      `The console        ${url}   (sign in: demo / ${password})`,
      `What was created   ${new URL('/', openmetadata.url)}   (a stand-in of OpenMetadata)`,
      `Where it is from   ${atlas.url}   (a stand-in of Atlas; admin / admin)`,
      '',
      'The same from another terminal; this plan finds that everything is in step:',
      '',
      `  export MERIDIAN_HOME=${home} ${tokenVariable}=${token}`,
      `  npx meridian plan -c ${recipe}`,
      '',
      'Ctrl-C ends all of it; nothing of it stays.',
      '',
    ].join('\n'),
  );
}
