import { resolve } from 'node:path';
import type { Command } from 'commander';
import { registry, sourceTypes } from '../connectors/registry.ts';
import type { CommandContext } from './command-context.ts';

export function configureConnector(command: Command, { terminal }: CommandContext): void {
  command
    .command('list')
    .description('The connectors of Meridian, by what a recipe calls them')
    .action(() => {
      const width = Math.max(...sourceTypes.map((type) => type.length)) + 2;
      for (const type of sourceTypes) terminal.data(`${type.padEnd(width)}${registry[type].spec.summary}\n`);
    });
  command
    .command('new')
    .argument('<name>', 'small letters, digits and dashes, such as bakery-shop')
    .description('Write a working connector, with its tests, into a folder of its own')
    .option('--dir <dir>', 'the folder; one called like the connector unless set')
    .addHelpText('after', '\nA recipe names the connector by its path: “source: {type: ./bakery-shop}”.')
    .action(async (name: string, { dir }: { readonly dir?: string }) => {
      const { newConnector } = await import('./new-connector.ts');
      const folder = resolve(dir ?? name);
      const files = await newConnector(name, folder);
      terminal.data(`${files.map((file) => `${file}\n`).join('')}`);
      terminal.note(
        `${folder} holds a working connector. Next: cd there and run “npm test”; README.md says the rest.\n`,
      );
    });
}
