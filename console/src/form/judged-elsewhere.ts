import type { ValidatorType } from '@rjsf/utils';

/**
 * The form judges nothing by itself: the server checks a recipe by the rules of `meridian validate`, and says where each
 * mistake is. A validator in the browser would be a second opinion, and would need `eval`, which the page's policy forbids.
 * No schema that is drawn has alternatives, so that nothing asks `isValid` to choose.
 */
export const judgedElsewhere: ValidatorType = {
  validateFormData: () => ({ errors: [], errorSchema: {} }),
  isValid: () => true,
  rawValidation: () => ({ errors: [] }),
};
