import { atlasKinds } from '../atlas/atlas-spec.ts';
import type { ConnectorSpec } from '../connector-spec.ts';
import { atlasExportConnection } from './atlas-export-connection.ts';

export const atlasExportSpec: ConnectorSpec<'AtlasExport'> = {
  type: 'AtlasExport',
  title: 'Apache Atlas export',
  origin: 'Apache Atlas',
  summary: 'Reads a ZIP that the export API of Apache Atlas made, without a server.',
  emits: atlasKinds,
  capabilities: ['lineage', 'columnLineage', 'statistics'],
  defaultMode: 'enrich',
  connection: atlasExportConnection,
};
