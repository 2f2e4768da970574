import { makeManyTables } from '../src/connectors/postgres/many-tables.testing.ts';
import { startPostgres } from '../src/state/postgres/postgres-server.testing.ts';
import { measure, median } from './measure.ts';
import { row, times } from './results.ts';

const rounds = 3;
/** Tables up to which the usual way is waited for. */
const usualUpTo = 5_000;

/**
 * Time and memory of reading a real PostgreSQL’s catalogue, against a bare script that asks the same questions and drops
 * the answers.
 *
 * @param sizes numbers of tables; each has twelve columns, and every tenth a view over two tables
 */
export async function measurePostgres(sizes: readonly number[]): Promise<void> {
  const server = await startPostgres();
  const read = (way: string, database: string) =>
    measure(['bench/postgres-read.ts', way, String(server.port), database]);
  try {
    const peaks: number[] = [];
    for (const tables of sizes) {
      const database = `tables_${tables}`;
      await makeManyTables(server.address, { database, tables });
      const ratios: number[] = [];
      for (let round = 1; round <= rounds; round += 1) {
        const [ours, bare] = [await read('ours', database), await read('bare', database)];
        ratios.push(ours.seconds / bare.seconds);
        if (round === 1) {
          peaks.push(ours.peakMb);
          row(`${tables} tables: what was read`, ours.stdout.trim());
        }
        row(
          `${tables} tables, round ${round}: ours, bare script`,
          `${times(ours)}, ${ours.peakMb.toFixed(0)} MB; ${times(bare)}, ${bare.peakMb.toFixed(0)} MB`,
        );
      }
      row(`${tables} tables: ours ÷ bare script (median)`, median(ratios).toFixed(2));
      if (tables <= usualUpTo) row(`${tables} tables: some questions a table`, times(await read('usual', database)));
    }
    if (peaks.length > 1) {
      row(`peak memory at ${sizes.at(-1)} ÷ at ${sizes[0]} tables`, (peaks.at(-1)! / peaks[0]!).toFixed(2));
    }
  } finally {
    await server.stop();
  }
}
