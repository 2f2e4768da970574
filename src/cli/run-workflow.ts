import { entityWords } from '../workflow/entity-words.ts';
import { heapThrift } from '../workflow/heap-thrift.ts';
import { Workflow } from '../workflow/workflow.ts';
import { createChangeOutput, type OutputFormat } from './change-output.ts';
import type { CommandContext } from './command-context.ts';
import { ProgressLine } from './progress-line.ts';
import { openRecipe, type RecipeFlags, type RecipeWork } from './recipe-option.ts';
import { checkReportFile, writeReport } from './report-file.ts';
import { onStopSignals } from './stop-signals.ts';

export interface RunFlags extends RecipeFlags {
  /** Plan instead of ingest. */
  readonly dryRun?: boolean;
  /** File for the report. */
  readonly report?: string;
  readonly deadLetters?: string;
  readonly full?: boolean;
  readonly incremental?: boolean;
  /** Percent. */
  readonly allowDeletes?: number;
  readonly output: OutputFormat;
}

/**
 * Runs an ingest, a plan or a profile with everything that a command line shows of it, and sets the exit code.
 *
 * @throws MeridianError when the run could not be had at all; its report has been written all the same
 */
export async function runWorkflow(
  flags: RunFlags,
  context: CommandContext,
  work: RecipeWork = 'metadata',
): Promise<void> {
  const { terminal } = context;
  if (flags.report !== undefined) checkReportFile(flags.report);
  const recipe = await openRecipe(flags, terminal, { work });
  const dryRun = flags.dryRun ?? false;
  const output = createChangeOutput(
    flags.output,
    work === 'profile' ? 'profile' : dryRun ? 'plan' : 'ingest',
    terminal,
  );
  const progress = new ProgressLine(terminal, { live: !(output.streams && terminal.dataIsShown) });
  const thrift = heapThrift();
  const workflow = await Workflow.create(recipe, {
    dryRun,
    env: terminal.env,
    onChange: (change) => output.change(change),
    onProgress: (now) => {
      thrift();
      progress.update(now);
      terminal.observer?.progress(now);
    },
    ...(flags.allowDeletes !== undefined && {
      allowDeletes: flags.allowDeletes,
      onDeletion: (kind, name) => progress.note(`Will be deleted (softly): ${entityWords[kind].one} ${name}`),
    }),
    ...(flags.deadLetters !== undefined && { deadLetters: flags.deadLetters }),
    ...(flags.full && { reading: 'full' }),
    ...(flags.incremental && { reading: 'incremental' }),
  });
  const signals = onStopSignals((signal) => {
    const again = signal === 'SIGINT' ? ' (Ctrl-C again ends at once)' : '';
    progress.note(`Stopping after what is under way${again} …`);
    void workflow.stop();
  });
  try {
    await workflow.execute();
  } finally {
    progress.end();
    signals.release();
    if (flags.report !== undefined) {
      await writeReport(flags.report, workflow.report, (text) => terminal.redact(text));
    }
  }
  output.end(workflow.report);
  if (signals.exitCode !== undefined) context.exitCode = signals.exitCode;
  else workflow.raiseFromStatus();
}
