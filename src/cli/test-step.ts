import { MeridianError } from '../errors.ts';
import type { ProbeStep } from '../http/probe-server.ts';

/** One step of `meridian test`. */
export interface TestStep {
  readonly system: 'target' | 'source' | 'memory';
  /** `reach`, `TLS`, `version`, `sign in`, `rights`, or what is read. */
  readonly name: string;
  readonly ok: boolean;
  readonly message: string;
  /** Milliseconds that it took. */
  readonly ms: number;
  /** What to change, where it failed. */
  readonly help?: string;
  /** Exit code of the command when this step fails. */
  readonly exitCode: number;
}

type Place = Pick<TestStep, 'system' | 'name' | 'ms'>;

export function passedStep(place: Place, message: string): TestStep {
  return { ...place, ok: true, message, exitCode: 0 };
}

export function failedStep(place: Place, error: unknown): TestStep {
  const message = error instanceof Error ? error.message : String(error);
  if (!(error instanceof MeridianError)) return { ...place, ok: false, message, exitCode: 1 };
  const { help, exitCode } = error;
  return { ...place, ok: false, message, exitCode, ...(help !== undefined && { help }) };
}

/** A step of reaching a server. @param label name of the server for people */
export function probedStep(
  { name, message, ms, error }: ProbeStep,
  system: TestStep['system'],
  label: string,
): TestStep {
  const place = { system, name: `${name === 'reach' ? 'reach' : 'TLS of'} ${label}`, ms };
  return error ? failedStep(place, error) : passedStep(place, message);
}

/** Milliseconds since `performance.now()` said so. */
export function elapsedSince(start: number): number {
  return Math.round(performance.now() - start);
}
