import { rmSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { ConfigurationError } from '../errors.ts';
import { rememberedTypes } from '../state/check-state.ts';
import { describeState, type OpenedState, openState, statePath } from '../state/open-state.ts';
import { RunLock } from '../state/run-lock.ts';
import { pipelineName } from '../state/state-location.ts';
import type { AssetState, StateStore } from '../state/state-store.ts';
import { counted } from '../workflow/format-numbers.ts';
import { statePlaceOf } from '../workflow/identity.ts';
import type { CommandContext } from './command-context.ts';
import { addRecipeOption, openRecipe, type RecipeFlags } from './recipe-option.ts';
import { exportState, importState, setRemembered } from './state-transfer.ts';
import type { Terminal } from './terminal.ts';

interface ListFlags extends RecipeFlags {
  readonly output: 'text' | 'jsonl';
  readonly meta?: boolean;
}

interface ConfirmFlags extends RecipeFlags {
  readonly yes?: boolean;
}

export function configureState(command: Command, { terminal }: CommandContext): void {
  const sub = (name: string, description: string): Command =>
    addRecipeOption(command.command(name).description(description));
  sub('path', 'Print where the memory of this recipe is kept.').action(async (flags: RecipeFlags) => {
    terminal.data(`${await describeState(await placeOf(flags, terminal))}\n`);
  });
  sub('show', 'Print how much is remembered.').action((flags: RecipeFlags) =>
    look(flags, terminal, async ({ store, place }) => terminal.data(`${place}\n${await summary(store)}`)),
  );
  sub('list', 'List what is remembered: name, type, and the source’s id.')
    .addOption(new Option('-o, --output <format>', 'text or jsonl').choices(['text', 'jsonl']).default('text'))
    .option('--meta', 'the choices and marks of earlier runs instead, by their keys')
    .action((flags: ListFlags) =>
      look(flags, terminal, async ({ store }) => {
        for await (const line of flags.meta ? metaLines(store, flags.output) : assetLines(store, flags.output)) {
          await terminal.rows(line);
        }
      }),
    );
  sub('get', 'Print what is remembered of one entity, as JSON.')
    .argument('<fqn>', 'fully qualified name in OpenMetadata; with --meta a key')
    .option('--meta', 'a choice or mark of earlier runs, by its key')
    .action((name: string, flags: RecipeFlags & { readonly meta?: boolean }) =>
      look(flags, terminal, async ({ store }) => {
        if (flags.meta) {
          terminal.data(`${await rememberedKey(store, name)}\n`);
          return;
        }
        for (const asset of await remembered(store, name)) terminal.data(`${JSON.stringify(asset, null, 2)}\n`);
      }),
    );
  sub('set', 'Change what is remembered, by hand: one entity, or with --meta one key.')
    .argument(
      '<json>',
      'the whole row, as “get” prints it; - is standard input; with --meta KEY=VALUE, KEY= takes it out',
    )
    .option('--meta', 'a choice or mark of earlier runs')
    .action((given: string, flags: RecipeFlags & { readonly meta?: boolean }) =>
      change(flags, terminal, async ({ store }) => {
        terminal.note(`${await setRemembered(store, given, flags.meta ?? false)}\n`);
      }),
    );
  sub('export', 'Write everything that is remembered as JSON lines.')
    .argument('[file]', 'where to; - and nothing mean standard output')
    .action((file: string | undefined, flags: RecipeFlags) =>
      look(flags, terminal, (state, pipeline) => exportState(state.store, pipeline, file ?? '-', terminal)),
    );
  sub('import', 'Read an export back, into this recipe’s store whatever its kind.')
    .argument('<file>', 'an export; - is standard input')
    .option('--yes', 'yes, replace what is remembered now')
    .action((file: string, flags: ConfirmFlags) =>
      change(flags, terminal, async ({ store, place }) => {
        const isEmpty = (await store.countAssets()) + (await store.countEdges()) === 0;
        if (!isEmpty && !flags.yes) throw notConfirmed(`This replaces what is remembered in ${place}.`);
        const rows = await importState(store, file);
        terminal.note(`Imported ${counted(rows, 'row')} into ${place}.\n`);
      }),
    );
  sub('clear', 'Forget everything; the next run starts as a first run.')
    .option('--yes', 'yes, forget it')
    .action((flags: ConfirmFlags) => clear(flags, terminal));
}

async function placeOf(flags: RecipeFlags, terminal: Terminal) {
  return statePlaceOf(await openRecipe(flags, terminal), terminal.env);
}

/** Reads a store that is there; nothing is changed. */
async function look(
  flags: RecipeFlags,
  terminal: Terminal,
  use: (state: OpenedState, pipeline: string) => Promise<void>,
): Promise<void> {
  const place = await placeOf(flags, terminal);
  const state = await openState(place, 'rehearse');
  try {
    if (!state.existed) throw nothingYet(state.place);
    await use(state, pipelineName(place.identity));
  } finally {
    await state.store.close();
  }
}

/** Changes a store, which no run may use meanwhile. */
async function change(
  flags: RecipeFlags,
  terminal: Terminal,
  use: (state: OpenedState) => Promise<void>,
): Promise<void> {
  const state = await openState(await placeOf(flags, terminal), 'keep');
  try {
    const lock = await RunLock.take(state.lock, (message) => terminal.note(`${message}\n`));
    try {
      await use(state);
    } finally {
      await lock.release();
    }
  } finally {
    await state.store.close();
  }
}

async function clear(flags: ConfirmFlags, terminal: Terminal): Promise<void> {
  const place = await placeOf(flags, terminal);
  const shown = await describeState(place);
  if (!flags.yes) {
    throw notConfirmed(
      `This forgets everything in ${shown}.`,
      'The next run then tells people’s words from ours by the history in OpenMetadata. Say --yes to go on.',
    );
  }
  try {
    await change(flags, terminal, ({ store }) => store.clear());
  } catch (error) {
    // A file that this release cannot open must be clearable all the same.
    const isUnreadable = error instanceof ConfigurationError && /^state\.(unusable|other-version)$/.test(error.code);
    if (place.settings.stateType !== 'sqlite' || !isUnreadable) throw error;
  }
  if (place.settings.stateType === 'sqlite') {
    const path = statePath(place);
    for (const file of [path, `${path}-wal`, `${path}-shm`]) rmSync(file, { force: true });
  }
  terminal.note(`Cleared ${shown}.\n`);
}

async function summary(store: StateStore): Promise<string> {
  const lines = [];
  for (const type of rememberedTypes) {
    const n = await store.countAssets(type);
    if (n > 0) lines.push(`${type}: ${n}`);
  }
  return [...lines, `lineage: ${await store.countEdges()}`, ''].join('\n');
}

async function* assetLines(store: StateStore, output: ListFlags['output']): AsyncIterable<string> {
  for await (const asset of store.listAssets()) {
    yield output === 'jsonl' ? `${JSON.stringify(asset)}\n` : `${asset.fqn}\t${asset.entityType}\t${asset.sourceId}\n`;
  }
}

async function* metaLines(store: StateStore, output: ListFlags['output']): AsyncIterable<string> {
  for await (const [key, value] of store.listMeta('')) {
    yield output === 'jsonl' ? `${JSON.stringify({ key, value })}\n` : `${key}\t${value}\n`;
  }
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

async function rememberedKey(store: StateStore, key: string): Promise<string> {
  const value = await store.getMeta(key);
  if (value !== undefined) return value;
  throw new ConfigurationError('state.unknown-name', `Nothing is remembered under ${key}.`, {
    help: '“meridian state list --meta” shows all keys.',
  });
}

function nothingYet(place: string): ConfigurationError {
  return new ConfigurationError('state.none', `Nothing is remembered yet in ${place}.`, {
    help: 'The first ingest makes it. MERIDIAN_HOME or meridian.state may point elsewhere.',
  });
}

function notConfirmed(message: string, help = 'Say --yes to go on.'): ConfigurationError {
  return new ConfigurationError('state.not-confirmed', message, { help });
}
