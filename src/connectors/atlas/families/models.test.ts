import { expect, it } from 'vitest';
import { haveTypedefs, leftOut, ofKind, readWith } from './atlas-with.testing.ts';
import { models as samples } from './family-samples.testing.ts';

it.skipIf(!haveTypedefs)('models of both kinds, with where they are kept and served', async () => {
  const reading = await readWith(samples);
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
