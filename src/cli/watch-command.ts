import type { Command } from 'commander';
import { counted, duration } from '../workflow/format-numbers.ts';
import type { RunReport } from '../workflow/report.ts';
import type { WatchReport } from '../workflow/watch-report.ts';
import type { CommandContext } from './command-context.ts';
import { ProgressLine } from './progress-line.ts';
import { addRecipeOption, openRecipe, type RecipeFlags } from './recipe-option.ts';
import { checkReportFile, writeReport } from './report-file.ts';
import { onStopSignals } from './stop-signals.ts';

interface WatchFlags extends RecipeFlags {
  readonly report?: string;
  readonly deadLetters?: string;
}

export function configureWatch(command: Command, context: CommandContext): void {
  addRecipeOption(command)
    .option('--report <file>', 'write what was done as JSON at the end (“meridian schema watch”)')
    .option('--dead-letters <file>', 'where refused requests go; beside the state store unless set')
    .addHelpText('after', afterHelp)
    .action((flags: WatchFlags) => watch(flags, context));
}

const afterHelp = `
Begins with an incremental run, then applies what Apache Atlas tells on its topic, within seconds.
Runs until Ctrl-C or SIGTERM. Needs meridian.watch.brokers in the recipe.`;

async function watch(flags: WatchFlags, context: CommandContext): Promise<void> {
  const { terminal } = context;
  if (flags.report !== undefined) checkReportFile(flags.report);
  const recipe = await openRecipe(flags, terminal, { work: 'metadata' });
  const { Watcher } = await import('../workflow/watcher.ts');
  let progress: ProgressLine | undefined;
  const note = (text: string): void => {
    progress?.end();
    progress = undefined;
    terminal.note(`${new Date().toISOString().slice(11, 19)}  ${text}\n`);
  };
  const watcher = await Watcher.create(recipe, {
    env: terminal.env,
    onNote: note,
    onProgress: (now) => {
      progress ??= new ProgressLine(terminal);
      progress.update(now);
    },
    onRun: (run, changes) => note(runLine(run, changes)),
    ...(flags.deadLetters !== undefined && { deadLetters: flags.deadLetters }),
  });
  const signals = onStopSignals((signal) => {
    note(`Stopping after what is under way${signal === 'SIGINT' ? ' (Ctrl-C again ends at once)' : ''} …`);
    void watcher.stop();
  });
  try {
    await watcher.execute();
  } finally {
    progress?.end();
    signals.release();
    if (flags.report !== undefined) {
      await writeReport(flags.report, watcher.report, (text) => terminal.redact(text));
    }
  }
  terminal.data(`${endLine(watcher.report)}\n`);
  if (signals.exitCode !== undefined) context.exitCode = signals.exitCode;
}

/** One run, in a line. */
function runLine(run: RunReport, changes: number | undefined): string {
  const what =
    changes === undefined ? `${run.reading === 'full' ? 'Full' : 'Incremental'} run` : counted(changes, 'change');
  const parts = (['created', 'updated', 'restored', 'deleted', 'failed'] as const).flatMap((key) => {
    const sum = Object.values(run.stages).reduce((total, stage) => total + stage[key], 0);
    return sum > 0 ? [`${key} ${sum}`] : [];
  });
  const outcome = parts.length > 0 ? parts.join(', ') : 'everything was in step';
  return `${what}: ${outcome}, ${duration(run.seconds)}.`;
}

function endLine(report: WatchReport): string {
  const { runs } = report;
  const seconds = (Date.parse(report.endedAt) - Date.parse(report.startedAt)) / 1000;
  const took = [
    runs.changes > 0 && counted(runs.changes, 'run'),
    runs.incremental > 0 && `${runs.incremental} incremental`,
    runs.full > 0 && `${runs.full} full`,
  ].filter(Boolean);
  return [
    `Watched for ${duration(seconds)}: ${counted(report.changes, 'change')} in ${counted(report.messages, 'message')},`,
    `${took.join(', ') || 'no runs'}, ${counted(report.writes, 'write')}, ${counted(report.failureCount, 'failure')}.`,
  ].join(' ');
}
