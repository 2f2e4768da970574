import { Center, Loader } from '@mantine/core';
import { texts } from '../texts/texts.ts';

/** While a page is fetched. */
export function Loading() {
  return (
    <Center mih="60vh" role="status" aria-label={texts.common.loading}>
      <Loader />
    </Center>
  );
}
