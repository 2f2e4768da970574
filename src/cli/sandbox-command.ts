import { type Command, CommanderError } from 'commander';
import { createSandboxCommand } from '../../sandbox/sandbox-command.ts';
import { ConfigurationError } from '../errors.ts';
import type { CommandContext } from './command-context.ts';

/** The stand-ins bring a command of their own; it takes its place here, with its options and help. */
export function configureSandbox(command: Command, _context: CommandContext): void {
  const own = createSandboxCommand().exitOverride();
  command.description(`${own.description()}.`);
  for (const option of own.options) command.addOption(option);
  command.action(async (_flags: unknown, given: Command) => {
    const argumentsOfOwn = given.parent!.args.slice(1);
    try {
      await own.parseAsync(argumentsOfOwn, { from: 'user' });
    } catch (cause) {
      if (cause instanceof CommanderError) throw cause;
      const message = cause instanceof Error ? cause.message : String(cause);
      throw new ConfigurationError('sandbox.options', `The stand-ins cannot start: ${message}`, { cause });
    }
  });
}
