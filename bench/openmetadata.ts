import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startOpenMetadata } from '../sandbox/openmetadata/start-openmetadata.ts';
import { clientOf } from '../sandbox/openmetadata/test-client.ts';

/**
 * Reading an OpenMetadata of made-up tables, by our source and table by table, each in a process of its own:
 * `node bench/openmetadata.ts TABLES COLUMNS [WAY…]`.
 */
const [tables = '2000', columns = '10', ...ways] = process.argv.slice(2);
const server = await startOpenMetadata({ version: '1.13.0' });
const bot = clientOf(server, 'bot');
await bot.warehouse();
for (let from = 0; from < Number(tables); from += 100) {
  const rows = Array.from({ length: 100 }, (_, i) => ({
    name: `t${from + i}`,
    databaseSchema: 'hive.shop.sales',
    description: `Table ${from + i}`,
    tags: [{ tagFQN: 'PII.Sensitive', source: 'Classification', labelType: 'Manual', state: 'Confirmed' }],
    columns: Array.from({ length: Number(columns) }, (_c, c) => ({
      name: `column_${c}`,
      dataType: 'DECIMAL',
      description: `What column ${c} means`,
    })),
  }));
  await bot.put('/tables/bulk', rows);
}
const reader = join(import.meta.dirname, 'openmetadata-read.ts');
for (const way of ways.length > 0 ? ways : ['ours', 'usual']) {
  const { stdout } = await promisify(execFile)(process.execPath, [reader, way, server.url, server.botToken]);
  process.stdout.write(stdout);
}
await server.close();
