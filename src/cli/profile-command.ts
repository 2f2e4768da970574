import type { Command } from 'commander';
import type { CommandContext } from './command-context.ts';
import { outputOption } from './ingest-command.ts';
import { addRecipeOption } from './recipe-option.ts';
import { type RunFlags, runWorkflow } from './run-workflow.ts';

export function configureProfile(command: Command, context: CommandContext): void {
  addRecipeOption(command)
    .option('--dry-run', 'only say which tables would be profiled; asks the source nothing, sends nothing')
    .option('--report <file>', 'write the report as JSON (“meridian schema report”)')
    .option('--dead-letters <file>', 'where refused requests go; beside the state store unless set')
    .addOption(outputOption('summary as text, the report as json, or each table as jsonl'))
    .addHelpText('after', exitCodes)
    .action((flags: RunFlags) => runWorkflow(flags, context, 'profile'));
}

const exitCodes = `
The recipe’s sourceConfig.config.type is Profiler, or AutoClassification (docs/profiler.md).

Exit codes:
  0    done
  1    more failures than successThreshold and raiseOnError allow, or nothing was profiled
  2    the command line or the recipe is wrong; nothing was contacted
  3    a server cannot be reached or does not let us in
  130  stopped by Ctrl-C, 143 by SIGTERM; what was profiled by then stays`;
