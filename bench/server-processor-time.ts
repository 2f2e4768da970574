import { readdirSync, readFileSync } from 'node:fs';
import type pg from 'pg';

/** Linux counts processor time in these parts of a second. */
const clockTicks = 100;

/** Fields of a process after its name, which may hold blanks itself: state, parent … @returns empty when it has ended */
function fieldsOf(pid: string): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  } catch {
    return [];
  }
}

/** Processor time of a PostgreSQL server on this machine, with all processes that it has and had, in seconds. */
export async function serverProcessorTime(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  const server = fieldsOf(String(rows[0]!.pid))[1]!;
  const times = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => ({ pid, fields: fieldsOf(pid) }))
    .filter(({ pid, fields }) => pid === server || fields[1] === server)
    // User and system time, and of the server those of processes that have ended.
    .map(({ pid, fields }) => fields.slice(11, pid === server ? 15 : 13).map(Number));
  return times.flat().reduce((sum, ticks) => sum + ticks, 0) / clockTicks;
}
