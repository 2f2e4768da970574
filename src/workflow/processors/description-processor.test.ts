import { describe, expect, it } from 'vitest';
import type { TableRecord } from '../../model/records.ts';
import { DescriptionProcessor } from './description-processor.ts';
import { makeHtmlSafe } from './safe-html.ts';
import { column, table } from './sample-records.testing.ts';
import { stripHtml } from './strip-html.ts';

describe('HTML made safe', () => {
  it.each([
    '# Orders\n\n* one **row** an order\n* `<script>` is text here\n\n```\n<img onerror=x>\n```',
    'array<string> and a < b > c',
    'Tom & Jerry <tom@example.org>',
    '<b>bold</b> <a href="https://example.org">link</a>',
  ])('leaves %j alone', (text) => {
    expect(makeHtmlSafe(text)).toBe(text);
  });

  it.each([
    ['a<script>alert(1)</script>b', 'ab'],
    ['a<SCRIPT src=//x.example>b', 'ab'],
    ['<img src="x.png" onerror="alert(1)">', '<img src="x.png">'],
    ['<a href="javascript:alert(1)">go</a>', '<a href="#">go</a>'],
    ['[go](javascript:alert)', '[go](#)'],
    ['<iframe src="//x.example"></iframe>kept', 'kept'],
    ['<form><input name=a>text</form>', 'text'],
    ['before<!-- hidden -->after', 'beforeafter'],
    ['<b title="`"><img src=x onerror=alert(1)>`</b>', '<b title="`"><img src=x>`</b>'],
  ])('turns %j into %j', (text, safe) => {
    expect(makeHtmlSafe(text)).toBe(safe);
  });
});

describe('HTML stripped', () => {
  it.each([
    ['<p>Orders of the <b>shop</b>.</p><p>Daily.</p>', 'Orders of the shop.\n\nDaily.'],
    ['one<br/>two', 'one\ntwo'],
    ['<ul><li>a</li><li>b</li></ul>', '- a\n- b'],
    ['a &lt; b &amp;amp; c &#233;&#x41;', 'a < b &amp; c éA'],
    ['map<string,array<int>>', 'map<string,array<int>>'],
    ['**bold** stays, `<b>` too', '**bold** stays, `<b>` too'],
  ])('turns %j into %j', (text, plain) => {
    expect(stripHtml(text)).toBe(plain);
  });
});

it('cleans the descriptions of tables and of their columns', () => {
  const description = 'x<script>1</script>';
  const record = table({ description, columns: [column({ description }), column()] });
  const cleaned = new DescriptionProcessor('safe').process(record) as TableRecord;
  expect(cleaned.description).toBe('x');
  expect(cleaned.columns.map((each) => each.description)).toEqual(['x', undefined]);
});
