import type { Command } from 'commander';
import { ConfigurationError } from '../errors.ts';
import { getSchema, schemaNames } from '../schema/schemas.ts';
import type { CommandContext } from './command-context.ts';

export function configureSchema(command: Command, { terminal }: CommandContext): void {
  command
    .argument('[name]', `one of ${schemaNames.join(', ')}; without a name, they are listed`)
    .action((name?: string) => {
      if (name === undefined) {
        terminal.data(`${schemaNames.join('\n')}\n`);
        return;
      }
      const schema = getSchema(name);
      if (!schema) throw unknownSchema(name);
      terminal.data(`${JSON.stringify(schema, null, 2)}\n`);
    });
}

function unknownSchema(name: string): ConfigurationError {
  return new ConfigurationError('cli.unknown-schema', `There is no schema “${name}”.`, {
    help: `There are: ${schemaNames.join(', ')}.`,
  });
}
