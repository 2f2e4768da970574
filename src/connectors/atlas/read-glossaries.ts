import { ResponseError } from '../../errors.ts';
import type { SourceContext } from '../source.ts';
import type { AtlasReader } from './atlas-reader.ts';
import type { AtlasTerm } from './atlas-types.ts';
import type { GlossaryContent } from './glossary-places.ts';

/**
 * Every glossary with its categories and terms, held in the heap without the assignments: assets tell those themselves.
 *
 * @returns undefined when they could not be read whole: nothing of them is told then, so that nothing seems to be gone
 */
export async function readGlossaries(
  reader: AtlasReader,
  context: SourceContext,
): Promise<readonly GlossaryContent[] | undefined> {
  const contents: GlossaryContent[] = [];
  try {
    for await (const { glossary, categories, terms: read } of reader.glossaries(context.signal)) {
      const terms: AtlasTerm[] = [];
      for await (const { assignedEntities: _, ...term } of read) terms.push(term);
      contents.push({ glossary, categories, terms });
    }
    return contents;
  } catch (error) {
    context.signal.throwIfAborted();
    const message = error instanceof Error ? error.message : String(error);
    if (error instanceof ResponseError && error.status === 404 && contents.length === 0) {
      const why = 'this Apache Atlas has no glossaries (they came with 1.0), or a gateway hides them';
      context.report({
        outcome: 'skipped',
        kind: 'glossary',
        reason: 'no-glossaries',
        name: 'glossaries',
        message: why,
      });
      return undefined;
    }
    for (const kind of ['glossary', 'glossaryTerm', 'termRelation'] as const) {
      context.report({ outcome: 'failed', kind, reason: 'partial-answer', name: 'glossaries', message });
    }
    return undefined;
  }
}
