import { decode, encode } from '@msgpack/msgpack';
import { ConnectionError } from '../../errors.ts';
import { plainValue } from './plain-value.ts';

/** What either side says: `[id, body]` to Airflow, `[id, body, error]` from it. */
export interface Frame {
  readonly id: number;
  readonly body: unknown;
  readonly error: unknown;
}

const headerLength = 4;
/** Bytes. XComs of some megabytes are in use; what claims to be larger is no frame. */
export const largestFrame = 64 * 1024 * 1024;

/** A request as it goes to Airflow: a length of four bytes, big-endian, then a msgpack array. */
export function encodeRequest(id: number, body: object): Buffer {
  const content = encode([id, plainValue(body)]);
  if (content.byteLength > largestFrame) throw brokenProtocol(`a message of ${content.byteLength} bytes is too large`);
  const frame = Buffer.allocUnsafe(headerLength + content.byteLength);
  frame.writeUInt32BE(content.byteLength, 0);
  frame.set(content, headerLength);
  return frame;
}

/** Cuts a stream of bytes, however it is broken into pieces, into frames. */
export class FrameReader {
  #pieces: Buffer[] = [];
  #held = 0;

  /** True when the stream may end here. */
  get atBoundary(): boolean {
    return this.#held === 0;
  }

  /** @throws ConnectionError `airflow.protocol` for what is no frame; the stream cannot be followed from there on */
  *push(piece: Buffer): Generator<Frame> {
    this.#pieces.push(piece);
    this.#held += piece.length;
    while (this.#held >= headerLength) {
      const length = this.#joined(headerLength).readUInt32BE(0);
      if (length > largestFrame) throw brokenProtocol(`a message claims to have ${length} bytes`);
      if (this.#held < headerLength + length) return;
      const whole = this.#joined(headerLength + length);
      this.#pieces = [whole.subarray(headerLength + length)];
      this.#held -= headerLength + length;
      yield frameOf(whole.subarray(headerLength, headerLength + length));
    }
  }

  /** The first piece, grown to at least so many bytes; pieces are joined only when they are needed. */
  #joined(least: number): Buffer {
    if (this.#pieces[0]!.length < least) this.#pieces = [Buffer.concat(this.#pieces)];
    return this.#pieces[0]!;
  }
}

function frameOf(bytes: Buffer): Frame {
  let content: unknown;
  try {
    content = decode(bytes);
  } catch (error) {
    throw brokenProtocol('a message is no msgpack', error);
  }
  if (!Array.isArray(content) || content.length < 2 || typeof content[0] !== 'number') {
    throw brokenProtocol('a message has not the form [id, body, error]');
  }
  const [id, body, error] = content as [number, unknown, unknown];
  return { id, body: body ?? null, error: error ?? null };
}

export function brokenProtocol(why: string, cause?: unknown): ConnectionError {
  return new ConnectionError('airflow.protocol', `Airflow and this task do not understand each other: ${why}.`, {
    help: 'Meridian speaks the task protocol of Airflow 3.3; with another version, use the Bash form (airflow.form: bash).',
    cause,
  });
}
