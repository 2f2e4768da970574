import type { Command } from 'commander';
import type { CommandContext } from './command-context.ts';
import { addRecipeOption, openRecipe, type RecipeFlags } from './recipe-option.ts';

interface Flags extends RecipeFlags {
  readonly started: string;
  readonly ended: string;
  readonly reason: string;
}

/** What an engine runs for a run whose process has gone without a word. Not for people: it stands in no help. */
export function configureTellLost(command: Command, { terminal }: CommandContext): void {
  addRecipeOption(command)
    .requiredOption('--started <ms>', 'when the run began')
    .requiredOption('--ended <ms>', 'when it was found to have ended')
    .requiredOption('--reason <text>', 'why')
    .action(async (flags: Flags) => {
      const { tellLost } = await import('../workflow/tell-lost.ts');
      const { started, ended, reason } = flags;
      const lost = { startedAt: Number(started), endedAt: Number(ended), reason };
      const told = await tellLost(await openRecipe(flags, terminal), lost);
      terminal.note(told ? 'OpenMetadata was told that the run has failed.\n' : 'There was nothing to tell.\n');
    });
}
