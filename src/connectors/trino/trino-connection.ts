import {
  closed,
  filterPattern,
  flag,
  type JsonSchema,
  mapOfTexts,
  noEffect,
  oneOf,
  open,
  secret,
  text,
  typeName,
} from '../../schema/parts.ts';

/** Texts by name, or the same as one text of JSON, as a form of OpenMetadata can hold it. */
const textsOrJson = (description: string): JsonSchema => ({
  anyOf: [mapOfTexts(description), { type: 'string' }],
  description,
});

const number = (description: string): JsonSchema => ({
  anyOf: [
    { type: 'number', exclusiveMinimum: 0 },
    { type: 'string', pattern: '^[0-9.]+$' },
  ],
  description,
});

const { additionalProperties: _, ...trinoArguments } = closed(
  'Further settings of the connection, by the names that Trino’s Python client has for them. Others are kept for recipes that have them; no effect here.',
  {
    http_scheme: oneOf(['http', 'https'], 'How hostPort is spoken to, where it does not say so itself.'),
    source: text('Name that Trino lists our queries under; meridian unless set.'),
    client_tags: {
      anyOf: [{ type: 'array', items: { type: 'string' } }, { type: 'string' }],
      description: 'Tags of our queries, by which resource groups tell them apart; a list, or a text with commas.',
    },
    roles: textsOrJson('Role in each catalog, such as {"hive": "reader"}.'),
    timezone: text('Time zone of our queries, such as Europe/Berlin; the cluster’s unless set.'),
    session_properties: textsOrJson('Properties of the session.'),
    http_headers: textsOrJson('Headers added to each request.'),
    extra_credential: textsOrJson('Credentials that Trino hands on to its connectors, by name.'),
    request_timeout: number('Seconds until an answer must have begun; 60 unless set.'),
    query_timeout: number('Seconds that a query may take before it is cancelled; 1800 unless set.'),
    max_attempts: number('How often a request is sent at most; 6 unless set.'),
  },
);

const azure = closed('A service principal of Microsoft Entra ID.', {
  clientId: text('Client id.'),
  clientSecret: secret('Client secret.'),
  tenantId: text('Tenant id.'),
  accountName: text(noEffect),
  vaultName: text(noEffect),
  scopes: text('Scopes of the token, with commas between them.'),
});

const authType: JsonSchema = {
  description:
    'How we sign in: {password}, {jwt} or {azureConfig}; with the user’s name alone where it is left out. OAuth2, which asks in a browser, is refused.',
  anyOf: [
    closed('User and password.', { password: secret('Password of the user.') }),
    closed('A bearer token.', { jwt: secret('JSON web token.') }),
    closed('A token of Microsoft Entra ID.', { azureConfig: azure }),
    { type: 'string', enum: ['OAuth2'] },
  ],
};

/** `source.serviceConnection.config`, the keys of OpenMetadata's Trino connection. */
export const trinoConnection: JsonSchema = closed(
  'How to reach Trino and what to read there.',
  {
    type: typeName('Trino', 'Kind of the connection, in any case.'),
    scheme: oneOf(['trino'], 'Kept for recipes that have it; no effect here.', 'trino'),
    username: text('User whose rights the queries have.'),
    authType,
    hostPort: text(
      'Host and port of Trino’s coordinator, such as trino:8080. https where one signs in or the port is 443, unless it begins with http:// or https://.',
      { minLength: 1 },
    ),
    catalog: text('The only catalog that is read; all that hold data unless set.'),
    databaseSchema: text('The only schema that is read, in each catalog.'),
    proxies: closed('Proxies, by the scheme of Trino’s address; those of the environment unless set.', {
      http: text('Such as http://proxy:3128.'),
      https: text('Such as http://proxy:3128.'),
    }),
    verify: text(
      'How Trino’s certificate is checked: “true” as usual, “false” not at all, or the path of a PEM file with its authority.',
    ),
    connectionOptions: mapOfTexts('As connectionArguments, which win.'),
    connectionArguments: trinoArguments,
    schemaFilterPattern: filterPattern('schemas'),
    tableFilterPattern: filterPattern('tables'),
    databaseFilterPattern: filterPattern('databases'),
    supportsMetadataExtraction: flag(noEffect, true),
    supportsUsageExtraction: flag(noEffect, true),
    supportsLineageExtraction: flag(noEffect, true),
    supportsDBTExtraction: flag(noEffect, true),
    supportsProfiler: flag(noEffect, true),
    supportsDatabase: flag(noEffect, true),
    supportsQueryComment: flag(noEffect, true),
    supportsDataDiff: flag(noEffect, true),
    sampleDataStorageConfig: open(noEffect),
    queryHistoryTable: text(noEffect, { default: '"system"."runtime"."queries"' }),
  },
  ['hostPort', 'username'],
);
