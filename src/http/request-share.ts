/** A part of what one process may ask of a server, where several processes share it. It may change at any time. */
export interface RequestShare {
  /** How many of so many requests at once are this process's: at least one. */
  of(all: number): number;
  /** How many processes share. */
  readonly processes: number;
}
