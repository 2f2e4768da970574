import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeEngine } from '../engine-contract.testing.ts';
import { EmbeddedEngine } from './embedded-engine.ts';

describeEngine({
  name: 'embedded',
  open: async () => {
    const home = await mkdtemp(join(tmpdir(), 'meridian-engine-'));
    const engine = await EmbeddedEngine.open({ home, env: process.env, settings: { stopGraceSeconds: 2 } });
    return { engine, cleanUp: () => rm(home, { recursive: true, force: true }) };
  },
});
