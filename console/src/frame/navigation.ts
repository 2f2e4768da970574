import { IconListTree, IconTransferIn } from '@tabler/icons-react';
import type { ComponentType } from 'react';
import { texts } from '../texts/texts.ts';

export interface NavigationEntry {
  readonly label: string;
  /** Where it leads; the entry is marked on every page below it. */
  readonly path: string;
  readonly icon: ComponentType<{ size?: number; stroke?: number }>;
}

/** What the side bar shows, in this order. */
export const navigation: readonly NavigationEntry[] = [
  { label: texts.navigation.pipelines, path: '/pipelines', icon: IconTransferIn },
  { label: texts.navigation.catalogue, path: '/catalogue', icon: IconListTree },
];
