import { describe, expect, it } from 'vitest';
import { recipeOf, withValue } from './yaml-text.ts';

const text = `# From the cluster in the cellar.
source:
  type: Atlas # for now
  serviceName: ""
meridian:
  clusters: {prod: hive}
`;

describe('a recipe as text', () => {
  it('is a value, unless it is no YAML or no map', () => {
    expect(recipeOf(text)).toMatchObject({ source: { type: 'Atlas', serviceName: '' } });
    expect(recipeOf('a: [1')).toBeUndefined();
    expect(recipeOf('just words')).toBeUndefined();
    expect(recipeOf('')).toBeUndefined();
  });

  it('keeps its comments where another value comes in, and quotes only what needs it', () => {
    const value = { source: { type: 'File', serviceName: 'cellar' }, meridian: { clusters: { prod: 'hive' } } };
    expect(withValue(text, value)).toBe(text.replace('Atlas', 'File').replace('""', 'cellar'));
    const numeric = { ...recipeOf(text)!, source: { type: 'Atlas', serviceName: '42' } };
    expect(recipeOf(withValue(text, numeric))).toEqual(numeric);
  });

  it('loses keys that the value has not, and gets those that it has more', () => {
    const value = { source: { type: 'Atlas', serviceName: '', more: { list: ['a'] } } };
    const written = withValue(text, value);
    expect(recipeOf(written)).toEqual(value);
    expect(written).not.toContain('meridian');
    expect(written).toContain('# for now');
  });

  it('is written anew where it was no map', () => {
    expect(recipeOf(withValue('', { a: { b: [] } }))).toEqual({ a: { b: [] } });
    expect(recipeOf(withValue('a: [1', { a: 1 }))).toEqual({ a: 1 });
  });
});
