// @ts-check
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { loadRecipe } from 'meridian-metadata';
import { sourceContract } from 'meridian-metadata/testing';
import connector from './index.js';
import { startSample } from './sample-server.js';

const token = 'token-of-the-tests';
/** @type {Awaited<ReturnType<typeof startSample>>} */
let sample;
/** @type {Awaited<ReturnType<typeof startSample>>} */
let broken;

before(async () => {
  sample = await startSample({ token });
});
after(async () => {
  await sample?.close();
  await broken?.close();
});

describe('Template Name keeps the contract of sources', () => {
  const rules = sourceContract({
    connector,
    connection: () => ({ hostPort: sample.url, token, pageSize: 5 }),
    failing: async () => {
      await broken?.close();
      broken = await startSample({ token, failsAfter: 12 });
      return { hostPort: broken.url, token, pageSize: 5 };
    },
    secrets: [token],
  });
  for (const { name, check } of rules) test(name, check);
});

/** @param {object} connection @returns {Promise<string[]>} what is wrong with it */
async function mistakesOf(connection) {
  const recipe = {
    source: {
      type: './',
      serviceName: 'template_name',
      serviceConnection: { config: connection },
      sourceConfig: { config: {} },
    },
    sink: { type: 'metadata-rest' },
    workflowConfig: {
      openMetadataServerConfig: { hostPort: 'http://localhost:8585/api', securityConfig: { jwtToken: 'a-token' } },
    },
  };
  try {
    await loadRecipe(recipe, { cwd: import.meta.dirname });
    return [];
  } catch (error) {
    const { problems } = /** @type {{ problems: { path: string, message: string }[] }} */ (error);
    return problems.map(({ path, message }) => `${path.split('.').at(-1)}: ${message}`);
  }
}

describe('a recipe for Template Name', () => {
  test('is fine with an address and a token', async () => {
    assert.deepEqual(await mistakesOf({ hostPort: 'http://localhost:8099', token }), []);
  });

  test('is told what is wrong with it', async () => {
    assert.deepEqual(await mistakesOf({ hostPort: 'localhost', tokn: token }), [
      'hostPort: This is no address.',
      'tokn: There is no key “tokn” here.',
    ]);
  });
});
