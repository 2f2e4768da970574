import { createHash } from 'node:crypto';
import { notFound } from './api-error.ts';
import type { Context } from './context.ts';
import type { Doc } from './doc.ts';
import { ok, type Route } from './reply.ts';

/** Connectors that the measured server can test, in the order of its listing. */
const CONNECTORS = (
  'Airbyte Airflow Amundsen Athena Atlas AzureSQL BigQuery Clickhouse Dagster Databricks DatabricksPipeline Datalake Db2 ' +
  'DeltaLake DomoDashboard DomoDatabase DomoPipeline Druid DynamoDB ElasticSearch Fivetran Glue GluePipeline Hive Impala ' +
  'Kafka Kinesis Looker MariaDB Metabase Mlflow Mode Mssql Mysql Nifi Oracle PinotDB Postgres PowerBI Presto QuickSight ' +
  'Redash Redpanda Redshift S3 SQLite SageMaker Salesforce SapHana SingleStore Snowflake Superset Tableau Trino'
).split(' ');

const PIPELINES = new Set(
  'Airbyte Airflow Dagster DatabricksPipeline DomoPipeline Fivetran GluePipeline Nifi'.split(' '),
);
const DATABASE_STEPS = ['CheckAccess', 'GetSchemas', 'GetTables', 'GetViews'];
/** Steps that may fail without the whole test failing. */
const OPTIONAL = new Set(['GetViews']);

/** `/services/testConnectionDefinitions`: which steps a connection test has. */
export const testConnectionRoute: Route = (rest, request, context) => {
  if (request.method !== 'GET') {
    return undefined;
  }
  if (rest.length === 0) {
    const limit = Number(request.query.get('limit') ?? 10);
    const after = request.query.get('after');
    const from = after === null ? 0 : CONNECTORS.indexOf(Buffer.from(after, 'base64url').toString()) + 1;
    const names = CONNECTORS.slice(from, from + limit);
    const cursor =
      from + limit < CONNECTORS.length ? { after: Buffer.from(names.at(-1) ?? '').toString('base64') } : {};
    return ok({
      data: names.map((name) => definition(name, context)),
      paging: { ...cursor, total: CONNECTORS.length },
    });
  }
  const name = rest[0] === 'name' ? rest[1] : undefined;
  if (name === undefined || rest.length !== 2) {
    return undefined;
  }
  if (!CONNECTORS.includes(name)) {
    throw notFound('testConnectionDefinition', name);
  }
  return ok(definition(name, context));
};

function definition(name: string, context: Context): Doc {
  const steps = PIPELINES.has(name) ? ['GetPipelines'] : DATABASE_STEPS;
  const digest = createHash('md5').update(name).digest('hex');
  const id = [8, 4, 4, 4, 12]
    .map((length, index) => digest.slice([0, 8, 12, 16, 20][index], [0, 8, 12, 16, 20][index]! + length))
    .join('-');
  return {
    id,
    name,
    displayName: `${name} Test Connection`,
    description: `Stand-in: the steps of testing a connection of the type ${name}.`,
    fullyQualifiedName: name,
    steps: steps.map((step, index) => ({
      name: step,
      description: `Stand-in: step ${step}.`,
      errorMessage: `Stand-in: step ${step} failed.`,
      mandatory: !OPTIONAL.has(step),
      shortCircuit: index === 0,
    })),
    version: 0.1,
    updatedAt: 0,
    updatedBy: 'admin',
    href: context.links.address('services/testConnectionDefinitions', id),
    deleted: false,
  };
}
