import { Command } from 'commander';
import type { CommandContext } from './command-context.ts';
import { commands } from './commands.ts';
import { version } from './version.ts';

export interface ProgramOptions {
  readonly argv: readonly string[];
  readonly context: CommandContext;
  /** Load every command, not just the one that is asked for (completion). */
  readonly whole?: boolean;
}

/** The command line as commander sees it: all commands by name, with the wanted one's options. */
export async function createProgram({ argv, context, whole = false }: ProgramOptions): Promise<Command> {
  const { terminal } = context;
  const program = new Command('meridian')
    .description('Keeps OpenMetadata in step with what Apache Atlas knows.')
    .option('--verbose', 'show stack traces with errors')
    .option('--no-color', 'no colours (NO_COLOR=1 does the same)')
    .version(version(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show help; also: meridian <command> --help')
    .helpCommand('help [command]', 'show help of a command')
    .showSuggestionAfterError(true)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.data(text),
      writeErr: (text) => terminal.note(text),
      outputError: (text, write) => write(withHelp(text, 'meridian')),
    })
    .on('option:verbose', () => {
      terminal.verbose = true;
    })
    .on('option:no-color', () => terminal.disableColours())
    .addHelpText('after', '\nA first try:  meridian sandbox   and   meridian plan -c recipe.yaml');
  const wanted = argv.filter((argument) => !argument.startsWith('-'));
  const name = wanted[0] === 'help' ? wanted[1] : wanted[0];
  for (const entry of commands) {
    if (whole && entry.hidden) continue;
    const command = program
      .command(entry.name, { hidden: entry.hidden ?? false })
      .summary(entry.summary)
      .description(sentence(entry.summary));
    command.configureOutput({ outputError: (text, write) => write(withHelp(text, `meridian ${entry.name}`)) });
    if (whole || entry.name === name) await entry.configure(command, context);
  }
  return program;
}

function sentence(summary: string): string {
  return `${summary[0]!.toUpperCase()}${summary.slice(1)}.`;
}

function withHelp(error: string, command: string): string {
  return error.startsWith('error:') ? `${error.trimEnd()}\n  “${command} --help” lists what there is.\n` : error;
}
