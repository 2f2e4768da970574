import { type DescriptionHtml, DescriptionProcessor } from './description-processor.ts';
import { FilterProcessor, type FilterSettings } from './filter-processor.ts';
import { ModuleProcessor } from './module-processor.ts';
import { OwnerMappingProcessor } from './owner-mapping-processor.ts';
import type { Processor } from './processor.ts';
import { TagMappingProcessor } from './tag-mapping-processor.ts';

/** The part of a recipe's settings that the processors follow. */
export interface ProcessorSettings extends FilterSettings {
  readonly includeTags: boolean;
  /** Source's classification → target's tag FQN. */
  readonly tagMapping: Readonly<Record<string, string>>;
  /** Source's owner → target's user or team. */
  readonly ownerMapping: Readonly<Record<string, string>>;
  readonly descriptionHtml: DescriptionHtml;
  /** A user's own module, relative to `recipeDirectory`. */
  readonly processorModule?: string | undefined;
  readonly recipeDirectory: string;
}

/**
 * The processors of a run, in their order: filters, owners, tags, descriptions, the user's module last.
 * @throws ConfigurationError `filter.bad-pattern`, `processor.module`
 */
export async function createProcessors(settings: ProcessorSettings): Promise<Processor[]> {
  const processors: Processor[] = [
    new FilterProcessor(settings),
    new OwnerMappingProcessor(settings.ownerMapping),
    new TagMappingProcessor({ includeTags: settings.includeTags, mapping: settings.tagMapping }),
  ];
  if (settings.descriptionHtml !== 'keep') processors.push(new DescriptionProcessor(settings.descriptionHtml));
  if (settings.processorModule !== undefined) {
    processors.push(await ModuleProcessor.load(settings.processorModule, settings.recipeDirectory));
  }
  return processors;
}
