import type { OpenMetadataStandIn } from './start-openmetadata.ts';

export interface Answer {
  readonly status: number;
  readonly change: string | null;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every form.
  readonly body: any;
}

/** A client of a stand-in for tests: signed in, JSON in and out, no opinion on the status. */
export interface Client {
  get(path: string): Promise<Answer>;
  put(path: string, body: unknown): Promise<Answer>;
  post(path: string, body: unknown): Promise<Answer>;
  patch(path: string, operations: readonly unknown[]): Promise<Answer>;
  delete(path: string): Promise<Answer>;
  /** Makes the service `hive`, its database `shop` and the schema `hive.shop.sales`. */
  warehouse(): Promise<void>;
}

/** @param who the bot, as ingestion signs in, or a person. */
export function clientOf(server: OpenMetadataStandIn, who: 'bot' | 'admin'): Client {
  const token = who === 'bot' ? server.botToken : server.adminToken;
  const send = async (method: string, path: string, body?: unknown, type = 'application/json'): Promise<Answer> => {
    const answer = await fetch(`${server.url}/v1${path}`, {
      method,
      headers: { Authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'Content-Type': type }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return {
      status: answer.status,
      change: answer.headers.get('x-openmetadata-change'),
      body: text === '' ? undefined : JSON.parse(text),
    };
  };
  const put = (path: string, body: unknown): Promise<Answer> => send('PUT', path, body);
  return {
    get: (path) => send('GET', path),
    put,
    post: (path, body) => send('POST', path, body),
    patch: (path, operations) => send('PATCH', path, operations, 'application/json-patch+json'),
    delete: (path) => send('DELETE', path),
    async warehouse() {
      const config = { type: 'Hive', hostPort: 'hive.example:10000' };
      await put('/services/databaseServices', { name: 'hive', serviceType: 'Hive', connection: { config } });
      await put('/databases', { name: 'shop', service: 'hive' });
      await put('/databaseSchemas', { name: 'sales', database: 'hive.shop' });
    },
  };
}
