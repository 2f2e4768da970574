import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt);

/** 32 MB and about 0.1 s: OWASP's second choice of scrypt parameters, for services with little memory. */
const cost = { N: 2 ** 15, r: 8, p: 3 };
const keyLength = 32;
const form = /^scrypt\$(\d{1,7})\$(\d{1,2})\$(\d{1,2})\$([\w-]{16,100})\$([\w-]{16,100})$/;
/** More would let a users file ask for any amount of memory. */
const mostBytes = 128 * 2 ** 20;

/** `scrypt$N$r$p$salt$key`, salt and key in base64url. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const key = await scryptKey(password, salt, cost);
  return ['scrypt', cost.N, cost.r, cost.p, salt.toString('base64url'), key.toString('base64url')].join('$');
}

export function isPasswordHash(text: string): boolean {
  return form.test(text);
}

export async function matchesHash(password: string, hash: string): Promise<boolean> {
  const [, N, r, p, salt, expected] = form.exec(hash) ?? [];
  if (expected === undefined || salt === undefined) return false;
  const wanted = Buffer.from(expected, 'base64url');
  const key = await scryptKey(
    password,
    Buffer.from(salt, 'base64url'),
    { N: Number(N), r: Number(r), p: Number(p) },
    wanted.length,
  );
  return timingSafeEqual(key, wanted);
}

/** Unicode has several spellings of one letter; keyboards differ in which they send. */
async function scryptKey(
  password: string,
  salt: Buffer,
  { N, r, p }: { readonly N: number; readonly r: number; readonly p: number },
  length = keyLength,
): Promise<Buffer> {
  return derive(password.normalize('NFKC'), salt, length, { N, r, p, maxmem: mostBytes });
}
