import type { SourceCheck } from '../connectors/source.ts';
import { MeridianError } from '../errors.ts';
import { openState, type StatePlace } from '../state/open-state.ts';
import { describeHolder } from '../state/run-lock.ts';
import { counted } from '../workflow/format-numbers.ts';

export interface MemoryCheck extends SourceCheck {
  /** Exit code of the command when this step fails. */
  readonly exitCode: number;
}

/** Whether the memory between runs can be read, and who is using it. Makes nothing; never throws for a failed step. */
export async function checkMemory(place: StatePlace): Promise<MemoryCheck> {
  const name = 'open the memory between runs';
  try {
    const state = await openState(place, 'rehearse');
    try {
      const known = state.existed
        ? `${counted(await state.store.countAssets(), 'entity', 'entities')} in`
        : 'nothing yet in';
      const held = state.existed ? await state.lock.read() : undefined;
      const user = held ? `; locked by a run ${describeHolder(held.holder)}` : '';
      return { name, ok: true, message: `${known} ${state.place}${user}`, exitCode: 0 };
    } finally {
      await state.store.close();
    }
  } catch (error) {
    if (!(error instanceof MeridianError)) throw error;
    const { message, help, exitCode } = error;
    return { name, ok: false, message, exitCode, ...(help !== undefined && { help }) };
  }
}
