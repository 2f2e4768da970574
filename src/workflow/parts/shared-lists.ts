import type { NamePath } from '../../model/records.ts';
import type { OpenRun } from '../open-run.ts';
import type { IndexedAsset, Seen } from '../scratch.ts';
import type { KnownServices } from '../service-stage.ts';
import type { KnownTags } from '../vocabulary-stage.ts';
import type { RunPages } from './run-pages.ts';

/** What one process knows of services and tags. */
interface Around {
  readonly services: KnownServices;
  readonly tags: KnownTags;
}

/** A name that a process has met: its kind, FQN, how, and what the target held under it before. */
type Met = readonly [kind: string, fqn: string, how: Seen, held?: IndexedAsset];

/** Where a partition's tables are. */
export interface Place {
  readonly path: NamePath;
  readonly count: number;
}

/** Writes what a process has found around the assets, and every name that it has met. */
export async function writeShared(
  pages: RunPages,
  list: string,
  { services, vocabulary, context }: OpenRun,
): Promise<{ readonly around: number; readonly met: number }> {
  const around: Around = { services: services.known, tags: vocabulary.known };
  return {
    around: await pages.write(`${list}.around`, [around]),
    met: await pages.write(`${list}.met`, metIn(context)),
  };
}

function* metIn({ scratch }: OpenRun['context']): Generator<Met> {
  for (const { kind, fqn, how, held } of scratch.met()) yield held ? [kind, fqn, how, held] : [kind, fqn, how];
}

export async function readAround(pages: RunPages, list: string, count: number): Promise<Around> {
  const around: Around = { services: { ready: [], full: {} }, tags: { told: [], usable: [] } };
  for await (const [found] of pages.read<Around>(`${list}.around`, count)) return found ?? around;
  return around;
}

/**
 * Takes the names that another process has met for met in this one.
 *
 * @param twice is told of tables that two processes have brought under one name
 */
export async function takeMet(
  pages: RunPages,
  list: string,
  count: number,
  { scratch, signal }: OpenRun['context'],
  twice: (fqn: string) => void = () => undefined,
): Promise<void> {
  for await (const rows of pages.read<Met>(`${list}.met`, count)) {
    signal.throwIfAborted();
    for (const [name, fqn, how, held] of rows) {
      const kind = name as 'table';
      const before = scratch.seen(kind, fqn);
      if (before === 'ok' && how === 'ok' && kind === 'table') twice(fqn);
      // Of what was met twice, the failure counts.
      if (before !== 'failed') scratch.see(kind, fqn, how);
      if (held) scratch.indexTarget(kind, fqn, held);
    }
  }
}
