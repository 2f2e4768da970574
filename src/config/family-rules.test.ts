import { expect, it } from 'vitest';
import { familyFindings } from './family-rules.ts';

it('a word that names no family is a mistake, with the one that was meant', () => {
  expect(familyFindings({ kafka: 'a', 's3@prod': 'b', 'rdbms@crm@pg': 'c' })).toEqual([]);
  expect(familyFindings({ 'kafca@prod': 'events' })).toEqual([
    expect.objectContaining({
      path: ['meridian', 'services', 'kafca@prod'],
      at: 'key',
      message: '“kafca” is no family of Atlas types.',
      suggestion: 'Did you mean “kafka”?',
    }),
  ]);
  expect(familyFindings({ dashboards: 'x' })[0]!.expected).toContain('hive, rdbms');
});
