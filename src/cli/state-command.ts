import { existsSync, rmSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { ConfigurationError } from '../errors.ts';
import { assetKinds } from '../model/records.ts';
import { SqliteStateStore } from '../state/sqlite/sqlite-state-store.ts';
import type { AssetState, StateStore } from '../state/state-store.ts';
import { counted } from '../workflow/format-numbers.ts';
import { statePathOf } from '../workflow/open-run.ts';
import type { CommandContext } from './command-context.ts';
import { addRecipeOption, openRecipe, type RecipeFlags } from './recipe-option.ts';
import type { Terminal } from './terminal.ts';

const rememberedTypes: readonly AssetState['entityType'][] = [...assetKinds, 'tag'];

interface ListFlags extends RecipeFlags {
  readonly output: 'text' | 'jsonl';
}

export function configureState(command: Command, { terminal }: CommandContext): void {
  const sub = (name: string, description: string): Command =>
    addRecipeOption(command.command(name).description(description));
  sub('path', 'Print where the memory of this recipe is kept.').action(async (flags: RecipeFlags) => {
    terminal.data(`${await statePath(flags, terminal)}\n`);
  });
  sub('show', 'Print how much is remembered.').action(async (flags: RecipeFlags) => {
    const path = await statePath(flags, terminal);
    await withStore(path, async (store) => terminal.data(`${path}\n${await summary(store)}`));
  });
  sub('list', 'List what is remembered: name, type, and the source’s id.')
    .addOption(new Option('-o, --output <format>', 'text or jsonl').choices(['text', 'jsonl']).default('text'))
    .action(async (flags: ListFlags) => {
      const path = await statePath(flags, terminal);
      await withStore(path, async (store) => {
        for await (const asset of store.listAssets()) terminal.data(`${listed(asset, flags.output)}\n`);
      });
    });
  sub('get', 'Print what is remembered of one entity, as JSON.')
    .argument('<fqn>', 'fully qualified name in OpenMetadata')
    .action(async (fqn: string, flags: RecipeFlags) => {
      const path = await statePath(flags, terminal);
      await withStore(path, async (store) => {
        for (const asset of await remembered(store, fqn)) terminal.data(`${JSON.stringify(asset, null, 2)}\n`);
      });
    });
  sub('clear', 'Forget everything; the next run starts as a first run.')
    .option('--yes', 'yes, forget it')
    .action(async (flags: RecipeFlags & { readonly yes?: boolean }) => {
      const path = await statePath(flags, terminal);
      if (!flags.yes) throw notConfirmed(path);
      // Also a store that this release cannot open must be clearable, so the files go, not the rows.
      for (const file of [path, `${path}-wal`, `${path}-shm`]) rmSync(file, { force: true });
      terminal.note(`Cleared ${path}.\n`);
    });
}

async function statePath(flags: RecipeFlags, terminal: Terminal): Promise<string> {
  return statePathOf(await openRecipe(flags, terminal), terminal.env);
}

async function withStore(path: string, use: (store: StateStore) => Promise<void>): Promise<void> {
  if (!existsSync(path)) {
    throw new ConfigurationError('state.none', `Nothing is remembered yet: there is no ${path}.`, {
      help: 'The first ingest makes it. MERIDIAN_HOME or meridian.state.path may point elsewhere.',
    });
  }
  const store = new SqliteStateStore(path, 'rehearse');
  try {
    await use(store);
  } finally {
    await store.close();
  }
}

async function summary(store: StateStore): Promise<string> {
  const lines = [];
  for (const type of rememberedTypes) {
    const n = await store.countAssets(type);
    if (n > 0) lines.push(`${type}: ${n}`);
  }
  return [...lines, `lineage: ${await store.countEdges()}`, ''].join('\n');
}

function listed(asset: AssetState, output: ListFlags['output']): string {
  return output === 'jsonl' ? JSON.stringify(asset) : `${asset.fqn}\t${asset.entityType}\t${asset.sourceId}`;
}

/** All of that name: a topic and a database may share one. */
async function remembered(store: StateStore, fqn: string): Promise<readonly AssetState[]> {
  const found = [];
  for (const type of rememberedTypes) {
    const asset = await store.getAsset(type, fqn);
    if (asset) found.push(asset);
  }
  if (found.length > 0) return found;
  throw new ConfigurationError('state.unknown-name', `Nothing is remembered of ${fqn}.`, {
    help: `“meridian state list” shows all ${counted(await store.countAssets(), 'name')}; parts with a dot stand in double quotes.`,
  });
}

function notConfirmed(path: string): ConfigurationError {
  return new ConfigurationError('state.not-confirmed', `This forgets everything in ${path}.`, {
    help: 'The next run then tells people’s words from ours by the history in OpenMetadata. Say --yes to go on.',
  });
}
