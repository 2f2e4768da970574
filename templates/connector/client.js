// @ts-check
import { AuthenticationError, ConnectionError } from 'meridian-metadata';

/** Milliseconds until an answer must have come. */
const patience = 30_000;

/**
 * @typedef {{ name: string, type: string, nullable?: boolean, comment?: string }} Column
 * @typedef {{ name: string, comment?: string, columns: Column[] }} Table
 */

/** Asks the server, and counts its requests. */
export class TemplateNameClient {
  requests = 0;
  #hostPort;
  #token;
  #redact;

  /**
   * @param {{ hostPort: string, token: string }} settings
   * @param {(text: string) => string} redact takes secrets out of what a message quotes
   */
  constructor({ hostPort, token }, redact) {
    this.#hostPort = hostPort;
    this.#token = token;
    this.#redact = redact;
  }

  /** @param {AbortSignal} signal @returns {Promise<string[]>} */
  schemas(signal) {
    return this.#get('/schemas', signal);
  }

  /**
   * One page; an empty one comes after the last.
   *
   * @param {string} schema @param {number} offset @param {number} limit @param {AbortSignal} signal
   * @returns {Promise<Table[]>}
   */
  tables(schema, offset, limit, signal) {
    const asked = new URLSearchParams({ schema, offset: String(offset), limit: String(limit) });
    return this.#get(`/tables?${asked}`, signal);
  }

  /** @param {string} path @param {AbortSignal} signal */
  async #get(path, signal) {
    signal.throwIfAborted();
    this.requests += 1;
    const answer = await this.#fetch(path, signal);
    if (answer.status === 401 || answer.status === 403) {
      throw new AuthenticationError('template-name.sign-in', 'Template Name does not accept the token.', {
        help: 'Check token in the recipe’s connection.',
      });
    }
    const text = await answer.text();
    if (!answer.ok) {
      throw new ConnectionError(
        'template-name.answer',
        `Template Name answered ${answer.status}: ${this.#quote(text)}`,
      );
    }
    try {
      return JSON.parse(text);
    } catch (cause) {
      throw new ConnectionError('template-name.answer', `Template Name answered no JSON: ${this.#quote(text)}`, {
        cause,
      });
    }
  }

  /** @param {string} path @param {AbortSignal} signal */
  async #fetch(path, signal) {
    try {
      return await fetch(new URL(path, this.#hostPort), {
        headers: { authorization: `Bearer ${this.#token}` },
        signal: AbortSignal.any([signal, AbortSignal.timeout(patience)]),
      });
    } catch (cause) {
      signal.throwIfAborted();
      throw new ConnectionError('template-name.unreachable', `Template Name at ${this.#hostPort} cannot be reached.`, {
        help: 'Check hostPort in the recipe’s connection, and whether the server runs.',
        cause,
      });
    }
  }

  /** @param {string} text */
  #quote(text) {
    return this.#redact(text.slice(0, 200));
  }
}
