import { type DatabaseSpec, type NewClassification, pii } from './table-spec.ts';

const EMAIL: NewClassification = {
  typeName: 'PII_EMAIL',
  attributes: { level: 'high', reviewed: true },
  propagate: true,
};

/** Customers with a card. */
export const LOYALTY: DatabaseSpec = {
  name: 'loyalty',
  cluster: 'prod',
  owner: 'jonas',
  description: 'People with a bread card, and what we may send them',
  tables: [
    {
      name: 'customers',
      description: 'One row a card holder.\n\n> Ask Jonas before you copy this anywhere.',
      owner: 'jonas',
      classifications: [pii('high')],
      columnClassifications: {
        email: [EMAIL],
        allergies: [{ typeName: 'PII_HEALTH', attributes: { level: 'high', reviewed: true }, propagate: true }],
      },
      labels: ['core', 'gdpr'],
      care: { steward: 'jonas', level: 'GOLD', costCentre: 4200 },
      columns: `
        customer_id | bigint
        full_name | string
        email | varchar(320) | Where the newsletter goes
        born_on | date
        allergies | array<string>
        favourite_shop | char(4)
        preferences | map<string,string>
        joined_at | timestamp`,
    },
    {
      name: 'customer_addresses',
      owner: 'jonas',
      columns:
        'customer_id | bigint\nkind | string\naddress | struct<street:string,zip:string,city:string,country:string>',
      columnClassifications: { address: [pii('medium')] },
    },
    {
      name: 'cards',
      owner: 'jonas',
      columns: 'card_no | string\ncustomer_id | bigint\nissued_on | date\nblocked | boolean',
    },
    { name: 'card_events', owner: 'jonas', columns: 'card_no | string\nat | timestamp\npoints | int\nreason | string' },
    {
      name: 'consents',
      owner: 'jonas',
      columns: 'customer_id | bigint\npurpose | string\ngiven | boolean\nat | timestamp',
    },
    {
      name: 'newsletters',
      owner: 'lea',
      columns: 'newsletter_id | int\nsubject | string\nhtml | string\nsent_at | timestamp',
    },
    {
      name: 'newsletter_opens',
      owner: 'lea',
      columns: 'newsletter_id | int\nemail | varchar(320)\nopened_at | timestamp',
      columnClassifications: { email: [{ ...EMAIL, propagate: false }] },
    },
    { name: 'segments', owner: 'lea', columns: 'segment_id | int\nname | string\nrule | string' },
    { name: 'customer_segments', owner: 'lea', columns: 'customer_id | bigint\nsegment_id | int\nsince | date' },
    {
      name: 'v_active_customers',
      owner: 'lea',
      type: 'VIRTUAL_VIEW',
      query: "select customer_id, email from loyalty.customers where joined_at > '2024-01-01'",
      columns: 'customer_id | bigint\nemail | varchar(320)',
    },
    {
      name: 'customer_360',
      owner: 'lea',
      description: 'All we know about a card holder in one row',
      columns: 'customer_id | bigint\norders | bigint\nspent | decimal(22,2)\npoints | bigint\nlast_seen | timestamp',
    },
    {
      name: 'Gäste "Stamm" ::>Liste',
      owner: 'lea',
      description: 'Regulars of the first shop, typed in by hand — the name as well',
      columns: 'Größe | string | XS … XL\nname "so" | string\nЧай | boolean | likes tea',
    },
    {
      name: 'survey_2019',
      owner: 'lea',
      classifications: [
        { typeName: 'Deprecated', attributes: { replacement: 'loyalty.customer_360' }, propagate: false },
      ],
      columns: 'answer_id | bigint\nquestion | string\nanswer | string',
    },
  ],
};
