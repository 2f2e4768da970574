/** The version that a stand-in claims to be. Only 1.x is known; minors differ in keys, endpoints and rules. */
export class ServerVersion {
  readonly text: string;
  readonly minor: number;

  /** @throws {RangeError} when the text does not begin with `1.<minor>` of a minor from 1 to 13. */
  constructor(text: string) {
    const match = /^1\.(\d+)/.exec(text);
    const minor = Number(match?.[1]);
    if (match === null || minor < 1 || minor > 13) {
      throw new RangeError(`The stand-in knows the versions 1.1 to 1.13, not '${text}'`);
    }
    this.text = /^1\.\d+$/.test(text) ? `${text}.0` : text;
    this.minor = minor;
  }

  /** True for 1.`minor` and everything after it. */
  atLeast(minor: number): boolean {
    return this.minor >= minor;
  }

  /** `owner` with one reference up to 1.4, `owners` with several from 1.5. */
  get ownerKey(): 'owner' | 'owners' {
    return this.atLeast(5) ? 'owners' : 'owner';
  }
}
