import type { Command } from 'commander';
import type { Terminal } from './terminal.ts';

/** What a command gets from the command line that runs it. */
export interface CommandContext {
  readonly terminal: Terminal;
  /** Set by a command that ends with something else than 0. */
  exitCode: number;
}

/** A command as listed in the help; its code is loaded when it is asked for. */
export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  /** For other programs: it stands in no help. */
  readonly hidden?: boolean;
  /** Adds options, arguments and the action to the empty command. */
  readonly configure: (command: Command, context: CommandContext) => Promise<void>;
}
