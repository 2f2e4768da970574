import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadRecipe } from '../config/load-recipe.ts';
import { createChangeFeed } from './create-change-feed.ts';

const env = {
  ATLAS_EXPORT: 'a.zip',
  RECORDS_FILE: 'a.jsonl',
  OPENMETADATA_URL: 'http://om.example:8585/api',
  OPENMETADATA_TOKEN: 'token-of-the-bot',
};

it.each(['atlas-export.yaml', 'file.yaml'])(
  '%s names a source that cannot be watched, brokers or not',
  async (name) => {
    const path = join(import.meta.dirname, '..', '..', 'recipes', name);
    const { settings } = await loadRecipe(path, { env, flags: { 'meridian.watch.brokers': ['kafka.example:9092'] } });
    const feed = createChangeFeed(settings, { pipeline: 'p', onNote: () => {} });
    await expect(feed).rejects.toMatchObject({ code: 'watch.no-feed', exitCode: 2 });
  },
);
