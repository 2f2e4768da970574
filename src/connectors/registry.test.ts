import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folderName } from './connector-page.ts';
import { registry, sourceTypes } from './registry.ts';

describe.each(sourceTypes.map((type) => [type]))('the connector %s', (type) => {
  const { spec, load } = registry[type];
  const folder = join(import.meta.dirname, folderName(type));

  it('is what its line says', async () => {
    expect(spec.type).toBe(type);
    const connector = await load();
    for (const [capability, method] of [
      ['watch', 'createChangeFeed'],
      ['profiler', 'createProfilingEngine'],
    ] as const) {
      const isSaid = spec.capabilities.includes(capability);
      // Statistics that somebody else has computed are given out by the same method.
      if (isSaid || capability === 'watch') expect([capability, method in connector]).toEqual([capability, isSaid]);
    }
  });

  it('runs the contract of sources', () => {
    const tests = readdirSync(folder).filter((file) => file.endsWith('-contract.test.ts'));
    const texts = tests.map((file) => readFileSync(join(folder, file), 'utf8'));
    expect(texts.some((text) => text.includes('sourceContract') && text.includes(`connector: '${type}'`))).toBe(true);
  });
});
