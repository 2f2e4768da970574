import type { Command } from 'commander';
import { ConfigurationError } from '../errors.ts';
import type { Change } from '../reconcile/change.ts';
import { openState } from '../state/open-state.ts';
import { RunLock } from '../state/run-lock.ts';
import type { JournalRun, StateStore } from '../state/state-store.ts';
import { count, counted } from '../workflow/format-numbers.ts';
import { statePlaceOf } from '../workflow/identity.ts';
import { forgetUndo } from '../workflow/undo/undo-marks.ts';
import { findRun, UndoWorkflow } from '../workflow/undo/undo-workflow.ts';
import { createChangeOutput, type OutputFormat } from './change-output.ts';
import type { CommandContext } from './command-context.ts';
import { outputOption } from './ingest-command.ts';
import { addRecipeOption, openRecipe, type RecipeFlags } from './recipe-option.ts';
import { checkReportFile, writeReport } from './report-file.ts';
import { onStopSignals } from './stop-signals.ts';
import type { Terminal } from './terminal.ts';

interface UndoFlags extends RecipeFlags {
  readonly list?: boolean;
  readonly dryRun?: boolean;
  readonly forget?: boolean;
  readonly report?: string;
  readonly deadLetters?: string;
  readonly output: OutputFormat;
}

export function configureUndo(command: Command, context: CommandContext): void {
  addRecipeOption(command)
    .argument('[run]', 'id of the run, or its beginning; without it the last run that wrote something')
    .option('--list', 'list the runs that can be undone, and change nothing')
    .option('--dry-run', 'show what would go back, and what would stay; sends nothing')
    .option('--forget', 'let the next ingest write again what this run’s undo has taken back')
    .option('--report <file>', 'write the report as JSON (“meridian schema report”)')
    .option('--dead-letters <file>', 'where failures go; beside the state store unless set')
    .addOption(outputOption('text for people, one json document, or each change as jsonl'))
    .addHelpText('after', afterHelp)
    .action(async (run: string | undefined, flags: UndoFlags) => {
      if (flags.list) return list(flags, context.terminal);
      if (flags.forget) return forget(run, flags, context.terminal);
      return undo(run, flags, context);
    });
}

/** The runs that wrote something, the newest first. */
async function list(flags: UndoFlags, terminal: Terminal): Promise<void> {
  const recipe = await openRecipe(flags, terminal);
  const { store } = await openState(statePlaceOf(recipe, terminal.env), 'rehearse');
  try {
    const runs = (await store.listJournalRuns()).filter(({ writes }) => writes > 0);
    if (flags.output === 'json') terminal.data(`${JSON.stringify(runs, null, 2)}\n`);
    else if (flags.output === 'jsonl') for (const run of runs) terminal.data(`${JSON.stringify(run)}\n`);
    else if (runs.length === 0) terminal.note('No run has written anything yet.\n');
    else terminal.data(runs.map(runLine).join(''));
  } finally {
    await store.close();
  }
}

function runLine({ runId, startedAt, writes, undoneAt }: JournalRun): string {
  const undone = undoneAt === undefined ? '' : `  undone ${undoneAt}`;
  return `${runId}  ${startedAt}  ${counted(writes, 'write')}${undone}\n`;
}

/** Takes the marks of an undone run away. */
async function forget(run: string | undefined, flags: UndoFlags, terminal: Terminal): Promise<void> {
  if (run === undefined) {
    throw new ConfigurationError('undo.no-run', '--forget needs the id of the run whose undo shall be forgotten.', {
      help: '“meridian undo --list” shows them.',
    });
  }
  const recipe = await openRecipe(flags, terminal);
  const { runId, marks } = await changeState(recipe, terminal, async (store) => {
    const found = (await findRun(store, run))!;
    return { runId: found.runId, marks: await forgetUndo(store, found.runId) };
  });
  terminal.note(
    marks === 0
      ? `Nothing is kept undone with run ${runId}.\n`
      : `Forgotten: the next ingest decides anew about ${counted(marks, 'entity', 'entities')} undone with run ${runId}.\n`,
  );
}

async function changeState<T>(
  recipe: Awaited<ReturnType<typeof openRecipe>>,
  terminal: Terminal,
  use: (store: StateStore) => Promise<T>,
): Promise<T> {
  const { store, lock } = await openState(statePlaceOf(recipe, terminal.env), 'keep');
  try {
    const held = await RunLock.take(lock, (message) => terminal.note(`${message}\n`));
    try {
      return await use(store);
    } finally {
      await held.release();
    }
  } finally {
    await store.close();
  }
}

async function undo(run: string | undefined, flags: UndoFlags, context: CommandContext): Promise<void> {
  const { terminal } = context;
  if (flags.report !== undefined) checkReportFile(flags.report);
  const recipe = await openRecipe(flags, terminal);
  const dryRun = flags.dryRun ?? false;
  const output = createChangeOutput(flags.output, dryRun ? 'plan' : 'undo', terminal);
  const kept = keptNotes(flags.output === 'text' && !dryRun ? terminal : undefined);
  const workflow = new UndoWorkflow(recipe, {
    dryRun,
    env: terminal.env,
    onChange: (change) => {
      output.change(change);
      kept.change(change);
    },
    onWarning: (message) => terminal.note(`${terminal.notePalette.yellow('warning:')} ${message}\n`),
    ...(run !== undefined && { run }),
    ...(flags.deadLetters !== undefined && { deadLetters: flags.deadLetters }),
  });
  const signals = onStopSignals((signal) => {
    const again = signal === 'SIGINT' ? ' (Ctrl-C again ends at once)' : '';
    terminal.note(`Stopping after what is under way${again} …\n`);
    void workflow.stop();
  });
  try {
    const outcome = await workflow.execute();
    if (outcome.kind === 'nothing') terminal.note(nothingToUndo(outcome.run));
    else terminal.note(`${dryRun ? 'Would undo' : 'Undo of'} run ${runLine(outcome.run)}`);
  } finally {
    signals.release();
    if (flags.report !== undefined) {
      await writeReport(flags.report, workflow.report, (text) => terminal.redact(text));
    }
  }
  kept.end();
  // A text for people has said it all.
  if (workflow.report.undoes !== undefined || flags.output !== 'text') output.end(workflow.report);
  if (signals.exitCode !== undefined) context.exitCode = signals.exitCode;
  else workflow.raiseFromStatus();
}

function nothingToUndo(run: JournalRun | undefined): string {
  return run
    ? `Nothing to undo: run ${run.runId} was undone at ${run.undoneAt}.\n`
    : 'Nothing to undo: no run has written anything that was not undone.\n';
}

const shownKept = 50;

/** What stays is told by its name: nothing is left out in silence. */
function keptNotes(terminal: Terminal | undefined): { change(change: Change): void; end(): void } {
  let more = 0;
  let told = 0;
  return {
    change: ({ action, entityType, fqn, reason, fields }) => {
      if (!terminal) return;
      const stays = fields.filter((field) => field.action === 'keep').map(({ field }) => field);
      if (action !== 'kept' && stays.length === 0) return;
      told += 1;
      if (told > shownKept) more += 1;
      else {
        const what = stays.length > 0 ? `${stays.join(', ')}: changed since the run` : reason;
        terminal.note(`Stays: ${entityType} ${fqn}: ${what}\n`);
      }
    },
    end: () => {
      if (more > 0) terminal?.note(`… and ${count(more)} more stay (-o jsonl lists all)\n`);
    },
  };
}

const afterHelp = `
What still is as the run left it goes back to what it was; what somebody has changed since stays, and is told.
The next ingests leave all of it so until the source changes it, or until “meridian undo RUN --forget”.
Stopped or killed at any point, the same command goes on from there.

Exit codes:
  0    done, or nothing to undo
  1    finished, but something could not be undone
  2    the command line or the recipe is wrong, or no such run is remembered
  3    OpenMetadata cannot be reached or does not let us in
  130  stopped by Ctrl-C, 143 by SIGTERM; both after a clean close`;
