import { Loader, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { FailureAlert } from '../../parts/failure-alert.tsx';
import { kindWords, catalogueTexts as texts } from '../../texts/catalogue-texts.ts';
import { assetPath } from '../catalogue-paths.ts';
import { searchQuery } from '../catalogue-queries.ts';
import { KindIcon } from '../kind-icon.tsx';
import classes from './search-results.module.css';

/** What a search found, by kind; each with the names above it, since many things are called the same. */
export function SearchResults({ pipelineId, words }: { readonly pipelineId: string; readonly words: string }) {
  const { data, error, isPending, isPlaceholderData, refetch } = useQuery(searchQuery(pipelineId, words));
  if (error) return <FailureAlert error={error} onRetry={() => void refetch()} />;
  if (isPending) return <Loader size="sm" m="md" />;
  return (
    <section aria-label={texts.search.results(words)} aria-busy={isPlaceholderData} className={classes.results}>
      {data.groups.length === 0 && (
        <div role="status" className={classes.none}>
          <Text fw={600}>{texts.search.none}</Text>
          <Text size="sm" c="dimmed">
            {texts.search.noneHelp}
          </Text>
        </div>
      )}
      {data.groups.map(({ kind, nodes }) => (
        <div key={kind}>
          <h2 className={classes.kind}>{kindWords[kind].many}</h2>
          <ul className={classes.list}>
            {nodes.map((node) => (
              <li key={node.fqn}>
                <Link to={assetPath(pipelineId, node)} className={classes.hit}>
                  <KindIcon kind={node.kind} type={node.type} />
                  <span className={classes.words}>
                    <span className={classes.name}>{node.name}</span>
                    <span className={classes.fqn}>{node.fqn}</span>
                  </span>
                </Link>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </section>
  );
}
