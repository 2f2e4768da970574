import { ActionIcon, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconSearch, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { catalogueTexts as texts } from '../texts/catalogue-texts.ts';
import { SearchResults } from './search/search-results.tsx';
import { CatalogueTree } from './tree/catalogue-tree.tsx';

/** Long enough that a word can be typed, short enough that nobody waits (milliseconds). */
const typingPause = 250;

/** Search, and the tree in its place while nothing is searched for. */
export function CatalogueSidebar({ pipelineId }: { readonly pipelineId: string }) {
  const [text, setText] = useState('');
  const [words] = useDebouncedValue(text.trim(), typingPause);
  return (
    <>
      <TextInput
        type="search"
        aria-label={texts.search.label}
        placeholder={texts.search.placeholder}
        value={text}
        onChange={({ currentTarget }) => setText(currentTarget.value)}
        onKeyDown={({ key }) => key === 'Escape' && setText('')}
        leftSection={<IconSearch size={16} />}
        rightSection={
          text !== '' && (
            <ActionIcon variant="subtle" color="gray" aria-label={texts.search.clear} onClick={() => setText('')}>
              <IconX size={16} />
            </ActionIcon>
          )
        }
        mb="sm"
      />
      {words === '' || text.trim() === '' ? (
        <CatalogueTree pipelineId={pipelineId} />
      ) : (
        <SearchResults pipelineId={pipelineId} words={words} />
      )}
    </>
  );
}
