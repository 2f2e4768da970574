import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

/** Makes 400 MB of records that outlive the young generation and then die, as a run does. @returns highest size in MB */
async function largestOldGeneration(): Promise<number> {
  const script = `
    import { getHeapSpaceStatistics } from 'node:v8';
    import { heapThrift } from ${JSON.stringify(join(import.meta.dirname, 'heap-thrift.ts'))};
    const look = heapThrift();
    let alive = [];
    let largest = 0;
    for (let i = 0; i < 4_000; i += 1) {
      alive.push(Array.from({ length: 1_000 }, (_, n) => ({ n, name: 'column ' + n })));
      if (alive.length > 400) alive = alive.slice(200);
      if (i % 20 === 0) look();
      const old = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'old_space');
      largest = Math.max(largest, old.space_used_size / 1024 / 1024);
    }
    console.log(largest);`;
  // V8 alone lets it grow to some 250 MB.
  const args = ['--initial-old-space-size=1000', '--input-type=module', '-e', script];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return Number(stdout);
}

test('what is dead in the old generation is collected before it outgrows what a run needs', async () => {
  expect(await largestOldGeneration()).toBeLessThan(80);
});
