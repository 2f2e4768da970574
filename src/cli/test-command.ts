import type { Command } from 'commander';
import { createSource } from '../connectors/connectors.ts';
import type { SourceCheck } from '../connectors/source.ts';
import { OpenMetadataClient } from '../openmetadata/openmetadata-client.ts';
import { OpenMetadataTarget } from '../openmetadata/openmetadata-target.ts';
import { statePlaceOf } from '../workflow/identity.ts';
import { checkMemory } from './check-memory.ts';
import { checkTarget } from './check-target.ts';
import type { CommandContext } from './command-context.ts';
import { addRecipeOption, openRecipe, type RecipeFlags } from './recipe-option.ts';
import type { Terminal } from './terminal.ts';

export function configureTest(command: Command, context: CommandContext): void {
  addRecipeOption(command).action((flags: RecipeFlags) => testConnections(flags, context));
}

/** Checks source, target and memory step by step. Exit code 3 when one cannot be reached or does not let us in, else 1. */
async function testConnections(flags: RecipeFlags, context: CommandContext): Promise<void> {
  const { terminal } = context;
  const recipe = await openRecipe(flags, terminal);
  const { settings } = recipe;
  const signal = new AbortController().signal;
  const redact = (text: string): string => terminal.redact(text);
  const client = new OpenMetadataClient(settings.openMetadata, {
    redact,
    learn: (secret) => recipe.redactor.learn(secret),
  });
  const fail = (exitCode: number): void => {
    context.exitCode = Math.max(context.exitCode, exitCode);
  };
  try {
    const unreachable = { databases: async () => undefined };
    let targetNames: OpenMetadataTarget | undefined;
    for await (const check of checkTarget(client, settings, signal)) {
      show(check, terminal);
      if (!check.ok) fail(check.exitCode);
      else targetNames ??= new OpenMetadataTarget(client, signal);
    }
    const source = await createSource(settings, { redact, targetNames: targetNames ?? unreachable });
    try {
      let reached = false;
      for await (const check of source.test(signal)) {
        show(check, terminal);
        reached ||= check.ok;
        if (!check.ok) fail(reached ? 1 : 3);
      }
    } finally {
      await source.close();
    }
    if (settings.watch) {
      const { checkKafka } = await import('../connectors/atlas/notifications/check-kafka.ts');
      const feed = await checkKafka(settings.watch);
      show(feed, terminal);
      if (!feed.ok) fail(feed.exitCode);
    }
    const memory = await checkMemory(statePlaceOf(recipe, terminal.env));
    show(memory, terminal);
    if (!memory.ok) fail(memory.exitCode);
  } finally {
    await client.close();
  }
}

function show({ ok, name, message, help }: SourceCheck, terminal: Terminal): void {
  const palette = terminal.dataPalette;
  const verdict = ok ? palette.green('ok  ') : palette.red('FAIL');
  terminal.data(`${verdict}  ${name}: ${message}\n`);
  if (!ok && help) terminal.data(`      ${help}\n`);
}
