import type { Builder } from './atlas-with.testing.ts';

const hour = 3_600_000;

const labelled = { classifications: [{ typeName: 'PII', attributes: { level: 'high' }, propagate: false }] };

/** Two instances; a shop's database with orders that point to customers in another schema. */
export function shop({ add, relate }: Builder): void {
  const instance = add('rdbms_instance', {
    qualifiedName: 'shop-ora@prod',
    rdbms_type: 'Oracle 19c',
    comment: 'Tills',
  });
  const other = add('rdbms_instance', { qualifiedName: 'hr-my@prod', name: 'hr-my', rdbms_type: 'mysql' });
  const db = add('rdbms_db', { qualifiedName: 'shop@shop-ora', description: 'Everything sold', owner: 'dba' });
  const hr = add('rdbms_db', { qualifiedName: 'hr@hr-my' });
  relate('rdbms_instance_databases', instance, db);
  relate('rdbms_instance_databases', other, hr);
  const table = (name: string, schema: string | undefined, parent: typeof db) => {
    const qualifiedName = `${parent.attributes['name']}.${schema ?? ''}.${name}@x`;
    const made = add('rdbms_table', {
      qualifiedName,
      name,
      name_path: schema,
      type: 'TABLE',
      comment: `Table ${name}`,
    });
    relate('rdbms_db_tables', parent, made);
    return made;
  };
  const column = (of: ReturnType<typeof table>, name: string, more: Record<string, unknown> = {}, labels = {}) => {
    const qualifiedName = `${of.attributes['qualifiedName']}.${name}`;
    const made = add(
      'rdbms_column',
      { qualifiedName, name, data_type: 'NUMBER(10)', isNullable: true, ...more },
      labels,
    );
    relate('rdbms_table_columns', of, made);
    return made;
  };
  const orders = table('SALES.ORDERS', 'SALES', db);
  const orderId = column(orders, 'ID', { isPrimaryKey: true, isNullable: false });
  const line = column(orders, 'LINE', { isPrimaryKey: true, isNullable: false });
  const customer = column(orders, 'CUSTOMER', { isNullable: false });
  const receipt = column(orders, 'RECEIPT', { data_type: 'VARCHAR2', length: 40 });
  const customers = table('CUSTOMERS', 'CRM', db);
  const customerId = column(customers, 'ID', { isPrimaryKey: true, isNullable: false }, labelled);
  const index = (name: string, columns: (typeof orderId)[], isUnique: boolean) => {
    const made = add('rdbms_index', { qualifiedName: `${name}@x`, name, isUnique, index_type: 'btree' });
    relate('rdbms_table_indexes', orders, made);
    for (const each of columns) relate('rdbms_index_columns', made, each);
  };
  index('ORDERS_PK', [line, orderId], true);
  index('ORDERS_RECEIPT', [receipt], true);
  index('ORDERS_CUSTOMER', [customer], false);
  const key = add('rdbms_foreign_key', { qualifiedName: 'FK_CUSTOMER@x' });
  relate('rdbms_table_foreign_key', orders, key);
  relate('rdbms_foreign_key_key_columns', key, customer);
  relate('rdbms_foreign_key_table_references', key, customers);
  relate('rdbms_foreign_key_column_references', key, customerId);
  const people = table('people', undefined, hr);
  column(people, 'id', { data_type: 'int unsigned' });
  column(people, 'name', { data_type: 'varchar', length: 80 });
}

/** Inside first, as a search may give it. */
export function clouds({ add, relate }: Builder): void {
  const blob = add('adls_gen2_blob', {
    qualifiedName: 'abfs://raw@acct.dfs/2026/a.parquet@prod',
    name: 'a.parquet',
    contentLength: 512,
    url: 'https://acct.dfs/raw/2026/a.parquet',
  });
  const folder = add('adls_gen2_directory', { qualifiedName: 'abfs://raw@acct.dfs/2026@prod', name: '2026' });
  const raw = add('adls_gen2_container', { qualifiedName: 'abfs://raw@acct.dfs@prod', name: 'raw' });
  const account = add('adls_gen2_account', { qualifiedName: 'abfs://acct@prod', name: 'acct', owner: 'ops' });
  relate('adls_gen2_account_containers', account, raw);
  relate('adls_gen2_parent_children', raw, folder);
  relate('adls_gen2_parent_children', folder, blob);

  const object = add('gcp_storage_object', { qualifiedName: 'gs://lake/in/x.csv@prod', name: 'in/x.csv', size: 7 });
  const virtual = add('gcp_storage_virtual_directory', {
    qualifiedName: 'gs://lake/in/@prod',
    name: 'in/',
    objectPrefix: 'in/',
  });
  const bucket = add('gcp_storage_bucket', { qualifiedName: 'gs://lake@prod', name: 'lake' });
  relate('gcp_storage_parent_children', bucket, virtual);
  relate('gcp_storage_parent_children', virtual, object);

  const key = add('ozone_key', { qualifiedName: 'o3fs://b.v/k@prod', name: 'k', dataSize: 9 });
  const ozoneBucket = add('ozone_bucket', { qualifiedName: 'o3fs://b.v@prod', name: 'b' });
  const volume = add('ozone_volume', { qualifiedName: 'o3fs://v@prod', name: 'v' });
  relate('ozone_volume_buckets', volume, ozoneBucket);
  relate('ozone_parent_children', ozoneBucket, key);
}

export function firstS3({ add, relate }: Builder): void {
  const bucket = add('aws_s3_bucket', { qualifiedName: 's3://logs@prod', name: 'logs', description: 'All logs' });
  const folder = add('aws_s3_pseudo_dir', {
    qualifiedName: 's3://logs/web/2026/@prod',
    name: '/web/2026',
    objectPrefix: '/web/2026/',
    dataType: 'json',
  });
  const object = add('aws_s3_object', {
    qualifiedName: 's3://logs/web/2026/a.csv@prod',
    name: 'web/2026/a.csv',
    size: 12,
  });
  relate('aws_s3_bucket_aws_s3_pseudo_dirs', bucket, folder);
  relate('aws_s3_pseudo_dir_aws_objects', folder, object);
}

export function secondS3({ add, relate }: Builder): void {
  const object = add('aws_s3_v2_object', { qualifiedName: 's3a://lake/a/b/c@prod', name: 'c', size: 3 });
  const inner = add('aws_s3_v2_directory', { qualifiedName: 's3a://lake/a/b/@prod', name: 'b', objectPrefix: '/a/b/' });
  const outer = add('aws_s3_v2_directory', { qualifiedName: 's3a://lake/a/@prod', name: 'a', objectPrefix: '/a/' });
  const bucket = add('aws_s3_v2_bucket', { qualifiedName: 's3a://lake@prod', name: 'lake' });
  relate('aws_s3_v2_container_contained', bucket, outer);
  relate('aws_s3_v2_container_contained', outer, inner);
  relate('aws_s3_v2_container_contained', inner, object);
}

/** A topic whose Avro schema is known by its fields: a record within it, a choice, a list. */
export function topicWithFields({ add, relate }: Builder): void {
  const topic = add('kafka_topic', {
    qualifiedName: 'orders@prod',
    name: 'Orders',
    topic: 'orders',
    partitionCount: 12,
    replicationFactorLocal: 3,
    retentiontimeLocalInHrs: 48,
    retentionBytesLocal: 1024,
  });
  const type = (typeName: string, name: string, more = {}) =>
    add(typeName, { qualifiedName: `${name}.type`, name, ...more });
  const text = type('avro_primitive', 'string');
  const nothing = type('avro_primitive', 'null');
  const number = type('avro_primitive', 'long');
  const list = type('avro_collection', 'items', { type: 'array' });
  const address = type('avro_record', 'Address');
  const schema = add('avro_schema', { qualifiedName: 'Order@v1', name: 'Order', namespace: 'shop', doc: 'One order' });
  relate('kafka_topic_avroSchema', topic, schema);
  const field = (of: typeof schema, name: string, types: (typeof text)[], more = {}, labels = {}) => {
    const made = add('avro_field', { qualifiedName: `${of.attributes['name']}.${name}`, name, ...more }, labels);
    relate('avro_record_fields', of, made);
    for (const each of types) relate('avro_field_types', made, each);
  };
  field(schema, 'id', [number], { doc: 'Key' });
  field(schema, 'mail', [nothing, text], {}, labelled);
  field(schema, 'either', [number, text]);
  field(schema, 'lines', [list]);
  field(schema, 'address', [address]);
  field(address, 'city', [text]);
}

export function sessions({ add, relate }: Builder): void {
  const space = add('hbase_namespace', { qualifiedName: 'web@prod', clusterName: 'prod', owner: 'hb' });
  const table = add('hbase_table', { qualifiedName: 'web:sessions@prod', name: 'sessions', uri: 'sessions' });
  relate('hbase_table_namespace', table, space);
  for (const name of ['d', 'a']) {
    const family = add('hbase_column_family', {
      qualifiedName: `web:sessions.${name}@prod`,
      name,
      description: `Family ${name}`,
    });
    relate('hbase_table_column_families', table, family);
    if (name === 'a') continue;
    for (const qualifier of ['user', 'at']) {
      const column = add('hbase_column', { qualifiedName: `web:sessions.d.${qualifier}@prod`, name: qualifier });
      relate('hbase_column_family_columns', family, column);
    }
  }
}

export function guests({ add, relate }: Builder): void {
  const cluster = add('couchbase_cluster', { qualifiedName: 'cb1', name: 'cb1', url: 'couchbase://cb1' });
  const bucket = add('couchbase_bucket', { qualifiedName: 'cb1/hotel', name: 'hotel' });
  const scope = add('couchbase_scope', { qualifiedName: 'cb1/hotel/inventory', name: 'inventory' });
  const collection = add('couchbase_collection', { qualifiedName: 'cb1/hotel/inventory/guests', name: 'guests' });
  relate('couchbase_cluster_buckets', cluster, bucket);
  relate('couchbase_bucket_scopes', bucket, scope);
  relate('couchbase_scope_collections', scope, collection);
  const field = (name: string, fieldType: string) =>
    add('couchbase_field', { qualifiedName: `cb1/hotel/inventory/guests/${name}`, name, fieldType, fieldPath: name });
  const address = field('address', 'object');
  relate('couchbase_collection_fields', collection, address);
  relate('couchbase_collection_fields', collection, field('age', 'number'));
  for (const name of ['city', 'zip']) relate('couchbase_field_fields', address, field(name, 'string'));
}

/** Tables and columns of a lake, to make lineage between. */
function lake({ add, relate }: Builder) {
  const db = add('spark_db', { qualifiedName: 'lake@prod', clusterName: 'prod' });
  const made = (name: string) => {
    const table = add('spark_table', { qualifiedName: `lake.${name}@prod`, name, tableType: 'MANAGED' });
    const column = add('spark_column', { qualifiedName: `lake.${name}.id@prod`, name: 'id', type: 'bigint' });
    relate('spark_table_db', table, db);
    relate('spark_table_columns', table, column);
    return { table, column };
  };
  return { raw: made('raw'), clean: made('clean'), report: made('report') };
}

export function jobs(builder: Builder): void {
  const { add, relate, process } = builder;
  const { raw, clean, report } = lake(builder);
  const application = add('spark_application', { qualifiedName: 'nightly@prod', name: 'nightly', owner: 'etl' });
  const step = (name: string, from: typeof raw, to: typeof raw, queryText: string) => {
    const made = process('spark_process', { qualifiedName: `${name}@prod`, name, queryText }, [from.table], [to.table]);
    relate('spark_application_processes', application, made);
    return made;
  };
  const cleaning = step('clean', raw, clean, 'insert into clean select * from raw');
  step('report', clean, report, 'insert into report select * from clean');
  const columns = process('spark_column_lineage', { qualifiedName: 'clean:id@prod' }, [raw.column], [clean.column]);
  relate('spark_process_column_lineages', columns, cleaning);
  const hive = process(
    'hive_process',
    { qualifiedName: 'merge@prod:17', name: 'merge', queryText: 'merge …', operationType: 'QUERY', startTime: 5 },
    [report.table],
    [report.table],
  );
  for (const day of [1, 2]) {
    const run = add('hive_process_execution', {
      qualifiedName: `merge@prod:17:${day}`,
      name: `merge ${day}`,
      startTime: day * 24 * hour,
      ...(day === 1 && { endTime: day * 24 * hour + hour }),
    });
    relate('hive_process_process_executions', hive, run);
  }
  const times = { queryCreateTime: 7 * hour, queryEndTime: 8 * hour };
  const trino = process(
    'trino_process',
    { qualifiedName: 'q1@trino1', queryText: 'insert …', ...times },
    [raw.table],
    [report.table],
  );
  const expression = { qualifiedName: 'q1:id@trino1', expression: 'id + 1' };
  relate(
    'trino_process_column_lineage',
    process('trino_column_lineage', expression, [raw.column], [report.column]),
    trino,
  );
  const gone = process('impala_process', { qualifiedName: 'old@prod' }, [clean.table], [raw.table]);
  gone.status = 'DELETED';
}

export function dashboards({ add, process }: Builder): void {
  const revenue = add('retail_dashboard', { qualifiedName: 'dash:revenue', name: 'Revenue', url: 'https://bi/1' });
  const store = add('sqoop_dbdatastore', { qualifiedName: 'jdbc:pg', name: 'pg', dbStoreType: 'postgres' });
  process('Process', { qualifiedName: 'publish@prod' }, [store], [revenue]);
  add('falcon_cluster', { qualifiedName: 'f@prod', colo: 'eu' });
  add('hive_storagedesc', { qualifiedName: 'a@prod_storage' });
  add('hive_storagedesc', { qualifiedName: 'b@prod_storage' });
}

export function models({ add, relate, process }: Builder): void {
  const project = add('ml_project', {
    qualifiedName: 'churn@prod',
    name: 'churn',
    description: 'Who leaves',
    owner: 'ada',
  });
  const build = add('ml_model_build', {
    qualifiedName: 'churn/7@prod',
    name: 'churn',
    version: 7,
    metadata: { algorithm: 'GBT', depth: '6' },
    imageTag: 'registry/churn:7',
  });
  const deployment = add('ml_model_deployment', {
    qualifiedName: 'churn/live@prod',
    name: 'churn-live',
    modelEndpointURL: 'https://ml.example/churn',
  });
  relate('ml_project_model_build', project, build);
  relate('ml_build_deployment', build, deployment);
  process('ml_model_deploy_process', { qualifiedName: 'deploy@prod' }, [build], [deployment]);
  const model = add('spark_ml_model', { qualifiedName: 'forest@prod', extra: '{"numTrees": 20}' });
  const directory = add('spark_ml_directory', {
    qualifiedName: 'dir@prod',
    uri: 'hdfs://nn/models/forest',
    directory: '/x',
  });
  relate('spark_ml_model_ml_directory', model, directory);
  add('spark_ml_pipeline', { qualifiedName: 'prepare@prod', extra: 'free words' });
}

/** Something of every family. */
export function everyFamily(builder: Builder): void {
  for (const fill of [shop, clouds, firstS3, topicWithFields, sessions, guests, jobs, dashboards, models])
    fill(builder);
}
