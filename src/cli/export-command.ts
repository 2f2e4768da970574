import type { Command } from 'commander';
import type { LoadedRecipe } from '../config/load-recipe.ts';
import { type ExportProgress, type ExportSummary, exportRecords } from '../workflow/export-records.ts';
import { count } from '../workflow/format-numbers.ts';
import { heapThrift } from '../workflow/heap-thrift.ts';
import type { Progress } from '../workflow/progress.ts';
import { RunFailedError } from '../workflow/raise-from-report.ts';
import type { CommandContext } from './command-context.ts';
import { ExportFile } from './export-file.ts';
import { ProgressLine } from './progress-line.ts';
import { addRecipeOption, openRecipe, type RecipeFlags } from './recipe-option.ts';
import { onStopSignals } from './stop-signals.ts';

interface ExportFlags extends RecipeFlags {
  /** Standard output unless set. */
  readonly output?: string;
}

export function configureExport(command: Command, context: CommandContext): void {
  addRecipeOption(command)
    .option('-o, --output <file>', 'where the records go; standard output unless set')
    .addHelpText('after', '\nA recipe with “source: {type: File}” reads the file back. OpenMetadata is not written to.')
    .action((flags: ExportFlags) => runExport(flags, context));
}

/** @throws MeridianError when nothing could be exported, RunFailedError when a part is missing from what was */
async function runExport(flags: ExportFlags, context: CommandContext): Promise<void> {
  const { terminal } = context;
  const recipe = await openRecipe(flags, terminal, { work: 'metadata' });
  const file = flags.output === undefined ? undefined : await ExportFile.open(flags.output);
  const abort = new AbortController();
  const progress = new ProgressLine(terminal, { live: file !== undefined || !terminal.dataIsShown });
  const signals = onStopSignals(() => abort.abort(new DOMException('The export was stopped.', 'AbortError')));
  const write = async (line: string): Promise<void> => {
    if (file) return file.write(line);
    // Whoever read along has gone: `meridian export | head`.
    if (!(await terminal.record(line))) abort.abort(new DOMException('Nobody reads along.', 'AbortError'));
  };
  let kept = false;
  try {
    const onProgress = progressOf(progress);
    const summary = await exportRecords(recipe, { env: terminal.env, signal: abort.signal, write, onProgress });
    await file?.keep();
    kept = true;
    progress.end();
    terminal.note(`${summaryText(summary, flags.output)}\n`);
    raise(summary, recipe);
  } catch (error) {
    if (!abort.signal.aborted) throw error;
    context.exitCode = signals.exitCode ?? 0;
  } finally {
    progress.end();
    signals.release();
    if (!kept) await file?.discard();
  }
}

function progressOf(line: ProgressLine): (progress: ExportProgress) => void {
  const startedAt = Date.now();
  const thrift = heapThrift();
  return ({ kind, done, total }) => {
    if (kind === 'gone') return;
    const now: Progress = {
      stage: 'reading',
      entityType: kind,
      done,
      ...(total !== undefined && { total }),
      ...{ created: 0, updated: 0, unchanged: 0, failed: 0 },
      elapsedSeconds: (Date.now() - startedAt) / 1000,
    };
    thrift();
    line.update(now);
  };
}

function summaryText({ records, filtered, failed }: ExportSummary, output: string | undefined): string {
  const kinds = Object.entries(records).map(([kind, n]) => `${kind} ${count(n)}`);
  const more = [filtered > 0 && `filtered ${count(filtered)}`, failed > 0 && `failed ${count(failed)}`].filter(Boolean);
  return `Exported${output === undefined ? '' : ` to ${output}`}: ${[...kinds, ...more].join(', ') || 'nothing'}.`;
}

/** The same judgement as of an ingest: what is missing makes the command fail, after it has written what there is. */
function raise({ assets, failed, partial }: ExportSummary, { settings }: LoadedRecipe): void {
  if (!settings.raiseOnError) return;
  if (assets === 0) {
    throw new RunFailedError('run.failed', 'Nothing was read: the source has no entity that this recipe asks for.', {
      help: 'Check entity_type and the filters of the recipe, and whether its user may read these entities.',
    });
  }
  if (failed > 0) {
    throw new RunFailedError(
      'run.failed',
      `Not everything could be read; these kinds are partial: ${partial.join(', ')}.`,
      {
        help: 'The file says so too: what is missing from it is never taken for gone. Export again for the rest.',
      },
    );
  }
}
