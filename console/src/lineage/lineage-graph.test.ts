import { describe, expect, it } from 'vitest';
import type { LineageGraph } from '../../../src/server/console-api/catalogue/catalogue-types.ts';
import {
  fanStart,
  fanStep,
  folded,
  shownLineage,
  sideKey,
  startLineage,
  unfolded,
  withSide,
  withWiderFan,
} from './lineage-graph.ts';

/** @param links `a>b`; @param more sides with more behind them, such as `a up` */
function graph(root: string, links: readonly string[], more: readonly string[] = []): LineageGraph {
  const pairs = links.map((link) => link.split('>') as [string, string]);
  const ids = new Set([root, ...pairs.flat()]);
  return {
    root,
    nodes: [...ids].map((id) => ({
      id,
      kind: 'table',
      fqn: `s.d.c.${id}`,
      name: id,
      moreUpstream: more.includes(sideKey(id, 'up')),
      moreDownstream: more.includes(sideKey(id, 'down')),
    })),
    links: pairs.map(([from, to]) => ({ from, to, columns: [] })),
  };
}

const names = (shown: ReturnType<typeof shownLineage>): string[] => shown.nodes.map(({ id }) => id).toSorted();
const node = (shown: ReturnType<typeof shownLineage>, id: string) => shown.nodes.find((each) => each.id === id)!;

describe('what is shown of a lineage', () => {
  it('is everything that came, with how far each is from the root', () => {
    const shown = shownLineage(startLineage(graph('r', ['a>b', 'b>r', 'r>c'])));
    expect(shown.nodes.map(({ id, distance }) => [id, distance])).toEqual([
      ['r', 0],
      ['b', -1],
      ['c', 1],
      ['a', -2],
    ]);
    expect(shown.links).toHaveLength(3);
  });

  it('ends with a cycle', () => {
    expect(names(shownLineage(startLineage(graph('r', ['r>a', 'a>b', 'b>r']))))).toEqual(['a', 'b', 'r']);
  });

  it('leaves out what only a folded side leads to, and brings it back', () => {
    const start = startLineage(graph('r', ['r>a', 'a>x', 'r>b', 'b>y', 'a>y']));
    const without = folded(start, sideKey('a', 'down'));
    expect(names(shownLineage(without))).toEqual(['a', 'b', 'r', 'y']);
    expect(node(shownLineage(without), 'a').downstream).toBe('expand');
    expect(names(shownLineage(unfolded(without, sideKey('a', 'down'))))).toEqual(['a', 'b', 'r', 'x', 'y']);
  });

  it('grows by what a side turns out to hold, and then offers it no more', () => {
    const start = startLineage(graph('r', ['a>r'], ['a up']));
    expect(node(shownLineage(start), 'a').upstream).toBe('expand');
    const grown = withSide(start, graph('a', ['z>a'], ['z up']), 'up');
    const shown = shownLineage(grown);
    expect(names(shown)).toEqual(['a', 'r', 'z']);
    expect(node(shown, 'a').upstream).toBe('collapse');
    expect(node(shown, 'z').upstream).toBe('expand');
  });

  it('has one for many neighbours, and more with each click', () => {
    const many = [...Array(100).keys()].map((index) => `r>n${String(index).padStart(3, '0')}`);
    const start = startLineage(graph('r', many));
    const [fan] = shownLineage(start).fans;
    expect(fan).toMatchObject({ of: 'r', side: 'down', count: 100 - fanStart });
    expect(names(shownLineage(start))).toHaveLength(1 + fanStart);
    const wider = shownLineage(withWiderFan(start, fan!));
    expect(wider.nodes).toHaveLength(1 + fanStart + fanStep);
    expect(wider.fans).toMatchObject([{ count: 100 - fanStart - fanStep }]);
  });

  it('does not count what is seen elsewhere among the many', () => {
    const many = [...Array(30).keys()].map((index) => `r>n${String(index).padStart(2, '0')}`);
    const [fan] = shownLineage(startLineage(graph('r', [...many, 'n00>n29']))).fans;
    expect(fan?.count).toBe(30 - fanStart - 1);
  });
});
