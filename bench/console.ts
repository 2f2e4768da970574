import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { layoutOptions } from '../console/src/lineage/layout-options.ts';
import { type CatalogueWorld, startCatalogueWorld } from '../test/browser/catalogue-world.ts';
import { TestBrowser } from '../test/browser/test-browser.ts';
import { median } from './measure.ts';
import { row } from './results.ts';

const rounds = 3;
/**
 * Tables, and neighbours of each on the way out: with three steps each way, 8 lead to 584 tables up, and 416 down make a
 * thousand.
 */
const usual = { tables: 1000, fan: 8 };
const large = { tables: 3000, fan: 12 };
const box = { width: 232, height: 52 };

interface Graph {
  readonly root: string;
  /** Fully qualified name of the root. */
  readonly fqn: string;
  readonly nodes: readonly string[];
  readonly links: readonly (readonly [from: string, to: string])[];
}

/**
 * The console in a real Chromium: bytes until the first page stands, and the time until a lineage of 1,000 tables is drawn,
 * against a bare page with the same layout engine that draws the same boxes as plain SVG.
 */
export async function measureConsole(): Promise<void> {
  const [world, browser] = [await startCatalogueWorld(), await TestBrowser.start()];
  try {
    row('console: browser', `Chromium ${browser.version}`);
    await measureFirstLoad(world, browser);
    await measureLineage(world, browser);
  } finally {
    await browser.close();
    await world.close();
  }
}

async function measureFirstLoad(world: CatalogueWorld, browser: TestBrowser): Promise<void> {
  for (const [name, open] of [
    ['sign-in page', () => browser.open('about:blank')],
    ['pipelines, signed in', () => world.open(browser, '/nowhere')],
  ] as const) {
    const test = await open();
    const { page } = test;
    const session = await page.context().newCDPSession(page);
    await session.send('Network.enable');
    await session.send('Network.setCacheDisabled', { cacheDisabled: true });
    let bytes = 0;
    session.on('Network.loadingFinished', ({ encodedDataLength }) => {
      bytes += encodedDataLength;
    });
    await page.goto(`${world.url}/pipelines`);
    await page.waitForLoadState('networkidle');
    row(`console, first load: ${name}`, `${(bytes / 1000).toFixed(0)} kB`);
    await page.context().close();
  }
}

async function measureLineage(world: CatalogueWorld, browser: TestBrowser): Promise<void> {
  const graph = await makeGraph(world, usual);
  row('lineage: boxes, arrows', `${graph.nodes.length}, ${graph.links.length}`);
  const taken = {
    first: [] as number[],
    all: [] as number[],
    bare: [] as number[],
    ratio: [] as number[],
    processor: [] as number[],
    bareProcessor: [] as number[],
  };
  for (let round = 0; round < rounds; round += 1) {
    const { first, all, read, processor } = await drawnByConsole(world, browser, graph, usual.tables);
    const { bare, processor: bareProcessor } = await drawnBare(browser, graph);
    taken.first.push(first);
    taken.all.push(all);
    taken.bare.push(bare);
    taken.ratio.push((all - read) / bare);
    taken.processor.push(processor);
    taken.bareProcessor.push(bareProcessor);
    row(
      `lineage, round ${round + 1}: first picture, all boxes (of it reading), bare`,
      [first, all, read, bare].map(seconds).join(', '),
    );
    row(`lineage, round ${round + 1}: processor time, bare`, `${seconds(processor)}, ${seconds(bareProcessor)}`);
  }
  row('lineage, first picture (median)', seconds(median(taken.first)));
  row('lineage, all boxes in sight (median)', seconds(median(taken.all)));
  row('lineage, bare layout and SVG (median)', seconds(median(taken.bare)));
  row(
    'lineage, processor time, bare (medians)',
    `${seconds(median(taken.processor))}, ${seconds(median(taken.bareProcessor))}`,
  );
  row('lineage, all boxes without reading ÷ bare (median)', median(taken.ratio).toFixed(2));
  const { first, longest } = await drawnByConsole(world, browser, await makeGraph(world, large), undefined);
  const words = `${seconds(first)}, ${longest.toFixed(0)} ms`;
  row(`lineage of ${large.tables}: first picture, longest time without an answer to a click`, words);
}

/** Trees of tables up and down, with a second arrow to every third of the outermost. */
async function makeGraph({ target }: CatalogueWorld, { tables, fan }: typeof usual): Promise<Graph> {
  const links: [string, string][] = [];
  const nodes: string[] = [];
  const makeTable = async (): Promise<{ id: string; fullyQualifiedName: string }> => {
    const made = await target<{ id: string; fullyQualifiedName: string }>('PUT', 'tables', {
      name: `bench_${tables}_${String(nodes.length).padStart(4, '0')}`,
      databaseSchema: 'bakery_hive.prod.shop',
      columns: [{ name: 'id', dataType: 'BIGINT' }],
    });
    nodes.push(made.id);
    return made;
  };
  const root = await makeTable();
  for (const side of ['up', 'down'] as const) {
    let level = [root.id];
    for (let step = 1; step <= 3; step += 1) {
      const next: string[] = [];
      for (const [index, near] of level.entries()) {
        const beside = level[(index + 1) % level.length]!;
        for (let i = 0; i < fan && nodes.length < tables; i += 1) {
          const { id } = await makeTable();
          next.push(id);
          const ends = step === 3 && i % 3 === 0 ? [near, beside] : [near];
          for (const end of ends) links.push(side === 'up' ? [id, end] : [end, id]);
        }
      }
      level = next;
    }
  }
  for (const [from, to] of links) {
    await target('PUT', 'lineage', {
      edge: { fromEntity: { id: from, type: 'table' }, toEntity: { id: to, type: 'table' } },
    });
  }
  return { root: root.id, fqn: root.fullyQualifiedName, nodes, links };
}

interface Drawn {
  /** Milliseconds from the click on “Lineage” until the root and what is near it are painted. */
  readonly first: number;
  /** Until, after a click on “Show all”, every box is painted. */
  readonly all: number;
  /** Of which the server took for its answer. */
  readonly read: number;
  /** Milliseconds of the longest task until the first picture: a click had to wait for so long. */
  readonly longest: number;
  /** Of the browser, for all of it. */
  readonly processor: number;
}

/** @param boxes that the picture is done with; undefined where some stand for many */
async function drawnByConsole(
  world: CatalogueWorld,
  browser: TestBrowser,
  graph: Graph,
  boxes: number | undefined,
): Promise<Drawn> {
  const query = new URLSearchParams({ kind: 'table', fqn: graph.fqn });
  const test = await world.open(browser, `/catalogue/${world.pipelineId}/asset?${query}`);
  const { page } = test;
  // Three steps each way are asked for by the address, as the picture's own fields do.
  await page.goto(`${world.url}/catalogue/${world.pipelineId}/asset?${query}&up=3&down=3`);
  await page.getByRole('tab', { name: 'Lineage' }).waitFor();
  await page.waitForLoadState('networkidle');
  const before = await processorMs(page);
  const drawn = await page.evaluate<Omit<Drawn, 'processor'>>(inPage(boxes));
  const processor = (await processorMs(page)) - before;
  await test.close();
  return { ...drawn, processor };
}

/** Processor time of all of the browser's processes so far: what others do on the same cores changes it little. */
async function processorMs(page: Page): Promise<number> {
  const session = await page.context().browser()!.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  return processInfo.reduce((sum, { cpuTime }) => sum + cpuTime * 1000, 0);
}

/** Clicks and waits inside of the page: what the remote control takes is not counted. */
function inPage(boxes: number | undefined): string {
  const picture = `[data-arranged="true"]${boxes === undefined ? '' : `[data-nodes="${boxes}"]`}`;
  return `(async () => {
    const painted = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    const until = async (holds) => {
      const began = performance.now();
      while (!holds()) {
        await new Promise((done) => requestAnimationFrame(done));
        if (performance.now() - began > 60_000) {
          const { nodes, arranged } = document.querySelector('[data-arranged]').dataset;
          throw new Error('never drawn: ' + nodes + ' boxes, ' + count() + ' in sight, arranged: ' + arranged);
        }
      }
    };
    const click = (text, role) => [...document.querySelectorAll('[role=' + role + '], ' + role)]
      .find((each) => (each.textContent || each.ariaLabel) === text || each.ariaLabel === text).click();
    const count = () => document.querySelectorAll('.react-flow__node').length;
    let longest = 0;
    const observer = new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) longest = Math.max(longest, duration);
    });
    observer.observe({ type: 'longtask' });
    const started = performance.now();
    click('Lineage', 'tab');
    await until(() => document.querySelector('${picture}') && count() > 0);
    await painted();
    const first = performance.now() - started;
    observer.disconnect();
    const again = performance.now();
    click('Show all', 'button');
    ${boxes === undefined ? '' : `await until(() => count() === ${boxes});`}
    await painted();
    const answer = performance.getEntriesByType('resource').findLast(({ name }) => name.includes('/lineage?'));
    return { first, all: first + performance.now() - again, read: answer.duration, longest };
  })()`;
}

/** The same layout engine with the same options, and strings for a drawing. */
async function drawnBare(browser: TestBrowser, { nodes, links }: Graph): Promise<{ bare: number; processor: number }> {
  const test = await browser.open('about:blank');
  const { page } = test;
  const engine = readFileSync(createRequire(import.meta.url).resolve('elkjs/lib/elk.bundled.js'), 'utf8');
  const graph = {
    id: 'bare',
    layoutOptions: layoutOptions(nodes.length),
    children: nodes.map((id) => ({ id, ...box })),
    edges: links.map(([from, to], index) => ({ id: `a${index}`, sources: [from], targets: [to] })),
  };
  await page.evaluate(`window.graph = ${JSON.stringify(graph)}; window.engine = ${JSON.stringify(engine)}`);
  const before = await processorMs(page);
  const bare = await page.evaluate<number>(`(async () => {
    const started = performance.now();
    (0, eval)(window.engine);
    const { width, height, children, edges } = await new ELK().layout(window.graph);
    const at = new Map(children.map((box) => [box.id, box]));
    const boxes = children.map(({ id, x, y, width, height }) =>
      '<rect x="' + x + '" y="' + y + '" width="' + width + '" height="' + height + '" fill="#eee"/>' +
      '<text x="' + (x + 10) + '" y="' + (y + 20) + '">' + id + '</text>');
    const arrows = edges.map(({ sources, targets }) => {
      const [a, b] = [at.get(sources[0]), at.get(targets[0])];
      const [x, y, u, v] = [a.x + a.width, a.y + a.height / 2, b.x, b.y + b.height / 2];
      const middle = (x + u) / 2;
      return '<path fill="none" stroke="#888" d="M' + [x, y] + ' C' + [middle, y, middle, v, u, v] + '"/>';
    });
    document.body.innerHTML = '<svg width="1400" height="800" viewBox="0 0 ' + width + ' ' + height + '">' +
      arrows.join('') + boxes.join('') + '</svg>';
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    return performance.now() - started;
  })()`);
  const processor = (await processorMs(page)) - before;
  await test.close();
  return { bare, processor };
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}
