import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { atlasConnection } from './atlas-connection.ts';
import { databaseMetadata } from './database-metadata.ts';
import { openMetadataConnection } from './openmetadata-connection.ts';
import type { JsonSchema } from './parts.ts';
import { workflow } from './workflow.ts';

type Node = { readonly [key: string]: unknown };

const official = join(import.meta.dirname, '../../../shared/openmetadata/schemas');
const there = existsSync(official);
if (!there) console.warn('Skipped: the official schemas are not beside the repository.');

/** A part of an official schema, its references followed, with the file that it stands in. */
function part(file: string, pointer: readonly string[]): { file: string; node: Node } {
  const whole = JSON.parse(readFileSync(join(official, file), 'utf8')) as Node;
  let at = { file, node: whole };
  for (const step of pointer) {
    at = { file: at.file, node: at.node[step] as Node };
    while (typeof at.node['$ref'] === 'string') {
      const [target = '', inner = ''] = at.node['$ref'].split('#');
      const next = target === '' ? at.file : join(dirname(at.file), target);
      at = part(next, inner.split('/').filter(Boolean));
    }
  }
  return at;
}

const propertiesOf = (node: Node): Node => (node['properties'] ?? {}) as Node;
const namesOf = (node: Node): string[] => Object.keys(propertiesOf(node)).sort();
const inner = (schema: JsonSchema, ...path: string[]): JsonSchema =>
  path.reduce((at, name) => propertiesOf(at)[name] as JsonSchema, schema);

interface Case {
  readonly name: string;
  readonly ours: JsonSchema;
  readonly file: string;
  readonly pointer: readonly string[];
  /** Ours only: keys of earlier or later versions, and our own. */
  readonly more?: readonly string[];
  /** Keys that a run cannot do without although the official schema leaves them open. */
  readonly alsoRequired?: readonly string[];
}

const workflowFile = 'metadataIngestion/workflow.json';
const config = ['properties', 'openMetadataWorkflowConfig'];
const cases: readonly Case[] = [
  {
    name: 'Atlas connection',
    ours: atlasConnection,
    file: 'entity/services/connections/metadata/atlasConnection.json',
    pointer: [],
  },
  {
    name: 'DatabaseMetadata',
    ours: databaseMetadata,
    file: 'metadataIngestion/databaseServiceMetadataPipeline.json',
    pointer: [],
    // 1.0 and 1.1; 1.1; a patch of 1.12.
    more: ['markAllDeletedTables', 'viewParsingTimeoutLimit', 'includeCustomProperties'],
  },
  {
    name: 'OpenMetadata connection',
    ours: openMetadataConnection,
    file: 'entity/services/connections/metadata/openMetadataConnection.json',
    pointer: [],
  },
  {
    name: 'workflow',
    ours: workflow,
    file: workflowFile,
    pointer: config,
    more: ['meridian'],
    alsoRequired: ['sink'],
  },
  {
    name: 'source',
    ours: inner(workflow, 'source'),
    file: workflowFile,
    pointer: [...config, 'properties', 'source'],
    alsoRequired: ['serviceName', 'serviceConnection'],
  },
  {
    name: 'workflowConfig',
    ours: inner(workflow, 'workflowConfig'),
    file: workflowFile,
    pointer: [...config, 'properties', 'workflowConfig'],
  },
];

describe.skipIf(!there).each(cases)('$name beside the official schema', ({ ours, file, pointer, ...differences }) => {
  it('has its keys', () => {
    const expected = [...namesOf(part(file, pointer).node), ...(differences.more ?? [])].sort();
    expect(namesOf(ours)).toEqual(expected);
  });

  it('needs the same keys', () => {
    const required = (part(file, pointer).node['required'] ?? []) as readonly string[];
    const expected = [...required, ...(differences.alsoRequired ?? [])].sort();
    expect([...((ours['required'] ?? []) as readonly string[])].sort()).toEqual(expected);
  });

  it('has the same kinds of value, and takes every value of its enumerations', () => {
    for (const name of namesOf(part(file, pointer).node)) {
      const { node } = part(file, [...pointer, 'properties', name]);
      const mine = propertiesOf(ours)[name] as Node;
      const values = node['enum'] as readonly string[] | undefined;
      for (const value of values ?? []) {
        const taken = mine['enum']
          ? (mine['enum'] as readonly string[]).includes(value)
          : new RegExp(String(mine['pattern'])).test(value);
        expect(taken, `${name}: ${value}`).toBe(true);
      }
      // A percentage may be broken; everything else is of the official kind.
      const kind = name === 'successThreshold' ? 'number' : node['type'];
      if (kind !== undefined) expect(mine['type'], name).toBe(kind);
    }
  });
});
