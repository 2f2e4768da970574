import { IconArrowNarrowRight } from '@tabler/icons-react';
import type { LineageLink } from '../../../src/server/console-api/catalogue/catalogue-types.ts';
import { lineageTexts as texts } from '../texts/lineage-texts.ts';
import classes from './lineage.module.css';

/** Columns and what is made of them. */
export function ColumnPair({ pair: { from, to } }: { readonly pair: LineageLink['columns'][number] }) {
  return (
    <span className={classes.pair}>
      {from.join(', ')}
      <IconArrowNarrowRight size={15} role="img" aria-label={texts.becomes} />
      {to}
    </span>
  );
}
