import { runCli } from './run-cli.ts';
import { Terminal } from './terminal.ts';

// `meridian plan | head` closes the pipe early; what is left to say has no reader then.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

const terminal = new Terminal({ stdout: process.stdout, stderr: process.stderr, env: process.env });
process.exitCode = await runCli(process.argv.slice(2), terminal);
