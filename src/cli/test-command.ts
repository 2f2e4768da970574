import { type Command, Option } from 'commander';
import { checkConnections } from './check-connections.ts';
import type { CommandContext } from './command-context.ts';
import { addRecipeOption, openRecipe, type RecipeFlags } from './recipe-option.ts';
import type { Terminal } from './terminal.ts';
import type { TestStep } from './test-step.ts';

interface TestFlags extends RecipeFlags {
  readonly output: 'text' | 'json';
}

export function configureTest(command: Command, context: CommandContext): void {
  addRecipeOption(command)
    .addOption(new Option('-o, --output <format>', 'text or json').choices(['text', 'json']).default('text'))
    .action((flags: TestFlags) => testConnections(flags, context));
}

/** Checks target, source and memory step by step. Exit code 3 when one cannot be reached or does not let us in, else 1. */
async function testConnections(flags: TestFlags, context: CommandContext): Promise<void> {
  const { terminal } = context;
  const { env } = terminal;
  const recipe = await openRecipe(flags, terminal);
  const steps: TestStep[] = [];
  for await (const step of checkConnections(recipe, { env, redact: (text) => terminal.redact(text) })) {
    context.exitCode = Math.max(context.exitCode, step.exitCode);
    if (flags.output === 'text') show(step, steps, terminal);
    steps.push(step);
  }
  if (flags.output === 'text') return;
  const told = steps.map(({ exitCode: _, ...step }) => step);
  const ok = steps.every((step) => step.ok);
  const fix = steps.find((step) => !step.ok)?.help;
  terminal.data(`${JSON.stringify({ ok, ...(fix !== undefined && { fix }), steps: told }, null, 2)}\n`);
}

/** The first that fails comes with what to change; what follows from it is told only as failed. */
function show(step: TestStep, before: readonly TestStep[], terminal: Terminal): void {
  const { ok, name, message, ms, help } = step;
  const palette = terminal.dataPalette;
  const verdict = ok ? palette.green('ok  ') : palette.red('FAIL');
  terminal.data(`${verdict}  ${name}: ${message} (${ms} ms)\n`);
  if (!ok && help && before.every((one) => one.ok || one.system !== step.system)) terminal.data(`      ${help}\n`);
}
