/** One version of an entity, as the server's version list tells it. */
export interface EntityVersion {
  readonly updatedBy: string;
  /** True when `updatedBy` is a bot. */
  readonly byBot: boolean;
  readonly added: readonly FieldEntry[];
  readonly updated: readonly FieldEntry[];
  readonly deleted: readonly FieldEntry[];
}

export interface FieldEntry {
  readonly name: string;
  readonly oldValue?: unknown;
  readonly newValue?: unknown;
}

function mentions(entry: FieldEntry, field: string): boolean {
  return entry.name === field || entry.name.replaceAll('"', '') === field;
}

function names(value: unknown, tagFqn: string): boolean {
  const text = typeof value === 'string' ? value : JSON.stringify(value ?? '');
  return text.includes(JSON.stringify(tagFqn)) || text.includes(JSON.stringify(JSON.stringify(tagFqn)).slice(1, -1));
}

/**
 * Who wrote which field last, read from the entity's versions. Used only where state knows nothing: a bot's text is
 * taken as ours, a person's is kept.
 */
export class FieldHistory {
  readonly #versions: readonly EntityVersion[];

  /** @param versions newest first, as the server lists them */
  constructor(versions: readonly EntityVersion[]) {
    this.#versions = versions;
  }

  /** True when the last author of a field is a bot; a field never mentioned since was the creator's. */
  lastAuthorIsBot(field: string): boolean {
    for (const version of this.#versions) {
      const all = [...version.added, ...version.updated, ...version.deleted];
      if (all.some((entry) => mentions(entry, field))) return version.byBot;
    }
    return this.#versions.at(-1)?.byBot ?? false;
  }

  /** True when the field's last change was a removal by a person. */
  clearedByPerson(field: string): boolean {
    for (const version of this.#versions) {
      if (version.deleted.some((entry) => mentions(entry, field))) return !version.byBot;
      const emptied = version.updated.find((entry) => mentions(entry, field));
      if (emptied) return !version.byBot && (emptied.newValue === '' || emptied.newValue === undefined);
      if (version.added.some((entry) => mentions(entry, field))) return false;
    }
    return false;
  }

  /** True when the label's last mention is its removal by a person. `field` is `tags` or `columns.<name>.tags`. */
  labelRemovedByPerson(field: string, tagFqn: string): boolean {
    for (const version of this.#versions) {
      if (version.added.some((entry) => mentions(entry, field) && names(entry.newValue, tagFqn))) return false;
      const went = [...version.deleted, ...version.updated].some(
        (entry) => mentions(entry, field) && names(entry.oldValue, tagFqn) && !names(entry.newValue, tagFqn),
      );
      if (went) return !version.byBot;
    }
    return false;
  }

  /** True when a bot put the label there, or created the entity with it. */
  labelIsBots(field: string, tagFqn: string): boolean {
    for (const version of this.#versions) {
      const put = [...version.added, ...version.updated].some(
        (entry) => mentions(entry, field) && names(entry.newValue, tagFqn),
      );
      if (put) return version.byBot;
    }
    return this.#versions.at(-1)?.byBot ?? false;
  }
}
