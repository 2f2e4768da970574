import { closed, text, typeName } from '../../schema/parts.ts';

/** `source.serviceConnection.config` of a file that `meridian export` wrote. */
export const fileConnection = closed(
  'Which file of records to read.',
  {
    type: typeName('File', 'Kind of the connection, in any case.'),
    path: text('Path of the file, from the recipe’s folder.', { minLength: 1 }),
  },
  ['path'],
);
