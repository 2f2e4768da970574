import { Table } from '@mantine/core';
import type { ReactNode } from 'react';

interface WideTableProps {
  /** Pixels below which it scrolls sideways, by keyboard as well. */
  readonly minWidth: number;
  /** What is in it, for those who do not see it. */
  readonly label: string;
  readonly children: ReactNode;
}

/** Around a table that may be wider than the screen: it scrolls, the page does not. */
export function WideTable({ minWidth, label, children }: WideTableProps) {
  return (
    <Table.ScrollContainer minWidth={minWidth} type="native" tabIndex={0} role="region" aria-label={label}>
      {children}
    </Table.ScrollContainer>
  );
}
