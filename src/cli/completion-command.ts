import { Argument, type Command } from 'commander';
import type { CommandContext } from './command-context.ts';
import { completionScript, type Shell, shells } from './completion-script.ts';

export function configureCompletion(command: Command, context: CommandContext): void {
  command
    .addArgument(new Argument('<shell>', 'the shell to complete in').choices(shells))
    .addHelpText('after', examples)
    .action(async (shell: Shell) => {
      const { createProgram } = await import('./program.ts');
      const program = await createProgram({ argv: [], context, whole: true });
      context.terminal.data(completionScript(shell, program));
    });
}

const examples = `
  bash: meridian completion bash > ~/.local/share/bash-completion/completions/meridian
  zsh:  meridian completion zsh > "\${fpath[1]}/_meridian"
  fish: meridian completion fish > ~/.config/fish/completions/meridian.fish`;
