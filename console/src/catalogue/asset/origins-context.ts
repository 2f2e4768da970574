import { createContext, useContext } from 'react';
import type { ExplainedField } from '../../../../src/workflow/explained-field.ts';

type Origins = ReadonlyMap<string, ExplainedField>;

/** Where the shown asset's fields come from, by {@link originKey}. */
export const OriginsContext = createContext<Origins>(new Map());

/** @param value of a field that holds several: a tag's FQN, an owner's name */
export function originKey(field: string, value?: string): string {
  return value === undefined ? field : `${field}\n${value}`;
}

const severalIn = (field: string): boolean => field === 'owner' || field === 'tags' || field.endsWith('.tags');

export function originsByField(origins: readonly ExplainedField[]): Origins {
  return new Map(origins.map((each) => [originKey(each.field, severalIn(each.field) ? each.value : undefined), each]));
}

export function useOrigin(field: string, value?: string): ExplainedField | undefined {
  return useContext(OriginsContext).get(originKey(field, value));
}
