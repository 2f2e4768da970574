import { recordKinds } from '../../schema/record-schema.ts';
import type { ConnectorSpec } from '../connector-spec.ts';
import { fileConnection } from './file-connection.ts';

export const fileSpec: ConnectorSpec<'File'> = {
  type: 'File',
  title: 'File of records',
  summary: 'Reads back what “meridian export” wrote, whatever source that came from.',
  emits: recordKinds,
  capabilities: ['lineage', 'columnLineage'],
  defaultMode: 'enrich',
  connection: fileConnection,
};
