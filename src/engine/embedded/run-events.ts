import type { Progress } from '../../workflow/progress.ts';
import type { RunTransition } from '../run-history.ts';

export type LiveEvent =
  | { readonly type: 'transition'; readonly transition: RunTransition }
  | { readonly type: 'progress'; readonly progress: Progress };

/** Who wants to know what becomes of runs. A listener that throws harms nobody but itself. */
export class RunEvents {
  readonly #all = new Set<(transition: RunTransition) => void>();
  readonly #ofRun = new Map<string, Set<(event: LiveEvent) => void>>();

  onTransition(listener: (transition: RunTransition) => void): () => void {
    this.#all.add(listener);
    return () => this.#all.delete(listener);
  }

  onRun(runId: string, listener: (event: LiveEvent) => void): () => void {
    const listeners = this.#ofRun.get(runId) ?? new Set();
    this.#ofRun.set(runId, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.#ofRun.delete(runId);
    };
  }

  transition(transition: RunTransition): void {
    for (const listener of this.#all) quietly(() => listener(transition));
    this.#tell(transition.run.runId, { type: 'transition', transition });
  }

  progress(runId: string, progress: Progress): void {
    this.#tell(runId, { type: 'progress', progress });
  }

  #tell(runId: string, event: LiveEvent): void {
    for (const listener of this.#ofRun.get(runId) ?? []) quietly(() => listener(event));
  }
}

/** The error comes up as one that nobody has caught, and not in the midst of a run's end. */
function quietly(call: () => void): void {
  try {
    call();
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
