import type { EntityReference, User } from './entities.ts';

/** How people are looked up; the client gives it. */
export interface PeopleSource {
  user(name: string, includeDeleted: boolean, signal: AbortSignal): Promise<User | undefined>;
  team(name: string, signal: AbortSignal): Promise<(User & { readonly teamType?: string }) | undefined>;
  allUsers(signal: AbortSignal): AsyncIterable<User>;
}

/** Users and teams, each asked for once. */
export class People {
  readonly #source: PeopleSource;
  readonly #users = new Map<string, Promise<User | undefined>>();
  readonly #owners = new Map<string, Promise<EntityReference | undefined>>();
  #mails: Promise<ReadonlyMap<string, EntityReference>> | undefined;

  constructor(source: PeopleSource) {
    this.#source = source;
  }

  /** A user by name, deleted ones too: they are still the authors of what they wrote. */
  user(name: string, signal: AbortSignal): Promise<User | undefined> {
    return once(this.#users, name, () => this.#source.user(name, true, signal));
  }

  /**
   * The user or team that a source's owner text means: a user of that name, or with that mail; a user whose name is the
   * mail's part before the @; a team of that name. Bots own nothing.
   */
  owner(nameOrMail: string, signal: AbortSignal): Promise<EntityReference | undefined> {
    const text = nameOrMail.trim();
    return once(this.#owners, text, () => this.#findOwner(text, signal));
  }

  async #findOwner(text: string, signal: AbortSignal): Promise<EntityReference | undefined> {
    if (text === '') return undefined;
    const byName = await this.#person(text, signal);
    if (byName) return reference(byName, 'user');
    const at = text.lastIndexOf('@');
    if (at > 0) {
      const byPart = await this.#person(text.slice(0, at), signal);
      if (byPart?.email?.toLowerCase() === text.toLowerCase()) return reference(byPart, 'user');
      const byMail = (await this.#byMail(signal)).get(text.toLowerCase());
      if (byMail) return byMail;
      if (byPart) return reference(byPart, 'user');
    }
    const team = await this.#source.team(text, signal);
    // Only groups may own; departments and the like are refused by the server.
    return team && (team.teamType ?? 'Group') === 'Group' ? reference(team, 'team') : undefined;
  }

  /** A user by name as written, else in lower case, which is how newer servers keep names. */
  async #person(name: string, signal: AbortSignal): Promise<User | undefined> {
    for (const spelling of new Set([name, name.toLowerCase()])) {
      const user = await this.#source.user(spelling, false, signal);
      if (user && !user.isBot) return user;
    }
    return undefined;
  }

  /** All mail addresses, read once and only when a mail names nobody: there is no look-up by mail in all versions. */
  #byMail(signal: AbortSignal): Promise<ReadonlyMap<string, EntityReference>> {
    this.#mails ??= this.#readMails(signal).catch((error: unknown) => {
      this.#mails = undefined;
      throw error;
    });
    return this.#mails;
  }

  async #readMails(signal: AbortSignal): Promise<ReadonlyMap<string, EntityReference>> {
    const mails = new Map<string, EntityReference>();
    for await (const user of this.#source.allUsers(signal)) {
      if (user.email && !user.isBot) mails.set(user.email.toLowerCase(), reference(user, 'user'));
    }
    return mails;
  }
}

function reference(entity: User, type: 'user' | 'team'): EntityReference {
  return { id: entity.id, type, name: entity.name };
}

/** Keeps answers, "not there" included, but no failures. */
function once<T>(known: Map<string, Promise<T>>, key: string, ask: () => Promise<T>): Promise<T> {
  let answer = known.get(key);
  if (!answer) {
    answer = ask();
    known.set(key, answer);
    answer.catch(() => known.delete(key));
  }
  return answer;
}
