// @ts-check
// A small server to try the connector on, until it reads the real one: “npm run sample”, or in tests.
import { createServer } from 'node:http';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';

const schemas = ['sales', 'stock', 'staff'];
const tablesASchema = 40;

/** @param {string} schema @param {number} i */
const table = (schema, i) => ({
  name: `${schema}_${String(i + 1).padStart(2, '0')}`,
  comment: `Table ${i + 1} of ${schema}.`,
  columns: [
    { name: 'id', type: 'integer', nullable: false },
    { name: 'note', type: 'text', comment: 'What people wrote.' },
    { name: 'changed_at', type: 'time' },
  ],
});

/**
 * @param {object} options
 * @param {string} options.token whoever has another one is refused
 * @param {number} [options.port] 0, any, unless set
 * @param {number} [options.failsAfter] requests that are answered before the rest fails
 */
export async function startSample({ token, port = 0, failsAfter = Number.POSITIVE_INFINITY }) {
  let requests = 0;
  const server = createServer((request, response) => {
    /** @param {number} status @param {unknown} body */
    const answer = (status, body) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    requests += 1;
    if (request.headers.authorization !== `Bearer ${token}`) return answer(401, { error: 'no entry' });
    if (requests > failsAfter) return answer(500, { error: `broken, for ${request.headers.authorization}` });
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://sample');
    if (pathname === '/schemas') return answer(200, schemas);
    const offset = Number(searchParams.get('offset'));
    const count = Math.max(0, Math.min(Number(searchParams.get('limit')), tablesASchema - offset));
    const schema = searchParams.get('schema') ?? '';
    answer(
      200,
      Array.from({ length: count }, (_, i) => table(schema, offset + i)),
    );
  });
  await new Promise((resolve) => server.listen(port, '127.0.0.1', () => resolve(undefined)));
  const address = /** @type {import('node:net').AddressInfo} */ (server.address());
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  const token = 'token-of-the-sample';
  const { url } = await startSample({ token, port: Number(argv[2] ?? 8099) });
  console.log(JSON.stringify({ url, token }));
}
