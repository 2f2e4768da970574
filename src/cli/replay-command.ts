import type { Command } from 'commander';
import type { Redactor } from '../config/redactor.ts';
import type { ServerConfig } from '../openmetadata/server-config.ts';
import type { DeadLetter } from '../workflow/dead-letters.ts';
import { count } from '../workflow/format-numbers.ts';
import type { CommandContext } from './command-context.ts';
import { openReplayTarget } from './open-replay-target.ts';
import { addRecipeOption, openRecipe, type RecipeFlags } from './recipe-option.ts';
import { replayFile } from './replay-file.ts';

/** Where replayed requests go. */
export interface ReplayTarget {
  /** Throws AuthenticationError or ConnectionError when it is no use going on, ResponseError for a refusal. */
  send(request: NonNullable<DeadLetter['request']>): Promise<void>;
  close(): Promise<void>;
}

export type OpenReplayTarget = (server: ServerConfig, redactor: Pick<Redactor, 'redact' | 'learn'>) => ReplayTarget;

export function configureReplay(
  command: Command,
  context: CommandContext,
  open: OpenReplayTarget = openReplayTarget,
): void {
  const { terminal } = context;
  addRecipeOption(command)
    .argument('<file>', 'a dead-letter file; what goes well is taken out of it')
    .action(async (file: string, flags: RecipeFlags) => {
      const { settings, redactor } = await openRecipe(flags, terminal);
      const target = open(settings.openMetadata, redactor);
      try {
        const outcome = await replayFile(file, target, (letter, reason) =>
          terminal.note(`${letter.entityType} ${letter.name}: ${reason}\n`),
        );
        terminal.data(`${count(outcome.sent)} sent, ${count(outcome.left)} left in ${file}.\n`);
        if (outcome.left > 0) context.exitCode = 1;
      } finally {
        await target.close();
      }
    });
}
