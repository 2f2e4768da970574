import { CommanderError } from 'commander';
import { createSandboxCommand } from './sandbox-command.ts';

try {
  await createSandboxCommand().exitOverride().parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : 2;
  } else {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 2;
  }
}
