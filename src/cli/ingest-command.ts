import { type Command, InvalidArgumentError, Option } from 'commander';
import { outputFormats } from './change-output.ts';
import type { CommandContext } from './command-context.ts';
import { addRecipeOption } from './recipe-option.ts';
import { type RunFlags, runWorkflow } from './run-workflow.ts';

export function configureIngest(command: Command, context: CommandContext): void {
  addRecipeOption(command)
    .option('--dry-run', 'the same as “meridian plan”: decide everything, send nothing')
    .addOption(fullOption())
    .addOption(incrementalOption())
    .addOption(
      new Option(
        '--allow-deletes <percent>',
        'so much of a kind may be deleted in this run; prints the list first',
      ).argParser(percent),
    )
    .option('--report <file>', 'write the report as JSON (“meridian schema report”)')
    .option('--dead-letters <file>', 'where refused requests go; beside the state store unless set')
    .addOption(outputOption('summary as text, the report as json, or each change as jsonl'))
    .addHelpText('after', exitCodes)
    .action((flags: RunFlags) => runWorkflow(flags, context));
}

/** `30` or `30%`. */
function percent(text: string): number {
  const value = Number(/^(\d{1,3}(?:\.\d+)?)%?$/.exec(text.trim())?.[1]);
  if (!(value <= 100)) throw new InvalidArgumentError('Give a share from 0 to 100, such as 30%.');
  return value;
}

/** `--full`, of everything that runs. */
export function fullOption(): Option {
  return new Option('--full', 'read everything at the source, whatever the recipe says').conflicts('incremental');
}

/** `--incremental` */
export function incrementalOption(): Option {
  return new Option('--incremental', 'read only what has changed since the last run without a failure');
}

/** `-o text|json|jsonl` */
export function outputOption(description: string): Option {
  return new Option('-o, --output <format>', description).choices([...outputFormats]).default('text');
}

const exitCodes = `
Exit codes:
  0    done
  1    finished, with more failures than successThreshold and raiseOnError allow
  2    the command line or the recipe is wrong; nothing was contacted
  3    a server cannot be reached or does not let us in
  4    a guard kept entities that are gone from being deleted; the rest was done
  130  stopped by Ctrl-C, 143 by SIGTERM; both after a clean close`;
