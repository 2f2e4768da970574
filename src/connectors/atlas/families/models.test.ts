import { expect, it } from 'vitest';
import { haveTypedefs, leftOut, ofKind, readWith } from './atlas-with.testing.ts';

it.skipIf(!haveTypedefs)('models of both kinds, with where they are kept and served', async () => {
  const reading = await readWith(({ add, relate, process }) => {
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
  });
  const models = new Map(ofKind(reading, 'mlmodel').map((model) => [model.path.join('/'), model]));
  expect([...models.keys()].sort()).toEqual([
    'atlas_ml/churn',
    'atlas_ml/churn-live',
    'atlas_ml/churn:7',
    'atlas_ml/forest',
    'atlas_ml/prepare',
  ]);
  expect(models.get('atlas_ml/churn')).toMatchObject({ algorithm: 'Project', description: 'Who leaves', owner: 'ada' });
  expect(models.get('atlas_ml/churn:7')).toMatchObject({
    algorithm: 'GBT',
    storage: 'registry/churn:7',
    hyperParameters: [{ name: 'depth', value: '6' }],
  });
  expect(models.get('atlas_ml/churn-live')).toMatchObject({ server: 'https://ml.example/churn' });
  expect(models.get('atlas_ml/forest')).toMatchObject({
    algorithm: 'Spark ML model',
    storage: 'hdfs://nn/models/forest',
    hyperParameters: [{ name: 'numTrees', value: '20' }],
  });
  expect(models.get('atlas_ml/prepare')).toMatchObject({ hyperParameters: [{ name: 'extra', value: 'free words' }] });
  expect(ofKind(reading, 'mlmodelService')).toEqual([
    { kind: 'mlmodelService', path: ['atlas_ml'], serviceType: 'CustomMlModel' },
  ]);
  expect(reading.lineage).toEqual([
    expect.objectContaining({
      from: { kind: 'mlmodel', path: ['atlas_ml', 'churn:7'] },
      to: { kind: 'mlmodel', path: ['atlas_ml', 'churn-live'] },
    }),
  ]);
  expect(leftOut(reading)).toEqual([]);
});
