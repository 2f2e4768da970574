import { expect, it } from 'vitest';
import { capabilitiesOf } from './capabilities.ts';
import { profileBody, sampleDataBody } from './profile-body.ts';
import { parseServerVersion } from './server-version.ts';

const capabilities = (version: string) => capabilitiesOf(parseServerVersion(version));
const none: ReadonlySet<string> = new Set();

it.each([
  ['1.1.0', false],
  ['1.6.0', true],
  ['1.12.3', true],
  ['1.13.0', false],
])('a sample’s method is told to %s: %s', (version, told) => {
  const sample = { size: 10, type: 'PERCENTAGE', method: 'SYSTEM' } as const;
  const { body } = profileBody({ timestamp: 1, columns: [], sample }, capabilities(version), none);
  expect(body).toEqual({
    tableProfile: {
      timestamp: 1,
      profileSample: 10,
      profileSampleType: 'PERCENTAGE',
      ...(told && { samplingMethodType: 'SYSTEM' }),
    },
    // Some versions of 1.1 fail without it.
    columnProfile: [],
  });
});

it('leaves out what JSON cannot hold, and says what that was', () => {
  const columns = [
    {
      name: 'a',
      mean: Number.NaN,
      max: Number.POSITIVE_INFINITY,
      min: 1,
      histogram: { boundaries: ['1 to 2'], frequencies: [Number.NaN] },
      approximate: { distinctCount: 0.01 },
    },
  ];
  const { body, unfit } = profileBody({ timestamp: 1, columns, createdAt: 0 }, capabilities('1.13.0'), none);
  expect(body['columnProfile']).toEqual([{ name: 'a', timestamp: 1, min: 1 }]);
  expect(body['tableProfile']).toEqual({ timestamp: 1, createDateTime: '1970-01-01T00:00:00.000Z' });
  expect(unfit.map(({ metric }) => metric)).toEqual(['mean', 'max', 'histogram']);
});

it('sample values become what JSON and the server take', () => {
  const long = 'x'.repeat(5000);
  const row = [
    ...[1, Number.NaN, -Infinity, 12n, null, undefined, true, 'text', long, new Date(0), new Date(Number.NaN)],
    ...[new Uint8Array([1, 2, 3]), { a: [2n, Number.NaN] }],
  ];
  const { rows } = sampleDataBody({ columns: row.map((_, i) => `c${i}`), rows: [row] }) as { rows: unknown[][] };
  expect(rows[0]).toEqual([
    ...[
      1,
      'NaN',
      '-Infinity',
      '12',
      null,
      null,
      true,
      'text',
      `${'x'.repeat(4000)}…`,
      '1970-01-01T00:00:00.000Z',
      null,
    ],
    ...['[base64]AQID', { a: ['2', 'NaN'] }],
  ]);
  expect(JSON.parse(JSON.stringify(rows))).toEqual(rows);
});
