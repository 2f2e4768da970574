import { readFileSync } from 'node:fs';
import { heapThrift } from '../src/workflow/heap-thrift.ts';

/** Reads by one way, and prints tables, requests, seconds, processor time and peak memory of this process as one line of JSON. */
export async function tellReading(
  way: string,
  read: () => Promise<number>,
  client: { readonly requestCount: number; close(): Promise<void> },
): Promise<void> {
  // As a run has it.
  setInterval(heapThrift(), 250).unref();
  const begin = performance.now();
  const tables = await read();
  const { userCPUTime, systemCPUTime } = process.resourceUsage();
  // What resourceUsage tells would be that of the process before it was this one, too.
  const peakKb = Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]);
  console.log(
    JSON.stringify({
      ...{ way, tables, requests: client.requestCount },
      seconds: Number(((performance.now() - begin) / 1_000).toFixed(1)),
      cpuSeconds: Number(((userCPUTime + systemCPUTime) / 1e6).toFixed(1)),
      peakMb: Math.round(peakKb / 1024),
    }),
  );
  await client.close();
}
