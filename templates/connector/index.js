// @ts-check
import { defineConnector } from 'meridian-metadata';
import { TemplateNameClient } from './client.js';
import { TemplateNameSource } from './source.js';

/** @typedef {{ hostPort: string, token: string, pageSize?: number }} Connection as a recipe has it, checked by the schema */
/** @typedef {{ type: 'TemplateName', place: string, hostPort: string, token: string, pageSize: number }} Settings */

export default defineConnector({
  spec: {
    type: 'TemplateName',
    title: 'Template Name',
    summary: 'Reads the schemas and tables of Template Name.',
    // Only records of these kinds may come out of the source.
    emits: ['databaseService', 'database', 'databaseSchema', 'table'],
    capabilities: [],
    // A recipe without meridian.mode makes what OpenMetadata does not have yet.
    defaultMode: 'create',
    // Recipes are checked by it, with file, line and column. What has the format “password” is masked everywhere.
    connection: {
      type: 'object',
      description: 'How Template Name is reached.',
      additionalProperties: false,
      required: ['hostPort', 'token'],
      properties: {
        hostPort: { type: 'string', description: 'Address, such as http://localhost:8099.' },
        token: { type: 'string', format: 'password', description: 'Token that may read everything.' },
        pageSize: { type: 'integer', minimum: 1, default: 100, description: 'Tables a request.' },
      },
    },
  },

  /** What the schema cannot say. */
  findings({ hostPort }) {
    if (typeof hostPort !== 'string' || URL.canParse(hostPort)) return [];
    return [{ path: ['hostPort'], message: 'This is no address.', expected: 'one such as http://localhost:8099' }];
  },

  /**
   * Fills the defaults in.
   *
   * @param {Connection} connection
   * @returns {Settings}
   */
  settings({ hostPort, token, pageSize = 100 }) {
    return {
      type: 'TemplateName',
      place: URL.canParse(hostPort) ? new URL(hostPort).host : hostPort,
      hostPort,
      token,
      pageSize,
    };
  },

  create(settings, { serviceName }, { redact }) {
    return new TemplateNameSource(new TemplateNameClient(settings, redact), serviceName, settings.pageSize);
  },
});
