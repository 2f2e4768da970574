import { Button } from '@mantine/core';
import { IconPlugConnectedX } from '@tabler/icons-react';
import { EmptyState } from '../parts/empty-state.tsx';
import { texts } from '../texts/texts.ts';

/** In place of a page whose code could not be loaded, or that broke. */
export function PageError() {
  return (
    <EmptyState
      icon={IconPlugConnectedX}
      title={texts.failure.page}
      help={texts.failure.pageHelp}
      action={<Button onClick={() => window.location.reload()}>{texts.failure.reload}</Button>}
    />
  );
}
