import { anyCase, closed, filterPattern, flag, open, text, texts } from './parts.ts';

/** `source.serviceConnection.config`, the keys of OpenMetadata's Atlas connection. */
export const atlasConnection = closed(
  'How to reach Apache Atlas and what to read there.',
  {
    type: anyCase('Atlas', 'Kind of the connection.'),
    hostPort: text('Address of Atlas, such as http://atlas.example:21000. A gateway’s path may follow.'),
    username: text('User who may read all metadata in Atlas.'),
    password: text('Password of that user.', { format: 'password' }),
    databaseServiceName: texts('Database services in OpenMetadata that hold (or shall hold) Atlas’ tables.'),
    messagingServiceName: texts(
      'Messaging services in OpenMetadata. Kept for the documented recipe; topics are not read yet.',
    ),
    entity_type: text('Atlas type of the tables to read, its subtypes included: hive_table, Table …', { minLength: 1 }),
    connectionOptions: open('Further options of the connection; not used.'),
    connectionArguments: open('Further arguments of the connection; not used.'),
    databaseFilterPattern: filterPattern('databases'),
    schemaFilterPattern: filterPattern('schemas'),
    tableFilterPattern: filterPattern('tables'),
    supportsMetadataExtraction: flag('Set by OpenMetadata; no effect here.', true),
  },
  ['username', 'password', 'entity_type'],
);
