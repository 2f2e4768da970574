import { ChaosWorld, type RunPlan, type Scope, undisturbed } from './chaos-world.ts';
import { Draws } from './draws.ts';
import { type PersonsEdit, personsEdits } from './people.ts';
import { randomFaults } from './random-faults.ts';
import { lostTables, sourceChanges } from './source-changes.ts';

export const chaosVersions = ['1.1.0', '1.5.0', '1.11.0', '1.13.0'] as const;

export interface ChaosOutcome {
  readonly seed: number;
  readonly version: string;
  readonly scope: Scope;
  readonly runs: number;
  readonly kills: number;
  readonly faults: number;
  /** What went wrong; empty when all that was promised held. */
  readonly problems: readonly string[];
}

/** Ends that a disturbed run may have: done, with failures, no connection, a guard; null is a kill. */
const allowedEnds: readonly (number | null)[] = [0, 1, 3, 4, null];
const mostRuns = 5;
const shownDifferences = 6;

/** What the target holds after the same story without any disturbance, by version and scope. */
const references = new Map<string, Promise<readonly string[]>>();

async function undisturbedStory(version: string, scope: Scope): Promise<readonly string[]> {
  const world = await ChaosWorld.open(version, scope);
  try {
    const calm = async (): Promise<void> => {
      const { code, stderr } = await world.run(undisturbed);
      if (code !== 0) throw new Error(`An undisturbed run ended with ${code}: ${stderr}`);
    };
    await calm();
    for (const edit of personsEdits) {
      if (!(await edit.make(world.person))) throw new Error(`“${edit.name}” has nothing to change`);
    }
    world.atlas.mutate(sourceChanges);
    await calm();
    return await world.content();
  } finally {
    await world.close();
  }
}

/**
 * One story: runs with random faults and kills while people work, a change of the source half-way, more such runs; then
 * peace, and one run. A seed gives the same story each time; which request is hit first still depends on the machine.
 */
class Story {
  readonly #world: ChaosWorld;
  readonly #draws: Draws;
  readonly #left: PersonsEdit[];
  readonly #made: PersonsEdit[] = [];
  readonly #alive = new Set<string>();
  readonly problems: string[] = [];
  runs = 0;
  kills = 0;
  faults = 0;
  #mayLose: readonly string[] = [];

  constructor(world: ChaosWorld, draws: Draws) {
    this.#world = world;
    this.#draws = draws;
    this.#left = [...personsEdits];
  }

  async tell(reference: readonly string[]): Promise<void> {
    const least = this.#draws.between(1, 3);
    let seenWhole = false;
    while (this.runs < least || (!seenWhole && this.runs < mostRuns))
      seenWhole = (await this.#disturbed()) || seenWhole;
    // What the source loses before any run saw it whole can never be told: the story needs one whole run before.
    if (!seenWhole) await this.#calm();
    this.#world.atlas.mutate(sourceChanges);
    this.#mayLose = lostTables;
    for (let i = this.#draws.between(1, 3); i > 0; i -= 1) await this.#disturbed();
    while (this.#left.length > 0) {
      if (!(await this.#edit(this.#left[0]!))) return;
    }
    await this.#calm(this.#draws.pick([undefined, '--incremental']));
    this.#compare(await this.#world.content(), reference);
    await this.#calm();
    if (this.#world.writes() > 0) this.problems.push(`a run after that still wrote ${this.#world.writes()} times`);
  }

  /** @returns whether the run saw and wrote all */
  async #disturbed(): Promise<boolean> {
    const draws = this.#draws;
    const edit = draws.chance(0.7) ? draws.pick([undefined, ...this.#left]) : undefined;
    const during = edit?.duringRuns && draws.chance(0.7);
    const plan: RunPlan = {
      reading: draws.pick([undefined, '--full', '--incremental', '--incremental']),
      atlasFaults: randomFaults(draws),
      openmetadataFaults: randomFaults(draws),
      killAfter: draws.chance(0.6) ? draws.between(1, draws.pick([25, 70, 150])) : undefined,
      ...(during && { meanwhile: { after: draws.between(20, 120), act: () => this.#maybe(edit) } }),
    };
    const { code, whole, faults, stderr } = await this.#world.run(plan);
    this.runs += 1;
    this.faults += faults;
    if (code === null) this.kills += 1;
    if (!allowedEnds.includes(code)) this.problems.push(`run ${this.runs} ended with ${code}: ${stderr}`);
    if (edit && !during) await this.#maybe(edit);
    await this.#check();
    return whole;
  }

  async #calm(reading?: RunPlan['reading']): Promise<void> {
    const { code, stderr } = await this.#world.run({ ...undisturbed, reading });
    this.runs += 1;
    if (code !== 0) this.problems.push(`an undisturbed run ended with ${code}: ${stderr}`);
    await this.#check();
  }

  async #maybe(edit: PersonsEdit): Promise<void> {
    if (this.#left.includes(edit) && (await edit.make(this.#world.person))) this.#done(edit);
  }

  async #edit(edit: PersonsEdit): Promise<boolean> {
    const made = await edit.make(this.#world.person);
    if (made) this.#done(edit);
    else this.problems.push(`“${edit.name}” found nothing to change, although a run had ended well`);
    return made;
  }

  #done(edit: PersonsEdit): void {
    this.#left.splice(this.#left.indexOf(edit), 1);
    this.#made.push(edit);
  }

  /** After every run: nothing is gone that the source still has, and what people did stands. */
  async #check(): Promise<void> {
    for (const line of await this.#world.content()) {
      const { type, fullyQualifiedName, deleted } = JSON.parse(line) as Record<string, unknown>;
      const key = `${type} ${fullyQualifiedName}`;
      if (deleted !== true) this.#alive.add(key);
      else if (this.#alive.has(key) && !this.#mayLose.some((name) => isOf(key, name))) {
        this.problems.push(`${key} was deleted after run ${this.runs}`);
      }
    }
    for (const edit of this.#made) {
      if (!(await edit.stands(this.#world.person))) {
        this.problems.push(`run ${this.runs} undid what a person did: “${edit.name}”`);
      }
    }
  }

  #compare(content: readonly string[], reference: readonly string[]): void {
    const [held, wanted] = [new Set(content), new Set(reference)];
    const extra = content.filter((line) => !wanted.has(line));
    const missing = reference.filter((line) => !held.has(line));
    for (const line of extra.slice(0, shownDifferences)) this.problems.push(`only after chaos: ${line.slice(0, 600)}`);
    for (const line of missing.slice(0, shownDifferences))
      this.problems.push(`only undisturbed: ${line.slice(0, 600)}`);
  }
}

/** A table, or the pipeline of the process that only wrote it: Atlas deletes both. */
function isOf(key: string, table: string): boolean {
  return key.endsWith(`.shop.${table}`) || (key.startsWith('pipeline ') && key.includes(`shop.${table}@`));
}

export async function runChaos(seed: number): Promise<ChaosOutcome> {
  const draws = new Draws(seed);
  const version = chaosVersions[seed % chaosVersions.length]!;
  const scope: Scope = draws.chance(0.4) ? 'everything' : 'tables';
  const key = `${version} ${scope}`;
  const reference = references.get(key) ?? undisturbedStory(version, scope);
  references.set(key, reference);
  const wanted = await reference;
  const world = await ChaosWorld.open(version, scope);
  try {
    const story = new Story(world, draws);
    await story.tell(wanted);
    const { runs, kills, faults, problems } = story;
    return { seed, version, scope, runs, kills, faults, problems };
  } finally {
    await world.close();
  }
}
