import type { LoadedRecipe } from '../../config/load-recipe.ts';
import { createProfilingEngine } from '../../connectors/create-profiling-engine.ts';
import type { SourceMemory } from '../../connectors/source.ts';
import { OpenMetadataClient } from '../../openmetadata/openmetadata-client.ts';
import { OpenMetadataTarget } from '../../openmetadata/openmetadata-target.ts';
import type { ProfilingEngine } from '../../profiler/profiling-engine.ts';
import type { Change } from '../../reconcile/change.ts';
import { openState, statePath } from '../../state/open-state.ts';
import { RunLock } from '../../state/run-lock.ts';
import { DeadLetterFile } from '../dead-letters.ts';
import { metadataStateOf, statePlaceOf } from '../identity.ts';
import type { Progress } from '../progress.ts';
import type { RunReport } from '../report.ts';
import { SourceNotes } from '../source-notes.ts';
import { StatusReporter } from '../status-reporter.ts';
import { ProfileLedger } from './profile-ledger.ts';
import { ProfileRun } from './profile-run.ts';

export interface ProfileInput {
  readonly recipe: LoadedRecipe;
  readonly report: RunReport;
  /** False: decide, ask the engine nothing, send nothing. */
  readonly write: boolean;
  readonly signal: AbortSignal;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly onChange: (change: Change) => void;
  readonly onProgress: (progress: Progress) => void;
  readonly onWarning: (message: string) => void;
  /** Another run has taken over, or the memory fails: this run must write nothing more. */
  readonly onStateLost: (error: unknown) => void;
  /** Path of the dead-letter file; beside the state store unless set. */
  readonly deadLetters?: string;
  /** In place of the source's own; closed with the run. */
  readonly engine?: ProfilingEngine;
}

/** A run's parts, opened and connected; `close` releases them all. */
export interface OpenProfile {
  readonly status: StatusReporter;
  /** @throws AuthenticationError, ConnectionError, ConfigurationError when nothing can be had at all */
  work(): Promise<void>;
  requests(): { readonly source: number; readonly target: number };
  close(): Promise<void>;
}

/**
 * Opens everything that a run over tables needs and signs in at the target. Nothing is written.
 *
 * @throws AuthenticationError, ConnectionError, ConfigurationError
 */
export async function openProfile(input: ProfileInput): Promise<OpenProfile> {
  const { recipe, report, signal, write, onWarning } = input;
  const { settings, redactor } = recipe;
  const profiler = settings.profiler!;
  const redact = (text: string): string => redactor.redact(text);
  const learn = (secret: string): void => redactor.learn(secret);
  const place = statePlaceOf(recipe, input.env);
  const client = new OpenMetadataClient(settings.openMetadata, {
    redact,
    learn,
    // A listing or a status may go beside the writes.
    concurrency: profiler.threadCount + 2,
  });
  const opened: (() => unknown)[] = [() => client.close()];
  try {
    await client.connect(signal);
    const target = new OpenMetadataTarget(client, signal);
    report.target.version = target.version;
    const { store: state, lock, broken } = await openState(place, write ? 'keep' : 'rehearse');
    opened.push(() => state.close());
    broken.addEventListener('abort', () => input.onStateLost(broken.reason));
    if (write) {
      const held = await RunLock.take(lock, onWarning);
      opened.push(() => held.release());
      held.lost.addEventListener('abort', () => input.onStateLost(held.lost.reason));
    }
    const memory = await rememberedBySource(recipe, input.env);
    const engine =
      input.engine ?? (await createProfilingEngine(settings, { redact, learn, targetNames: target, memory }));
    opened.push(() => engine.close());
    const deadLetters = new DeadLetterFile(
      input.deadLetters ?? settings.deadLettersPath ?? `${statePath(place)}.dead-letters.jsonl`,
      redact,
    );
    const ledger = new ProfileLedger({
      report,
      redact,
      onChange: input.onChange,
      deadLetters: write ? deadLetters : undefined,
    });
    const { onProgress } = input;
    const parts = { recipe, settings: profiler, client, engine, ledger, state, write, signal, onProgress, onWarning };
    const run = new ProfileRun(parts);
    const status = new StatusReporter({
      client,
      fqn: settings.ingestionPipelineFqn,
      report,
      withSteps: client.capabilities.statusSteps,
      pipeline: { type: profiler.type === 'Profiler' ? 'profiler' : 'autoClassification', config: profiler.type },
      warn: onWarning,
    });
    return {
      status,
      work: () => run.run(),
      requests: () => ({ source: engine.requestCount(), target: client.requestCount }),
      close: async () => {
        if (deadLetters.count > 0) report.deadLetters = deadLetters.path;
        for (const release of opened.reverse()) await release();
      },
    };
  } catch (error) {
    for (const release of opened.reverse()) await release();
    throw error;
  }
}

/** What the source chose in runs that carried metadata, such as which cluster is which database; looked at only. */
async function rememberedBySource(recipe: LoadedRecipe, env: ProfileInput['env']): Promise<SourceMemory> {
  const state = await openState(metadataStateOf(recipe, env), 'rehearse');
  try {
    return await SourceNotes.read(state.store);
  } finally {
    await state.store.close();
  }
}
