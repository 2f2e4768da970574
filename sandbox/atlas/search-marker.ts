import { createHash } from 'node:crypto';
import { badRequest } from './atlas-error.ts';
import type { Json } from './stored-entity.ts';

const START = '*';
const END = '-1';

/**
 * The row that a marker stands for.
 * @throws {AtlasError} 400 when it belongs to another search, or an offset is given beside it
 */
export function startOfMarker(search: Json, marker: string): number {
  if (Number(search['offset']) > 0) {
    throw badRequest('Marker can be used only if offset=0.');
  }
  if (marker === START) {
    return 0;
  }
  const [hash, offset] = Buffer.from(marker, 'base64').toString('utf8').split(':');
  if (hash !== hashOf(search) || !/^\d+$/.test(offset ?? '')) {
    throw badRequest('Invalid marker!');
  }
  return Number(offset);
}

/** @param offset the row that the next page starts at; undefined when this page was the last. */
export function nextMarker(search: Json, offset: number | undefined): string {
  return offset === undefined ? END : Buffer.from(`${hashOf(search)}:${offset}`).toString('base64');
}

function hashOf(search: Json): string {
  const { marker: _, ...rest } = search;
  return createHash('sha1').update(JSON.stringify(rest)).digest('hex').slice(0, 8);
}
