import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startTrino } from '../sandbox/trino/start-trino.ts';

/**
 * Reading a Trino of made-up tables, by our source and by one query a table, each in a process of its own:
 * `node bench/trino.ts TABLES COLUMNS [WAY…]`. All of them are in one catalog of 50 schemas.
 */
const [tables = '2000', columns = '10', ...ways] = process.argv.slice(2);
const schemas = Array.from({ length: 50 }, (_, s) => ({
  name: `s${s}`,
  tables: Array.from({ length: Number(tables) / 50 }, (_, t) => ({
    name: `t${t}`,
    comment: `Table ${t} of schema ${s}`,
    columns: Array.from({ length: Number(columns) }, (_, c) => ({
      name: `column_${c}`,
      type: c % 5 === 4 ? 'array(row(a bigint, b varchar(20)))' : 'decimal(12,2)',
      comment: `What column ${c} means`,
    })),
  })),
}));
const trino = await startTrino({ catalogs: [{ name: 'bench', schemas }], pageRows: 10_000 });
const reader = join(import.meta.dirname, 'trino-read.ts');
for (const way of ways.length > 0 ? ways : ['ours', 'usual']) {
  const { stdout } = await promisify(execFile)(process.execPath, [reader, way, trino.url]);
  process.stdout.write(stdout);
}
await trino.close();
