import {
  IconBinaryTree,
  IconBook2,
  IconBox,
  IconBrain,
  IconBroadcast,
  IconBucket,
  IconDatabase,
  IconEyeTable,
  IconFolders,
  IconMessages,
  type IconProps,
  IconRoute,
  IconServer,
  IconTable,
  IconTag,
  IconTimeline,
} from '@tabler/icons-react';
import type { ComponentType } from 'react';
import type { CatalogueKind } from '../../../src/server/console-api/catalogue/catalogue-types.ts';

const icons: Readonly<Record<CatalogueKind, ComponentType<IconProps>>> = {
  databaseService: IconServer,
  messagingService: IconMessages,
  storageService: IconBucket,
  pipelineService: IconBinaryTree,
  mlmodelService: IconBox,
  database: IconDatabase,
  databaseSchema: IconFolders,
  table: IconTable,
  topic: IconBroadcast,
  container: IconBucket,
  pipeline: IconRoute,
  mlmodel: IconBrain,
  glossary: IconBook2,
  glossaryTerm: IconTag,
};

interface KindIconProps {
  readonly kind: string;
  /** A table's type: a view looks like one. */
  readonly type?: string | undefined;
  readonly size?: number;
}

/** What kind of entity it is, as a picture; its name stands beside it in words. */
export function KindIcon({ kind, type, size = 18 }: KindIconProps) {
  const isView = kind === 'table' && type?.endsWith('View');
  const Icon = isView ? IconEyeTable : (icons[kind as CatalogueKind] ?? IconTimeline);
  return <Icon size={size} stroke={1.7} aria-hidden />;
}
