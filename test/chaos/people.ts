import type { Client } from '../../sandbox/openmetadata/test-client.ts';

/** Something that a person does in OpenMetadata, and how it is told later that it is still there. */
export interface PersonsEdit {
  readonly name: string;
  /** Texts and names may change at any moment; what rests on the place in a list, only between runs. */
  readonly duringRuns: boolean;
  /** @returns false while what it is about is not there yet */
  make(person: Client): Promise<boolean>;
  /** @returns true while the person's will still stands */
  stands(person: Client): Promise<boolean>;
}

const service = 'local_hive.prod';
const at = (name: string, fields = ''): string =>
  `/tables/name/${encodeURIComponent(`${service}.${name}`)}${fields && `?fields=${fields}`}`;

function text(name: string, asset: string, path: string, value: string, read: (doc: Doc) => unknown): PersonsEdit {
  return {
    name,
    duringRuns: true,
    make: (person) => change(person, asset, '', () => [{ op: 'add', path, value }]),
    stands: async (person) => read((await person.get(at(asset))).body) === value,
  };
}

// biome-ignore lint/suspicious/noExplicitAny: answers have the forms of the server's version.
type Doc = any;

/** Reads an asset and patches it; a server that says no is a mistake of the test. */
async function change(
  person: Client,
  asset: string,
  fields: string,
  patch: (doc: Doc) => readonly unknown[] | undefined,
): Promise<boolean> {
  const held = await person.get(at(asset, fields));
  if (held.status === 404) return false;
  const operations = patch(held.body);
  if (!operations) return false;
  const { status, body } = await person.patch(`/tables/${held.body.id}`, operations);
  if (status !== 200) throw new Error(`A person could not change ${asset}: ${status} ${JSON.stringify(body)}`);
  return true;
}

const label = (tagFQN: string): object => ({
  tagFQN,
  source: 'Classification',
  labelType: 'Manual',
  state: 'Confirmed',
});
const labelsOf = (doc: Doc): string[] => (doc.tags ?? []).map((tag: { tagFQN: string }) => tag.tagFQN);

const removesLabel: PersonsEdit = {
  name: 'takes a label off',
  duringRuns: false,
  make: (person) =>
    change(person, 'shop.orders', 'tags', (doc) => {
      const place = labelsOf(doc).indexOf('Atlas.RETENTION');
      return place < 0 ? undefined : [{ op: 'remove', path: `/tags/${place}` }];
    }),
  stands: async (person) => !labelsOf((await person.get(at('shop.orders', 'tags'))).body).includes('Atlas.RETENTION'),
};

const addsLabel: PersonsEdit = {
  name: 'puts a label on',
  duringRuns: false,
  make: (person) =>
    change(person, 'shop.returns', 'tags', (doc) => [
      { op: 'add', path: '/tags', value: [...(doc.tags ?? []), label('Tier.Tier1')] },
    ]),
  stands: async (person) => labelsOf((await person.get(at('shop.returns', 'tags'))).body).includes('Tier.Tier1'),
};

const clearsText: PersonsEdit = {
  name: 'clears a description',
  duringRuns: false,
  make: (person) =>
    change(person, 'shop.products', '', (doc) =>
      doc.description ? [{ op: 'remove', path: '/description' }] : undefined,
    ),
  stands: async (person) => !(await person.get(at('shop.products'))).body.description,
};

const drawsEdge: PersonsEdit = {
  name: 'draws an edge',
  duringRuns: true,
  make: async (person) => {
    const [from, to] = await Promise.all([person.get(at('shop.tills')), person.get(at('shop.shops'))]);
    if (from.status === 404 || to.status === 404) return false;
    const end = (doc: Doc): object => ({ id: doc.id, type: 'table' });
    const edge = { fromEntity: end(from.body), toEntity: end(to.body), lineageDetails: { sqlQuery: 'select by_ann' } };
    return (await person.put('/lineage', { edge })).status === 200;
  },
  stands: async (person) => {
    const path = `/lineage/table/name/${service}.shop.shops?upstreamDepth=1&downstreamDepth=0`;
    return JSON.stringify((await person.get(path)).body).includes('select by_ann');
  },
};

/** All that people do in one seed, each once. */
export const personsEdits: readonly PersonsEdit[] = [
  text(
    'rewrites a description that the source changes too',
    'shop.tills',
    '/description',
    'Ann on tills',
    (doc) => doc.description,
  ),
  text('rewrites a description', 'finance.ledger', '/description', 'Ann on the ledger', (doc) => doc.description),
  text('names a table', 'kitchen.ovens', '/displayName', 'Ann’s ovens', (doc) => doc.displayName),
  text(
    'describes a column',
    'shop.orders',
    '/columns/0/description',
    'Ann on a column',
    (doc) => doc.columns[0].description,
  ),
  removesLabel,
  addsLabel,
  clearsText,
  drawsEdge,
];
