import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const algorithm = 'aes-256-gcm';
/** First byte of what is sealed: another way of sealing gets another number. */
const form = 1;
const ivBytes = 12;
const tagBytes = 16;

/** Seals texts with AES-256-GCM. */
export class SecretBox {
  readonly #key: Buffer;

  /** @param key 32 bytes */
  constructor(key: Buffer) {
    this.#key = key;
  }

  /** @param context what it belongs to (`recipe of x`): it opens for nothing else, so that nobody can swap two */
  seal(text: string, context: string): Buffer {
    const iv = randomBytes(ivBytes);
    const cipher = createCipheriv(algorithm, this.#key, iv).setAAD(Buffer.from(context));
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return Buffer.concat([Buffer.of(form), iv, cipher.getAuthTag(), sealed]);
  }

  /** @throws Error when it was sealed with another key or for something else, or has been changed */
  open(sealed: Uint8Array, context: string): string {
    const all = Buffer.from(sealed);
    if (all[0] !== form) throw new Error('Sealed in a form that is not known.');
    const iv = all.subarray(1, 1 + ivBytes);
    const tag = all.subarray(1 + ivBytes, 1 + ivBytes + tagBytes);
    const decipher = createDecipheriv(algorithm, this.#key, iv, { authTagLength: tagBytes })
      .setAAD(Buffer.from(context))
      .setAuthTag(tag);
    return Buffer.concat([decipher.update(all.subarray(1 + ivBytes + tagBytes)), decipher.final()]).toString('utf8');
  }
}
