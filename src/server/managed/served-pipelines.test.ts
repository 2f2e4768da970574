import { expect, it } from 'vitest';
import { sourceTypes } from '../../connectors/registry.ts';
import { requireServedConnection } from './served-pipelines.ts';

it.each([...sourceTypes])('a service of type %s is served, since there is a connector', (type) => {
  expect(() => requireServedConnection(type)).not.toThrow();
});

it.each(['Mysql', './evil', '/tmp/evil.mjs', '@evil/connector', '', 'toString'])(
  'one of type “%s” is not: what OpenMetadata’s pages say never loads code',
  (type) => {
    expect(() => requireServedConnection(type)).toThrow(/Meridian has no connector of type/);
  },
);
