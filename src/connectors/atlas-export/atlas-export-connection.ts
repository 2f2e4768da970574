import { closed, text, typeName } from '../../schema/parts.ts';
import { readEntities } from '../atlas/atlas-connection.ts';

/** `source.serviceConnection.config` of a ZIP that Atlas' export API made. */
export const atlasExportConnection = closed(
  'Which export of Apache Atlas to read, and what of it.',
  {
    type: typeName('AtlasExport', 'Kind of the connection, in any case.'),
    path: text('Path of the ZIP, from the recipe’s folder.', { minLength: 1 }),
    ...readEntities,
  },
  ['path', 'entity_type'],
);
