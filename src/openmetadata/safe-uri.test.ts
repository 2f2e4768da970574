import { expect, it } from 'vitest';
import { safeUri } from './safe-uri.ts';

it.each([
  ['http://atlas.example/#!/detailPage/1', 'http://atlas.example/#!/detailPage/1'],
  ['http://a.example/a b', 'http://a.example/a%20b'],
  ['http://a.example/50%', 'http://a.example/50%25'],
  ['http://a.example/%20x', 'http://a.example/%20x'],
  ['http://a.example/#one#two', 'http://a.example/#one%23two'],
  ['urn:words "in" <quotes>', 'urn:words%20%22in%22%20%3Cquotes%3E'],
  ['größe', 'größe'],
  ['', ''],
])('turns %j into %j', (text, uri) => {
  expect(safeUri(text)).toBe(uri);
  expect(safeUri(uri)).toBe(uri);
});
