import { MeridianError } from '../errors.ts';

/** One table cannot be profiled; the run goes on without it. */
export class ProfileError extends MeridianError {}
