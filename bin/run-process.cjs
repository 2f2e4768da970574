// The process of one run, started by the embedded engine and by nobody else. It says that it is there before it loads
// anything, gives way from then on, to the server and to runs that are starting, and waits for its work.
const { existsSync } = require('node:fs');
const { join } = require('node:path');
const { constants, setPriority } = require('node:os');
const { pathToFileURL } = require('node:url');

const source = join(__dirname, '..', 'src', 'engine', 'embedded', 'run-job.ts');
const main = existsSync(source) ? source : join(__dirname, '..', 'dist', 'src', 'engine', 'embedded', 'run-job.js');

function giveWay() {
  try {
    setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // Not every system lets a process do so.
  }
}

function leave() {
  process.exit(143);
}

if (!process.send) {
  process.stderr.write('error: This is started by “meridian serve”; run a recipe with “meridian ingest”.\n');
  process.exitCode = 2;
} else {
  // The server has gone before it said what to do.
  process.once('disconnect', leave);
  process.once('message', (job) => {
    import(pathToFileURL(main).href)
      .then(({ runJob }) => {
        process.off('disconnect', leave);
        return runJob(job);
      })
      .catch((error) => {
        process.stderr.write(`error: The run cannot start: ${error?.stack || error}\n`);
        process.exit(1);
      });
  });
  process.send({ type: 'up' }, () => undefined);
  giveWay();
}
