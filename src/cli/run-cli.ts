import { CommanderError } from 'commander';
import type { CommandContext } from './command-context.ts';
import { createProgram } from './program.ts';
import { exitCodeOf, renderError } from './render-error.ts';
import type { Terminal } from './terminal.ts';

/** Says on standard error what went wrong. */
export function noteError(error: unknown, terminal: Terminal): void {
  const redact = (text: string): string => terminal.redact(text);
  terminal.observer?.error(error);
  terminal.note(renderError(error, { palette: terminal.notePalette, verbose: terminal.verbose, redact }));
}

/**
 * Runs one command line.
 *
 * @param argv without the program's own name: `['plan', '-c', 'recipe.yaml']`
 * @returns the exit code; never throws
 */
export async function runCli(argv: readonly string[], terminal: Terminal): Promise<number> {
  const context: CommandContext = { terminal, exitCode: 0 };
  try {
    const program = await createProgram({ argv, context });
    await program.parseAsync([...argv], { from: 'user' });
    return context.exitCode;
  } catch (error) {
    // Commander has printed its own message already; whatever it stops for but help is a wrong use.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    noteError(error, terminal);
    return exitCodeOf(error);
  }
}
