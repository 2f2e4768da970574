import { PageHeader } from '../../parts/page-header.tsx';
import { texts } from '../../texts/texts.ts';

export function Component() {
  return <PageHeader title={texts.navigation.pipelines} />;
}
