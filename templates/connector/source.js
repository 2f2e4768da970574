// @ts-check
/**
 * @import { ColumnRecord, Source, SourceCheck, SourceContext, SourceRecord, TableRecord } from 'meridian-metadata'
 * @import { Column, Table, TemplateNameClient } from './client.js'
 */

/** The server’s words for types, in OpenMetadata’s. */
const dataTypes = /** @type {Record<string, string>} */ ({
  text: 'STRING',
  number: 'DECIMAL',
  integer: 'BIGINT',
  boolean: 'BOOLEAN',
  date: 'DATE',
  time: 'TIMESTAMP',
});

/**
 * Reads page by page, and only when the next record is asked for: however large the server is, memory stays as it is.
 *
 * @implements {Source}
 */
export class TemplateNameSource {
  /** @type {Source['emits']} */
  emits = ['databaseService', 'database', 'databaseSchema', 'table'];
  #client;
  #service;
  #pageSize;

  /** @param {TemplateNameClient} client @param {string} service the recipe’s serviceName @param {number} pageSize */
  constructor(client, service, pageSize) {
    this.#client = client;
    this.#service = service;
    this.#pageSize = pageSize;
  }

  /**
   * What `meridian test` shows.
   *
   * @param {AbortSignal} signal
   * @returns {AsyncGenerator<SourceCheck>}
   */
  async *test(signal) {
    const name = 'list schemas';
    try {
      const schemas = await this.#client.schemas(signal);
      yield { name, ok: true, message: `${schemas.length} schemas` };
    } catch (error) {
      const { message, help } = /** @type {{ message: string, help?: string }} */ (error);
      yield { name, ok: false, message, ...(help !== undefined && { help }) };
    }
  }

  /**
   * What holds others comes before what it holds. An error that is thrown ends the run; what is only missing a part is reported.
   *
   * @param {SourceContext} context
   * @returns {AsyncGenerator<SourceRecord>}
   */
  async *records({ signal, report, progress }) {
    const schemas = await this.#client.schemas(signal);
    const database = [this.#service, 'default'];
    yield { kind: 'databaseService', path: [this.#service], serviceType: 'CustomDatabase' };
    yield { kind: 'database', path: database, tags: [], provenance: provenance('database', database) };
    for (const schema of schemas) {
      const path = [...database, schema];
      yield { kind: 'databaseSchema', path, tags: [], provenance: provenance('schema', path) };
    }
    for (const schema of schemas) {
      try {
        for (let offset = 0; ; ) {
          const page = await this.#client.tables(schema, offset, this.#pageSize, signal);
          if (page.length === 0) break;
          for (const table of page) yield tableRecord([...database, schema, table.name], table);
          offset += page.length;
          progress('table', page.length);
        }
      } catch (error) {
        signal.throwIfAborted();
        // “failed” makes the kind partial: what was not read is not taken for deleted.
        const message = error instanceof Error ? error.message : String(error);
        report({ outcome: 'failed', kind: 'table', reason: 'not-readable', name: schema, message });
      }
    }
  }

  requestCount() {
    return this.#client.requests;
  }

  async close() {}
}

/**
 * Who this is at the source: `id` stays the same for as long as the thing lives.
 *
 * @param {string} typeName @param {readonly string[]} path
 */
function provenance(typeName, path) {
  const qualifiedName = path.slice(1).join('.');
  return { id: qualifiedName, typeName, qualifiedName };
}

/** @param {readonly string[]} path @param {Table} table @returns {TableRecord} */
function tableRecord(path, { comment, columns }) {
  return {
    ...{ kind: 'table', path, tableType: 'Regular', tags: [] },
    ...(comment !== undefined && { description: comment }),
    columns: columns.map(columnRecord),
    provenance: provenance('table', path),
  };
}

/** @param {Column} column @returns {ColumnRecord} */
function columnRecord({ name, type, nullable, comment }) {
  return {
    ...{ name, dataType: dataTypes[type] ?? 'UNKNOWN', dataTypeDisplay: type, tags: [] },
    ...(nullable === false && { constraint: 'NOT_NULL' }),
    ...(comment !== undefined && { description: comment }),
  };
}
