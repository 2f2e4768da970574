import type { Command } from 'commander';
import type { CommandContext } from './command-context.ts';
import { fullOption, incrementalOption, outputOption } from './ingest-command.ts';
import { addRecipeOption } from './recipe-option.ts';
import { type RunFlags, runWorkflow } from './run-workflow.ts';

export function configurePlan(command: Command, context: CommandContext): void {
  addRecipeOption(command)
    .addOption(fullOption())
    .addOption(incrementalOption())
    .option('--report <file>', 'write the report as JSON (“meridian schema report”)')
    .addOption(outputOption('text for people, one json document, or each change as jsonl'))
    .addHelpText('after', '\n“meridian ingest” does exactly what the plan shows.')
    .action((flags: RunFlags) => runWorkflow({ ...flags, dryRun: true }, context));
}
