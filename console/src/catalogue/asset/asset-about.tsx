import { CopyButton, Paper, Text, Title, UnstyledButton } from '@mantine/core';
import type { ReactNode } from 'react';
import type { AssetDetails } from '../../../../src/server/console-api/catalogue/catalogue-types.ts';
import { catalogueTexts as texts } from '../../texts/catalogue-texts.ts';
import { texts as common } from '../../texts/texts.ts';
import { dateTime } from '../date-time.ts';
import classes from './asset-about.module.css';
import { factWord } from './fact-word.ts';
import { LabelBadges } from './label-badges.tsx';
import { OriginMark } from './origin-mark.tsx';

/** What is known of the whole: people, labels, properties, where it is from. */
export function AssetAbout({ asset }: { readonly asset: AssetDetails }) {
  const tags = asset.labels.filter(({ source }) => source === 'Classification');
  const terms = asset.labels.filter(({ source }) => source === 'Glossary');
  return (
    <Paper withBorder p="md" component="section" aria-label={texts.asset.about} className={classes.about}>
      <dl className={classes.list}>
        <Fact name={texts.asset.owners}>
          {asset.owners.map(({ name, type }) => (
            <span key={`${type} ${name}`} className={classes.line}>
              {name}
              <OriginMark field="owner" value={name} of={name} />
            </span>
          ))}
        </Fact>
        <Fact name={texts.asset.tags}>{tags.length > 0 && <LabelBadges labels={tags} field="tags" />}</Fact>
        <Fact name={texts.asset.terms}>{terms.length > 0 && <LabelBadges labels={terms} field="tags" />}</Fact>
      </dl>
      {asset.properties.length > 0 && (
        <>
          <Title order={2} size="h6" mt="md" mb={6}>
            {texts.asset.properties}
          </Title>
          <dl className={classes.list}>
            {asset.properties.map(({ name, value }) => (
              <Fact key={name} name={name} mark={<OriginMark field={`extension.${name}`} of={name} />}>
                <span className={classes.value}>{value}</span>
              </Fact>
            ))}
          </dl>
        </>
      )}
      <Title order={2} size="h6" mt="md" mb={6}>
        {texts.asset.facts}
      </Title>
      <dl className={classes.list}>
        {asset.facts.map(({ name, value }) => (
          <Fact key={name} name={factWord(name)}>
            <span className={classes.value}>{value}</span>
          </Fact>
        ))}
        <Fact name={texts.asset.fqn}>
          <Copied text={asset.fqn} />
        </Fact>
        <Fact name={texts.asset.source}>
          {asset.sourceId ? <Copied text={asset.sourceId} /> : <Text size="sm">{texts.asset.notOurs}</Text>}
        </Fact>
        <Fact name={texts.asset.updated}>
          {asset.updatedAt && (
            <span className={classes.value}>
              {texts.asset.updatedBy(dateTime(asset.updatedAt), asset.updatedBy ?? '')}
            </span>
          )}
        </Fact>
        <Fact name={texts.asset.version}>{asset.version}</Fact>
      </dl>
    </Paper>
  );
}

function Fact(props: { readonly name: string; readonly mark?: ReactNode; readonly children: ReactNode }) {
  const { name, mark, children } = props;
  const isEmpty = children === false || children === undefined || (Array.isArray(children) && children.length === 0);
  return (
    <div>
      <dt>
        {name}
        {mark}
      </dt>
      <dd>{isEmpty ? <span className={classes.none}>{texts.asset.none}</span> : children}</dd>
    </div>
  );
}

function Copied({ text }: { readonly text: string }) {
  return (
    <CopyButton value={text}>
      {({ copied, copy }) => (
        <UnstyledButton
          className={classes.copy}
          onClick={copy}
          title={copied ? common.common.copied : common.common.copy}
        >
          {text}
        </UnstyledButton>
      )}
    </CopyButton>
  );
}
