import { open } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { type Entry, openPromise, type ZipFile } from 'yauzl';
import { ConfigurationError } from '../../errors.ts';

/** What a ZIP may hold at most, so that none can fill memory or disk. */
export interface ZipLimits {
  readonly entries: number;
  /** Bytes of one entry, unpacked. */
  readonly entryBytes: number;
  /** Bytes of all entries, unpacked. */
  readonly totalBytes: number;
  /** How many times as large a thing may be unpacked, once it is larger than `ratioFromBytes`. */
  readonly ratio: number;
  readonly ratioFromBytes: number;
}

/** An entity packs to about a twentieth: its guids are random. An entry becomes one text, and V8's end at 512 MB. */
export const zipLimits: ZipLimits = {
  entries: 5_000_000,
  entryBytes: 256 * 1024 ** 2,
  totalBytes: 64 * 1024 ** 3,
  ratio: 200,
  ratioFromBytes: 1024 ** 2,
};

export interface ZipEntry {
  /** Plain: letters, digits, dots, dashes, underscores. */
  readonly name: string;
  readonly text: string;
}

const plainName = /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/;
const localFileHeader = 'PK\u0003\u0004';
const emptyArchive = 'PK\u0005\u0006';

/**
 * Reads a ZIP entry by entry, each into memory and none to disk. Whatever is no plain archive of texts is refused: its
 * names never lead anywhere, and its sizes are checked before and while it is unpacked.
 *
 * @throws ConfigurationError `atlas-export.…`; the signal's reason when it aborts
 */
export async function* zipEntries(
  path: string,
  signal: AbortSignal,
  limits: ZipLimits = zipLimits,
): AsyncGenerator<ZipEntry> {
  const fileBytes = await looksLikeZip(path);
  const zip = await openZip(path);
  let total = 0;
  try {
    if (zip.entryCount > limits.entries) throw tooLarge(`it has ${zip.entryCount} entries`);
    for await (const entry of entriesOf(zip)) {
      signal.throwIfAborted();
      const name = checkEntry(entry, limits);
      total += entry.uncompressedSize;
      if (total > limits.totalBytes) throw tooLarge(`unpacked it would have more than ${limits.totalBytes} bytes`);
      if (total > limits.ratioFromBytes && total > fileBytes * limits.ratio) {
        throw tooLarge(`unpacked it would be more than ${limits.ratio} times as large`);
      }
      yield { name, text: await textOf(zip, entry, name) };
    }
  } finally {
    zip.close();
  }
}

/** @returns the file's size in bytes */
async function looksLikeZip(path: string): Promise<number> {
  try {
    const file = await open(path, 'r');
    try {
      const stat = await file.stat();
      if (!stat.isFile()) throw unreadable(path, 'it is no file');
      const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0);
      const magic = buffer.toString('latin1', 0, bytesRead);
      if (magic === localFileHeader || magic === emptyArchive) return stat.size;
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof ConfigurationError) throw error;
    throw unreadable(path, error instanceof Error && 'code' in error ? String(error.code) : 'it cannot be opened');
  }
  throw new ConfigurationError('atlas-export.not-a-zip', 'The file at path is no ZIP.', {
    help: 'Save the answer of Atlas’ export (POST /api/atlas/admin/export) as it comes. Is it an error message, or a web page?',
  });
}

async function openZip(path: string): Promise<ZipFile> {
  try {
    return await openPromise(path, { decodeStrings: false, validateEntrySizes: true, autoClose: false });
  } catch (cause) {
    throw new ConfigurationError(
      'atlas-export.cut-off',
      'The ZIP at path ends too early: its list of entries is missing.',
      {
        help: 'The download was probably interrupted: export it again.',
        cause,
      },
    );
  }
}

async function* entriesOf(zip: ZipFile): AsyncGenerator<Entry> {
  try {
    yield* zip.eachEntry();
  } catch (cause) {
    if (cause instanceof ConfigurationError) throw cause;
    throw damaged('its list of entries is damaged', cause);
  }
}

/** @returns the entry's name */
function checkEntry(entry: Entry, { entryBytes, ratio, ratioFromBytes }: ZipLimits): string {
  const name = entry.fileNameRaw.toString('latin1');
  if (!plainName.test(name)) throw unsafeName(name);
  const unixMode = entry.externalFileAttributes >>> 16;
  if ((unixMode & 0o170000) === 0o120000) throw unsafeName(name, 'is a link');
  if (entry.isEncrypted()) {
    throw new ConfigurationError('atlas-export.encrypted', `The ZIP at path is encrypted (entry ${name}).`, {
      help: 'Atlas’ own exports never are: decrypt it, or export again.',
    });
  }
  if (!entry.canDecodeFileData()) throw damaged(`entry ${name} is packed in a way that Atlas does not use`);
  const { compressedSize, uncompressedSize } = entry;
  if (uncompressedSize > entryBytes) throw tooLarge(`entry ${name} would have ${uncompressedSize} bytes`);
  if (uncompressedSize > ratioFromBytes && uncompressedSize > compressedSize * ratio) {
    throw tooLarge(`entry ${name} would be more than ${ratio} times as large unpacked`);
  }
  return name;
}

/** The entry's text. The library ends the stream with an error as soon as it is longer than the list says. */
async function textOf(zip: ZipFile, entry: Entry, name: string): Promise<string> {
  const parts: Buffer[] = [];
  try {
    const stream = await zip.openReadStreamPromise(entry);
    for await (const part of stream) parts.push(part as Buffer);
  } catch (cause) {
    throw damaged(`entry ${name} cannot be unpacked`, cause);
  }
  const bytes = Buffer.concat(parts);
  if (crc32(bytes) !== entry.crc32) throw damaged(`entry ${name} is not what it was when it was packed`);
  return bytes.toString('utf8');
}

function unreadable(path: string, why: string): ConfigurationError {
  return new ConfigurationError('atlas-export.unreadable', `The file ${path} cannot be read: ${why}.`, {
    help: 'Check path in the recipe (it starts from the recipe’s folder) and the rights of the file.',
  });
}

function unsafeName(name: string, why = 'is not a plain file name'): ConfigurationError {
  const shown = JSON.stringify(name.slice(0, 80));
  return new ConfigurationError('atlas-export.unsafe-name', `The ZIP at path has an entry ${shown}, which ${why}.`, {
    help: 'No export of Atlas has one: somebody has packed or changed this file. Export again.',
  });
}

function tooLarge(why: string): ConfigurationError {
  return new ConfigurationError('atlas-export.too-large', `The ZIP at path is refused: ${why}.`, {
    help: 'It may be made to fill memory and disk. If it is a real export, export fewer things at a time.',
  });
}

function damaged(why: string, cause?: unknown): ConfigurationError {
  return new ConfigurationError('atlas-export.damaged', `The ZIP at path is damaged: ${why}.`, {
    help: 'Copy it again from where it was made, or export again.',
    cause,
  });
}
