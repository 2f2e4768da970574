import type pg from 'pg';

/** Connections kept for the next table, of all databases together: tables come database by database. */
const mostIdle = 16;

/** Opens a connection to a database; its socket ends with the signal. */
export type Connect = (database: string, signal: AbortSignal) => Promise<pg.Client>;

/** Connections by database, used by one table at a time. */
export class ClientPool {
  readonly #connect: Connect;
  readonly #ended = new AbortController();
  #idle: { readonly database: string; readonly client: pg.Client }[] = [];

  constructor(connect: Connect) {
    this.#connect = connect;
  }

  /** @throws AuthenticationError, ConnectionError, ConfigurationError `postgres.…` */
  async take(database: string): Promise<pg.Client> {
    const at = this.#idle.findIndex((one) => one.database === database);
    if (at >= 0) return this.#idle.splice(at, 1)[0]!.client;
    const client = await this.#connect(database, this.#ended.signal);
    // The server ends what is idle when it restarts.
    client.once('end', () => {
      this.#idle = this.#idle.filter((one) => one.client !== client);
    });
    return client;
  }

  async giveBack(database: string, client: pg.Client): Promise<void> {
    this.#idle.push({ database, client });
    if (this.#idle.length > mostIdle) await this.drop(this.#idle.shift()!.client);
  }

  async drop(client: pg.Client): Promise<void> {
    await client.end().catch(() => undefined);
  }

  async close(): Promise<void> {
    const idle = this.#idle;
    this.#idle = [];
    await Promise.all(idle.map(({ client }) => this.drop(client)));
    this.#ended.abort();
  }
}
