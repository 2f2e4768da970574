import { type DatabaseSpec, pii, plain } from './table-spec.ts';

const AUDIT = plain('FINANCE.AUDIT');

/** Books, invoices and payroll. */
export const FINANCE: DatabaseSpec = {
  name: 'finance',
  cluster: 'prod',
  owner: 'ruth',
  description: 'The books',
  tables: [
    {
      name: 'ledger',
      description: 'Every booking since 2020',
      owner: 'ruth',
      classifications: [AUDIT],
      labels: ['audited'],
      columns: `
        booking_id | bigint
        account_no | char(6)
        booked_on | date
        amount | decimal(38,10) | Negative is credit
        text | string
        document | string`,
      partitions: 'fiscal_year | int',
    },
    { name: 'accounts', owner: 'ruth', columns: 'account_no | char(6)\nname | string\nkind | string' },
    {
      name: 'invoices',
      owner: 'ruth',
      classifications: [AUDIT],
      columns: 'invoice_no | string\ncustomer_id | bigint\nissued_on | date\ndue_on | date\ntotal | decimal(14,2)',
    },
    {
      name: 'invoice_lines',
      owner: 'ruth',
      columns: 'invoice_no | string\nline_no | int\ntext | string\namount | decimal(14,2)',
    },
    {
      name: 'payments',
      owner: 'ruth',
      columns: 'payment_id | bigint\ninvoice_no | string\npaid_on | date\namount | decimal(14,2)',
    },
    {
      name: 'daily_takings',
      owner: 'ruth',
      description: 'What came in, by shop and day',
      classifications: [plain('Metric'), AUDIT],
      columns: 'shop_code | string\nday | string\ntakings | decimal(22,2)\nrefunds | decimal(22,2)\norders | bigint',
    },
    {
      name: 'vat_rates',
      owner: 'ruth',
      columns: 'country | char(2)\nkind | string\nrate | decimal(5,4)\nvalid_from | date',
    },
    {
      name: 'payroll',
      owner: 'ruth',
      classifications: [pii('high', false)],
      columns: 'employee_no | int\nfull_name | string\nmonth | string\ngross | decimal(12,2)\niban | varchar(34)',
    },
    { name: 'budget_2025', owner: 'ruth', columns: 'account_no | char(6)\nmonth | tinyint\nplanned | decimal(14,2)' },
    {
      name: 'v_takings_by_shop',
      owner: 'ruth',
      type: 'VIRTUAL_VIEW',
      query: 'select shop_code, sum(takings) as takings from finance.daily_takings group by shop_code',
      columns: 'shop_code | string\ntakings | decimal(32,2)',
    },
    {
      name: 'mv_month_close',
      owner: 'ruth',
      type: 'MATERIALIZED_VIEW',
      query: 'select month, sum(amount) as result from finance.ledger group by month',
      columns: 'month | string\nresult | decimal(38,10)',
    },
    {
      name: 'ledger_2019',
      owner: 'ruth',
      description: 'Dropped after the audit',
      deleted: true,
      columns: 'booking_id | bigint\namount | decimal(14,2)',
    },
    { name: 'bank_feed', owner: 'etl', shell: true, columns: '' },
  ],
};
