import { describe, expect, it } from 'vitest';
import { ConfigurationError } from '../errors.ts';
import { type Capabilities, capabilitiesOf } from './capabilities.ts';
import { parseServerVersion } from './server-version.ts';

const of = (text: string): Capabilities => capabilitiesOf(parseServerVersion(text));

describe('a server version', () => {
  it.each([
    ['1.1.0-SNAPSHOT', 1, 1, 0],
    ['1.13.6', 1, 13, 6],
    ['1.5.0-rc1+build.7', 1, 5, 0],
    ['v1.9', 1, 9, 0],
  ])('%s is read', (text, major, minor, patch) => {
    expect(parseServerVersion(text)).toEqual({ major, minor, patch, text });
  });

  it.each(['', 'latest', undefined, null, 7, {}])('%j is none', (text) => {
    expect(() => parseServerVersion(text)).toThrow(ConfigurationError);
  });

  it.each(['1.0.5', '0.13.3'])('%s is too old', (text) => {
    expect(() => of(text)).toThrow(/1\.1 is the oldest/);
  });

  it('newer than known counts as the newest known, and says so', () => {
    const known = of('1.13.9');
    expect(known.newerThanKnown).toBe(false);
    for (const text of ['1.14.0', '2.0.1']) {
      expect(of(text)).toEqual({ ...known, version: parseServerVersion(text), newerThanKnown: true });
    }
  });
});

// The version that changed each, from the contract: the one before still has the old way.
it.each([
  ['ownerKey', '1.4', 'owner', '1.5', 'owners'],
  ['viewKey', '1.3', 'viewDefinition', '1.4', 'schemaDefinition'],
  ['viewTextNeedsViewType', '1.3', true, '1.4', false],
  ['bulk', '1.10', false, '1.11', true],
  ['lineageEdgeRead', '1.3', false, '1.4', true],
  ['lineageSource', '1.1', false, '1.2', true],
  ['sourceHash', '1.1', false, '1.2', true],
  ['statusSteps', '1.2', false, '1.3', true],
] as const)('%s: %s %s, %s %s', (key, before, old, since, now) => {
  expect(of(`${before}.9`)[key]).toBe(old);
  expect(of(`${since}.0`)[key]).toBe(now);
});
