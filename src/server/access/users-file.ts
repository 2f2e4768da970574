import { readFileSync, statSync } from 'node:fs';
import { chmod, mkdir, open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ConfigurationError } from '../../errors.ts';
import type { Account, AccountSource } from './accounts.ts';
import { hashPassword, isPasswordHash } from './password-hash.ts';
import { isRole, type Role } from './role.ts';

const namePattern = /^[^\s:\p{C}](?:[^:\p{C}]{0,98}[^\s:\p{C}])?$/u;
const shortestPassword = 8;
const longestPassword = 1024;

/**
 * The people who may sign in by name and password: a JSON file that `meridian serve user` writes, for its owner's eyes only.
 * It is read again whenever it has changed, so that nobody has to restart the service.
 */
export class UsersFile implements AccountSource {
  readonly #file: string;
  #read: { readonly mark: string; readonly accounts: ReadonlyMap<string, Account> } | undefined;

  constructor(file: string) {
    this.#file = file;
  }

  find(name: string): Account | undefined {
    return this.#accounts().get(name);
  }

  /** By name. */
  list(): readonly Account[] {
    return [...this.#accounts().values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /**
   * Adds somebody, or gives another password and role.
   *
   * @returns true when the name was new
   * @throws ConfigurationError `users.bad-name`, `users.bad-password`, `users.file`
   */
  async put({ name, role, password }: { name: string; role: Role; password: string }): Promise<boolean> {
    if (!namePattern.test(name)) {
      throw new ConfigurationError('users.bad-name', 'This cannot be the name of a user.', {
        help: 'It has up to 100 characters, no colon, and no blanks at its ends.',
      });
    }
    if (password.length < shortestPassword || password.length > longestPassword) {
      throw new ConfigurationError('users.bad-password', `A password has at least ${shortestPassword} characters.`, {
        help: 'Give it on standard input: printf %s "$PASSWORD" | meridian serve user add NAME',
      });
    }
    const accounts = new Map(this.#accounts());
    const isNew = !accounts.has(name);
    accounts.set(name, { name, role, passwordHash: await hashPassword(password) });
    await this.#write(accounts);
    return isNew;
  }

  /** @throws ConfigurationError `users.unknown`, `users.file` */
  async remove(name: string): Promise<void> {
    const accounts = new Map(this.#accounts());
    if (!accounts.delete(name)) {
      throw new ConfigurationError('users.unknown', `There is no user ${name}.`, {
        help: '“meridian serve user list” shows who there is.',
      });
    }
    await this.#write(accounts);
  }

  #accounts(): ReadonlyMap<string, Account> {
    const mark = this.#mark();
    if (mark === undefined) return new Map();
    if (this.#read?.mark === mark) return this.#read.accounts;
    const accounts = this.#parse();
    this.#read = { mark, accounts };
    return accounts;
  }

  #mark(): string | undefined {
    try {
      const { mtimeMs, size, ino, mode } = statSync(this.#file);
      if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
        throw bad(this.#file, 'others than its owner may use it', undefined, `chmod 600 ${this.#file}`);
      }
      return `${mtimeMs} ${size} ${ino}`;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error instanceof ConfigurationError ? error : bad(this.#file, 'it cannot be read', error);
    }
  }

  #parse(): ReadonlyMap<string, Account> {
    let users: unknown;
    try {
      users = (JSON.parse(readFileSync(this.#file, 'utf8')) as { users?: unknown }).users;
    } catch (error) {
      throw bad(this.#file, 'it cannot be read', error);
    }
    if (!Array.isArray(users) || !users.every(isAccount)) throw bad(this.#file, 'it is no list of users');
    return new Map(users.map((account) => [account.name, account]));
  }

  /** Whole or not at all, whatever happens on the way. */
  async #write(accounts: ReadonlyMap<string, Account>): Promise<void> {
    const fresh = `${this.#file}.${process.pid}`;
    try {
      await mkdir(dirname(this.#file), { recursive: true, mode: 0o700 });
      const handle = await open(fresh, 'w', 0o600);
      await handle.writeFile(`${JSON.stringify({ users: [...accounts.values()] }, null, 2)}\n`);
      await handle.sync();
      await handle.close();
      await chmod(fresh, 0o600);
      await rename(fresh, this.#file);
    } catch (error) {
      throw bad(this.#file, 'it cannot be written', error);
    }
  }
}

function isAccount(value: unknown): value is Account {
  const { name, role, passwordHash } = (value ?? {}) as Partial<Account>;
  return typeof name === 'string' && isRole(role) && typeof passwordHash === 'string' && isPasswordHash(passwordHash);
}

function bad(file: string, why: string, cause?: unknown, help?: string): ConfigurationError {
  return new ConfigurationError('users.file', `The file of users ${file} cannot be used: ${why}.`, {
    help: help ?? '“meridian serve user” reads and writes it; it lies in MERIDIAN_HOME.',
    cause,
  });
}
