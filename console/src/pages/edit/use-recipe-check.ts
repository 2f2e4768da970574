import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { checkRecipe } from '../../api/recipes.ts';

/** What the server finds wrong with a recipe's text, a moment after it was last changed. */
export function useRecipeCheck(text: string, pipelineId: string | undefined) {
  const [settled] = useDebouncedValue(text, 350);
  const check = useQuery({
    queryKey: ['recipe-check', pipelineId, settled],
    queryFn: ({ signal }) => checkRecipe({ text: settled, ...(pipelineId && { pipelineId }) }, signal),
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  });
  return { ...check, isSettled: settled === text && !check.isPlaceholderData && !check.isPending };
}
