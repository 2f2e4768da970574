import { expect, it } from 'vitest';
import { layOverConf } from './lay-over-conf.ts';

const recipe = {
  source: { serviceName: 's', sourceConfig: { config: { type: 'DatabaseMetadata', includeTags: true } } },
  workflowConfig: { openMetadataServerConfig: { hostPort: 'http://om.example' }, successThreshold: 90 },
};

it('what is read, and how much may fail, can be given for one run, key by key', () => {
  const filter = { tableFilterPattern: { includes: ['^orders$'] } };
  const conf = {
    reading: 'full',
    allowDeletes: '30%',
    source: { sourceConfig: { config: filter } },
    workflowConfig: { successThreshold: 50 },
  };
  expect(layOverConf(recipe, conf)).toEqual({
    reading: 'full',
    allowDeletes: 30,
    recipe: {
      source: {
        serviceName: 's',
        sourceConfig: { config: { type: 'DatabaseMetadata', includeTags: true, ...filter } },
      },
      workflowConfig: { openMetadataServerConfig: { hostPort: 'http://om.example' }, successThreshold: 50 },
    },
  });
  expect(layOverConf(recipe, {})).toEqual({ recipe });
});

it.each([
  [{ workflowConfig: { openMetadataServerConfig: { hostPort: 'http://evil.example' } } }, 'openMetadataServerConfig'],
  [{ workflowConfig: 'x' }, 'workflowConfig'],
  [{ source: null }, 'source'],
  [{ processor: { type: 'module', config: { path: '/tmp/x.mjs' } } }, 'processor'],
  [{ __proto__: null, constructor: { prototype: {} } }, 'constructor'],
  [{ source: { sourceConfig: { config: { note: '${env:HOME}' } } } }, 'reference'],
  [{ allowDeletes: 101 }, 'allowDeletes'],
  [{ allowDeletes: 'all' }, 'allowDeletes'],
])('%j is refused', (conf, word) => {
  expect(() => layOverConf(recipe, conf)).toThrow(
    expect.objectContaining({ code: 'airflow.conf', message: expect.stringContaining(word) }),
  );
});
