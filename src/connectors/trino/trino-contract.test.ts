import { afterAll, beforeAll, describe, it } from 'vitest';
import { type CatalogSpec, sampleCatalogs } from '../../../sandbox/trino/catalog-tree.ts';
import { startTrino, type TrinoStandIn } from '../../../sandbox/trino/start-trino.ts';
import { sourceContract } from '../../testing/source-contract.ts';

const columns = [{ name: 'a', type: 'bigint' }];

/** Schemas are read some at a time: what is not yet wanted stays at the server. */
const manySchemas: readonly CatalogSpec[] = ['one', 'two'].map((name) => ({
  name,
  schemas: Array.from({ length: 300 }, (_, i) => ({
    name: `s${i}`,
    tables: Array.from({ length: 10 }, (_, t) => ({ name: `t${t}`, columns })),
  })),
}));

describe('Trino as a source', () => {
  let trino: TrinoStandIn;
  let broken: TrinoStandIn;
  let large: TrinoStandIn;
  const password = 'password-of-the-reader';
  const connectionTo = ({ url }: TrinoStandIn) => ({
    ...{ hostPort: url, username: 'reader', authType: { password } },
    connectionArguments: { extra_credential: { store: 'key-of-the-store' }, max_attempts: 1 },
  });
  beforeAll(async () => {
    const users = { reader: password };
    trino = await startTrino({ users });
    broken = await startTrino({ users });
    large = await startTrino({ users, catalogs: manySchemas, pageRows: 100 });
  });
  afterAll(async () => {
    await trino?.close();
    await broken?.close();
    await large?.close();
  });
  const rules = sourceContract({
    connector: 'Trino',
    connection: () => connectionTo(trino),
    failing: () => {
      const [hive, ...others] = sampleCatalogs as [CatalogSpec, ...CatalogSpec[]];
      broken.setCatalogs([{ ...hive, broken: `cannot sign in at the metastore with ${password}` }, ...others]);
      return connectionTo(broken);
    },
    large: () => connectionTo(large),
    secrets: [password, 'key-of-the-store', Buffer.from(`reader:${password}`).toString('base64')],
  });
  for (const { name, check } of rules) it(name, check);
});
