import { afterAll, beforeAll, expect, it } from 'vitest';
import { type OpenMetadataStandIn, startOpenMetadata } from '../../../sandbox/openmetadata/start-openmetadata.ts';
import { clientOf } from '../../../sandbox/openmetadata/test-client.ts';
import { startTestServer, type TestServer } from '../test-server.testing.ts';

let server: TestServer;
let openmetadata: OpenMetadataStandIn;
let serviceId: string;

beforeAll(async () => {
  server = await startTestServer();
  openmetadata = await startOpenMetadata();
  const config = {
    ...{ type: 'Atlas', hostPort: 'http://atlas.example:21000', username: 'reader', password: 'pass-of-atlas' },
    ...{ entity_type: 'hive_table', databaseServiceName: ['corp_hive'] },
  };
  const service = { name: 'corp_atlas', serviceType: 'Atlas', connection: { config } };
  serviceId = (await clientOf(openmetadata, 'bot').put('/services/metadataServices', service)).body.id;
});
afterAll(async () => {
  await openmetadata?.close();
  await server?.close();
});

async function deploy(change: object = {}, connection: object = {}) {
  const answer = await server.as('operator', {
    method: 'POST',
    url: '/api/v1/openmetadata/deploy',
    payload: {
      name: 'corp_atlas_metadata',
      fullyQualifiedName: 'corp_atlas.corp_atlas_metadata',
      pipelineType: 'metadata',
      sourceConfig: { config: { type: 'DatabaseMetadata' } },
      airflowConfig: { scheduleInterval: '0 3 * * *', startDate: null },
      service: { id: serviceId, type: 'metadataService', name: 'corp_atlas' },
      openMetadataServerConnection: {
        hostPort: openmetadata.url,
        authProvider: 'openmetadata',
        securityConfig: { jwtToken: openmetadata.botToken },
        aKeyOfALaterServer: true,
        ...connection,
      },
      ...change,
    },
  });
  return { status: answer.statusCode, body: answer.body };
}

it('deploys what is right, keys of later servers included', async () => {
  expect(await deploy()).toEqual({
    status: 200,
    body: '{"message":"Workflow [corp_atlas_metadata] has been created"}',
  });
  expect((await deploy()).body).toContain('unchanged');
});

it.each([
  ['its server cannot be reached', {}, { hostPort: 'http://127.0.0.1:9/api' }, /cannot be reached|refuses/],
  ['its server is none', {}, { hostPort: 'http://127.0.0.1:9' }, /OpenMetadata/],
  ['its token is wrong', {}, { securityConfig: { jwtToken: 'eyJ.wrong.token' } }, /does not accept this token/],
  [
    'its service is not there',
    { service: { id: '00000000-0000-4000-8000-000000000000', type: 'metadataService' } },
    {},
    /no service/,
  ],
  [
    'its service is of another kind',
    { service: { id: '00000000-0000-4000-8000-000000000000', type: 'queryService' } },
    {},
    /no services of type/,
  ],
  [
    'its source config has an unknown key',
    { sourceConfig: { config: { type: 'DatabaseMetadata', incldeTags: true } } },
    {},
    /includeTags/,
  ],
  ['its type is not served', { pipelineType: 'dbt' }, {}, /no pipelines of type dbt/],
  [
    'its service gives no rows to look for personal data in',
    { pipelineType: 'autoClassification', sourceConfig: { config: { type: 'AutoClassification' } } },
    {},
    /Atlas runs no pipelines of type autoClassification.*Postgres.* can/,
  ],
  ['no connector reads who queries what', { pipelineType: 'usage' }, {}, /no pipelines of type usage.*logs/],
  ['lineage comes with metadata', { pipelineType: 'lineage' }, {}, /metadata pipeline carries lineage/],
  [
    'its filters are of another kind of pipeline',
    { pipelineType: 'profiler', sourceConfig: { config: { type: 'Profiler', markDeletedTables: true } } },
    {},
    /markDeletedTables/,
  ],
  ['its start is no time', { airflowConfig: { startDate: 'soon' } }, {}, /startDate/],
  ['its name is none', { name: '--' }, {}, /name of a pipeline/],
])('answers 400 with the reason when %s', async (_name, change, connection, reason) => {
  const { status, body } = await deploy(change, connection);
  expect([status, Object.keys(JSON.parse(body))]).toEqual([400, ['error']]);
  expect(body).toMatch(reason);
  for (const secret of ['pass-of-atlas', openmetadata.botToken, 'eyJ.wrong.token']) expect(body).not.toContain(secret);
});

it('tells that the token is no bot’s when the connection’s secrets are hidden', async () => {
  const { status, body } = await deploy({}, { securityConfig: { jwtToken: openmetadata.adminToken } });
  expect([status, body]).toEqual([400, expect.stringMatching(/does not show us password.*bot/)]);
});

it('makes an id of any name, and never a path', async () => {
  await deploy({ name: '../über uns/α', fullyQualifiedName: 'corp_atlas.other' });
  expect([...server.engine.pipelines.keys()]).toContain('__ber_uns_');
});
