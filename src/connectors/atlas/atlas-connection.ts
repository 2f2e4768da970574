import { defaults } from '../../config/defaults.ts';
import {
  closed,
  filterPattern,
  flag,
  type JsonSchema,
  mapOfTexts,
  secret,
  text,
  texts,
  typeName,
} from '../../schema/parts.ts';
import { atlasArguments, atlasSignInConditions } from './atlas-arguments.ts';

/** What is read and where it goes, wherever Atlas' entities come from. */
export const readEntities = {
  databaseServiceName: texts(
    'Database services in OpenMetadata that hold (enrich) or get (create) the tables. Needed in enrich mode; in create mode the tables go to one service called like serviceName when this is empty.',
  ),
  messagingServiceName: texts(
    'Messaging services in OpenMetadata. Kept for the documented recipe; topics are not read.',
  ),
  entity_type: text('Atlas type of the tables to read, such as hive_table or Table; its subtypes are read with it.', {
    minLength: 1,
  }),
};

/** `source.serviceConnection.config`, the keys of OpenMetadata's Atlas connection. */
export const atlasConnection: JsonSchema = {
  ...closed(
    'How to reach Apache Atlas and what to read there.',
    {
      type: typeName('Atlas', 'Kind of the connection, in any case.'),
      hostPort: text(
        `Address of Atlas, such as ${defaults.atlasConnection.hostPort}; a gateway’s path may follow, with or without /api/atlas.`,
        { format: 'uri' },
      ),
      username: text('User who may read all metadata in Atlas; needed unless connectionArguments.auth says otherwise.'),
      password: secret('Password of that user.'),
      ...readEntities,
      connectionOptions: mapOfTexts(
        'Further options of the connection, by name. Kept for recipes that have them; no effect here.',
      ),
      connectionArguments: atlasArguments,
      databaseFilterPattern: filterPattern('databases'),
      schemaFilterPattern: filterPattern('schemas'),
      tableFilterPattern: filterPattern('tables'),
      supportsMetadataExtraction: flag(
        'A mark that OpenMetadata’s forms set; no effect here.',
        defaults.atlasConnection.supportsMetadataExtraction,
      ),
    },
    ['entity_type'],
  ),
  allOf: atlasSignInConditions,
};
