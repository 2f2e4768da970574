import { writeSync } from 'node:fs';
import { openState, type StatePlace } from './open-state.ts';
import type { AssetState } from './state-store.ts';

const keys = 20;

/** A large row that says in every part which write it is from. */
export function rowOf(key: number, write: number): AssetState {
  const texts = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`columns.c${i}.description`, `${write}`]));
  return {
    entityType: 'table',
    fqn: `s.d.c.t${key}`,
    sourceId: `${write}`,
    sourceHash: `${write}`,
    applied: { texts, labels: {} },
  };
}

/** Writes rows over and over, and tells each one that the store has confirmed, until it is killed. */
async function writeForEver(place: StatePlace): Promise<never> {
  const { store } = await openState(place, 'keep');
  for (let write = 1; ; write += 1) {
    await Promise.all(
      Array.from({ length: keys }, async (_, key) => {
        await store.putAsset(rowOf(key, write));
        writeSync(1, `${key} ${write}\n`);
      }),
    );
  }
}

if (process.argv[2] !== undefined && process.argv[1] === import.meta.filename) {
  await writeForEver(JSON.parse(process.argv[2]) as StatePlace);
}
