import { exitCodeOf } from './render-error.ts';
import { noteError, runCli } from './run-cli.ts';
import { Terminal } from './terminal.ts';

// `meridian plan | head` closes the pipe early; what is left to say has no reader then.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

const terminal = new Terminal({ stdout: process.stdout, stderr: process.stderr, env: process.env });

// Node would print what nobody has caught as it is, secrets and all; and a crash report the whole environment.
for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
  process.on(event, (error: unknown) => {
    noteError(error, terminal);
    process.exit(exitCodeOf(error));
  });
}
if (process.report) process.report.excludeEnv = true;

process.exitCode = await runCli(process.argv.slice(2), terminal);
