import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeEngine } from '../engine-contract.testing.ts';
import { EmbeddedEngine } from './embedded-engine.ts';

describeEngine({
  name: 'embedded',
  open: async () => {
    const home = await mkdtemp(join(tmpdir(), 'meridian-engine-'));
    const engine = await EmbeddedEngine.open({ home, settings: { stopGraceSeconds: 2 } });
    return {
      engine,
      loseRun: async ({ runId }) => {
        const { stdout } = spawnSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8' });
        const line = stdout.split('\n').find((each) => each.includes(runId));
        process.kill(Number(line!.trim().split(' ')[0]), 'SIGKILL');
      },
      cleanUp: () => rm(home, { recursive: true, force: true }),
    };
  },
});
