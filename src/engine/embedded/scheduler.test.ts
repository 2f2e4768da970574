import { describe, expect, it } from 'vitest';
import type { PipelineSchedule } from '../engine.ts';
import type { NewRun } from './engine-store.ts';
import { Schedule } from './schedule.ts';
import { type ScheduledPipeline, Scheduler } from './scheduler.ts';

const hourMs = 60 * 60_000;
const eight = Date.parse('2026-11-25T08:00:00Z');

/** A scheduler of one pipeline, whose clock a test sets. */
function scheduled(
  written: Partial<PipelineSchedule>,
  { handledUntil = eight, maxActiveRuns = 1, enabled = true } = {},
) {
  const schedule: PipelineSchedule = { cron: '0 * * * *', timezone: 'UTC', catchup: false, ...written };
  const times = new Schedule(schedule);
  const pipeline: ScheduledPipeline = {
    definition: {
      id: 'p',
      pipelineType: 'metadata',
      schedule,
      retries: 0,
      retryDelaySeconds: 0,
      timeoutSeconds: 60,
      maxActiveRuns,
      enabled,
    },
    schedule: times,
    handledUntil,
    nextAt: times.next(handledUntil),
  };
  const world = { now: eight, queued: [] as NewRun[], open: { waiting: 0, all: 0 } };
  const scheduler = new Scheduler({
    pipelines: new Map([['p', pipeline]]),
    now: () => world.now,
    open: () => world.open,
    queue: (runs) => world.queued.push(...runs),
  });
  const look = (now: string | number): string[] => {
    world.now = typeof now === 'number' ? now : Date.parse(now);
    const before = world.queued.length;
    scheduler.look();
    return world.queued
      .slice(before)
      .map(({ logicalDate, trigger }) => `${new Date(logicalDate!).toISOString().slice(11, 16)} ${trigger}`);
  };
  return { look, world, pipeline };
}

describe('a scheduler', () => {
  it('queues a run when it is due, and once', () => {
    const { look } = scheduled({});
    expect(look('2026-11-25T08:59:59.999Z')).toEqual([]);
    expect(look('2026-11-25T09:00:00.010Z')).toEqual(['09:00 schedule']);
    expect(look('2026-11-25T09:00:00.300Z')).toEqual([]);
    expect(look('2026-11-25T10:00:00Z')).toEqual(['10:00 schedule']);
  });

  it('makes up for the last time that was missed only, unless it shall catch up', () => {
    expect(scheduled({}).look('2026-11-25T12:30:00Z')).toEqual(['12:00 catchup']);
    const { look } = scheduled({ catchup: true }, { maxActiveRuns: 10 });
    expect(look('2026-11-25T11:00:00Z')).toEqual(['09:00 catchup', '10:00 catchup', '11:00 schedule']);
  });

  it('catches up as fast as the pipeline may run, and leaves no time out', () => {
    const { look, world } = scheduled({ catchup: true }, { maxActiveRuns: 1 });
    expect(look('2026-11-25T12:00:00Z')).toEqual(['09:00 catchup', '10:00 catchup']);
    world.open = { waiting: 1, all: 2 };
    expect(look('2026-11-25T12:00:01Z')).toEqual([]);
    world.open = { waiting: 0, all: 1 };
    expect(look('2026-11-25T12:00:02Z')).toEqual(['11:00 catchup']);
    world.open = { waiting: 0, all: 0 };
    expect(look('2026-11-25T12:00:03Z')).toEqual(['12:00 schedule']);
  });

  it('adds no run to one that its schedule has waiting', () => {
    const { look, world } = scheduled({});
    world.open = { waiting: 1, all: 2 };
    expect(look('2026-11-25T09:00:00Z')).toEqual([]);
    world.open = { waiting: 0, all: 1 };
    expect(look('2026-11-25T10:00:00Z')).toEqual(['10:00 schedule']);
  });

  it('leaves a paused pipeline alone', () => {
    expect(scheduled({}, { enabled: false }).look('2026-11-25T12:00:00Z')).toEqual([]);
  });

  it('begins with the start date and ends with the end date', () => {
    const { look } = scheduled({ startDate: '2026-11-25T10:00:00Z', endDate: '2026-11-25T11:30:00Z' });
    expect(look('2026-11-25T09:00:00Z')).toEqual([]);
    expect(look('2026-11-25T10:00:00Z')).toEqual(['10:00 schedule']);
    expect(look('2026-11-25T11:00:00Z')).toEqual(['11:00 schedule']);
    expect(look('2026-11-25T12:00:00Z')).toEqual([]);
  });

  it('runs nothing twice when the clock is put back a little, and believes it when it is put back a lot', () => {
    const { look } = scheduled({});
    expect(look('2026-11-25T09:00:00Z')).toEqual(['09:00 schedule']);
    expect(look('2026-11-25T08:30:00Z')).toEqual([]);
    expect(look('2026-11-25T09:00:00Z')).toEqual([]);
    expect(look('2026-11-25T10:00:00Z')).toEqual(['10:00 schedule']);
    // Years ahead by mistake, then right again.
    expect(look('2036-11-25T10:10:00Z')).toEqual(['10:00 catchup']);
    expect(look('2026-11-25T10:20:00Z')).toEqual([]);
    expect(look('2026-11-25T11:00:00Z')).toEqual(['11:00 schedule']);
  });

  it('goes on after the clock has jumped ahead', () => {
    const { look } = scheduled({});
    expect(look(eight + 100 * hourMs + 5)).toEqual(['12:00 schedule']);
    expect(look(eight + 101 * hourMs)).toEqual(['13:00 schedule']);
  });
});
