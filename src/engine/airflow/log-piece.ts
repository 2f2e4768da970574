import { ConfigurationError } from '../../errors.ts';
import type { LogChunk } from '../engine.ts';

/** Where logs are cut into pieces: what OpenMetadata's pages take at once. */
const pieceLength = 2_000_000;

/**
 * A piece of a text.
 *
 * @param after where the piece before has ended
 * @throws ConfigurationError `engine.bad-position`
 */
export function pieceOf(text: string, after: string | undefined, maxCharacters = pieceLength): LogChunk {
  const from = positionIn(text, after);
  const to = endOfPiece(text, from, maxCharacters);
  return { text: text.slice(from, to), total: text.length, ...(to < text.length && { after: String(to) }) };
}

function positionIn(text: string, after: string | undefined): number {
  if (after === undefined) return 0;
  if (/^\d{1,15}$/.test(after)) return Math.min(Number(after), text.length);
  throw new ConfigurationError('engine.bad-position', 'This is no position in a log.', {
    help: 'Give what the last piece said as “after”, or leave it out to read from the beginning.',
  });
}

/** At least one character, and never half of one. */
function endOfPiece(text: string, from: number, most: number): number {
  const end = Math.min(text.length, from + Math.max(1, most));
  const isHigh = end < text.length && /[\ud800-\udbff]/.test(text.charAt(end - 1));
  return isHigh ? (end - 1 > from ? end - 1 : end + 1) : end;
}
