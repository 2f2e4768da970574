import type { LoadedRecipe } from '../config/load-recipe.ts';
import { originOf } from '../connectors/connector-spec.ts';
import { createSource } from '../connectors/create-source.ts';
import type { Source } from '../connectors/source.ts';
import type { RequestShare } from '../http/request-share.ts';
import { OpenMetadataClient } from '../openmetadata/openmetadata-client.ts';
import { OpenMetadataTarget } from '../openmetadata/openmetadata-target.ts';
import type { Change } from '../reconcile/change.ts';
import { openState, statePath } from '../state/open-state.ts';
import { type LockTable, RunLock } from '../state/run-lock.ts';
import type { StateStore } from '../state/state-store.ts';
import { chooseReading, type Reading, type ReadingWish } from './choose-reading.ts';
import { DeadLetterFile } from './dead-letters.ts';
import { statePlaceOf } from './identity.ts';
import { createProcessors } from './processors/create-processors.ts';
import type { Processor } from './processors/processor.ts';
import type { RunReport } from './report.ts';
import { RunContext, type RunPart } from './run-context.ts';
import { Scratch } from './scratch.ts';
import { ServiceStage } from './service-stage.ts';
import { SourceNotes } from './source-notes.ts';
import { StatusReporter } from './status-reporter.ts';
import { TaskPool } from './task-pool.ts';
import { VocabularyStage } from './vocabulary-stage.ts';

export interface RunInput {
  readonly recipe: LoadedRecipe;
  readonly report: RunReport;
  /** False for a plan. */
  readonly write: boolean;
  readonly signal: AbortSignal;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly onChange: (change: Change) => void;
  readonly onWarning: (message: string) => void;
  /** Another run has taken over, or the memory fails: this run must write nothing more. */
  readonly onStateLost: (error: unknown) => void;
  /** Path of the dead-letter file; beside the state store unless set. */
  readonly deadLetters?: string;
  /** What shall be read; the recipe's choice unless set. */
  readonly reading?: ReadingWish;
  /** Set for a run that several processes do together. */
  readonly part?: RunPart;
  /** Takes the lock of the pipeline; as a run in one process does unless set. */
  readonly hold?: (lock: LockTable) => Promise<RunLock>;
  /** What this process may ask of both servers; asked for once the memory is open, and closed with the run. */
  readonly share?: (state: StateStore) => Promise<RequestShare & { close(): Promise<void> }>;
}

/** A run's parts, opened and connected; `close` releases them all. */
export interface OpenRun {
  readonly context: RunContext;
  readonly source: Source;
  readonly processors: readonly Processor[];
  readonly services: ServiceStage;
  readonly vocabulary: VocabularyStage;
  readonly status: StatusReporter;
  readonly reading: Reading;
  /** What the source remembers. */
  readonly notes: SourceNotes;
  /** Undefined for a plan, which holds none. */
  readonly lock: RunLock | undefined;
  requests(): { readonly source: number; readonly target: number };
  close(): Promise<void>;
}

/** What errors call the target where the source is an OpenMetadata, too. */
const targetName = 'OpenMetadata (target)';
/** Prefix of the labels that OpenMetadata's earlier Atlas connector makes. */
const earlierClassification = 'AtlasMetadata.';

/**
 * Opens everything that a run needs and signs in at the target. Nothing is written.
 *
 * @throws AuthenticationError, ConnectionError, ConfigurationError
 */
export async function openRun(input: RunInput): Promise<OpenRun> {
  const { recipe, report, signal, env } = input;
  const { settings } = recipe;
  const { redactor } = recipe;
  const redact = (text: string): string => redactor.redact(text);
  const learn = (secret: string): void => redactor.learn(secret);
  const place = statePlaceOf(recipe, env);
  let share: RequestShare | undefined;
  // Where each write also waits for a memory in another process, more of them keep the target as busy: the client itself
  // sends no more requests at once than the recipe allows.
  const atOnce = settings.stateType === 'postgres' ? 2 : 1;
  const client = new OpenMetadataClient(settings.openMetadata, {
    redact,
    learn,
    ...(settings.sourceType === 'OpenMetadata' && { name: targetName }),
    // A listing or a status may go beside the writes.
    concurrency: settings.concurrency + 2,
    ...(input.share && { share: { of: (all) => share?.of(all) ?? 1, processes: 1 } }),
  });
  const opened: (() => unknown)[] = [() => client.close()];
  try {
    const processors = await createProcessors(settings);
    await client.connect(signal);
    const target = new OpenMetadataTarget(client, signal);
    report.target.version = target.version;
    const { store: state, lock, broken } = await openState(place, input.write ? 'keep' : 'rehearse');
    opened.push(() => state.close());
    broken.addEventListener('abort', () => input.onStateLost(broken.reason));
    let held: RunLock | undefined;
    if (input.write) {
      const own = await (input.hold?.(lock) ?? RunLock.take(lock, input.onWarning));
      held = own;
      opened.push(() => own.release());
      own.lost.addEventListener('abort', () => input.onStateLost(own.lost.reason));
    }
    if (input.share) {
      const shared = await input.share(state);
      share = shared;
      opened.push(() => shared.close());
    }
    const scratch = new Scratch();
    opened.push(() => scratch.close());
    const source = await createSource(settings, { redact, learn, targetNames: target, share });
    opened.push(() => source.close());
    const notes = await SourceNotes.read(state);
    const reading = await chooseReading({
      wish: input.reading,
      settings,
      targetVersion: target.version,
      source,
      memory: notes,
      state,
      signal,
      now: Date.now(),
    });
    report.reading = reading.kind;
    report.readingReason = reading.reason;
    const deadLetters = new DeadLetterFile(
      input.deadLetters ?? settings.deadLettersPath ?? `${statePath(place)}.dead-letters.jsonl`,
      redact,
    );
    const isAtlas = settings.sourceType !== 'OpenMetadata';
    let vocabulary: VocabularyStage | undefined;
    const context = new RunContext({
      target,
      state,
      scratch,
      pool: new TaskPool(() => atOnce * (share?.of(settings.concurrency) ?? settings.concurrency)),
      report,
      policy: {
        mode: settings.mode,
        override: settings.sourceConfig.overrideMetadata,
        ownClassifications: [settings.classificationName, settings.labelClassificationName],
        leaves: { tags: !settings.sourceConfig.includeTags, terms: !settings.glossaries },
        takenOver: (tag) =>
          isAtlas && tag.startsWith(earlierClassification)
            ? `${settings.classificationName}.${tag.slice(earlierClassification.length)}`
            : undefined,
      },
      desired: {
        naming: target.naming,
        classification: settings.classificationName,
        labelClassification: settings.labelClassificationName,
        includeTags: settings.sourceConfig.includeTags,
        usable: (tagFqn) => vocabulary!.usable(tagFqn),
        usableTerm: (termFqn) => vocabulary!.usableTerm(termFqn),
        includeViewText: true,
      },
      includeOwners: settings.sourceConfig.includeOwners,
      write: input.write,
      lazy: reading.kind === 'incremental',
      part: input.part,
      signal,
      deadLetters: input.write ? deadLetters : undefined,
      redact,
      onChange: input.onChange,
    });
    vocabulary = new VocabularyStage(context, () => source.origin ?? originOf(settings.source.spec));
    await context.undone.read();
    await vocabulary.recall();
    const services = new ServiceStage(context);
    const status = new StatusReporter({
      client,
      fqn: settings.ingestionPipelineFqn,
      report,
      withSteps: client.capabilities.statusSteps,
      warn: input.onWarning,
    });
    return {
      context,
      source,
      processors,
      services,
      vocabulary,
      status,
      reading,
      notes,
      lock: held,
      requests: () => ({ source: source.requestCount(), target: client.requestCount }),
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
