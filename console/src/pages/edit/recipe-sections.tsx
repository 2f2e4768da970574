import { Select, Stack, TextInput } from '@mantine/core';
import { useMemo } from 'react';
import { sourceConfigTypeOf } from '../../../../src/config/source-type.ts';
import { registry, type SourceType, sourceTypes } from '../../../../src/connectors/registry.ts';
import { connections } from '../../../../src/schema/connections.ts';
import { meridianBlock, meridianBlockOf } from '../../../../src/schema/meridian-block.ts';
import { openMetadataConnection } from '../../../../src/schema/openmetadata-connection.ts';
import type { JsonSchema } from '../../../../src/schema/parts.ts';
import { providerSignIns, tokenSignIn } from '../../../../src/schema/sign-ins.ts';
import { type SourceConfigType, sourceConfigs } from '../../../../src/schema/source-configs.ts';
import { messageOf, placeOf } from '../../form/error-schema.ts';
import { getAt, type Path, setAt } from '../../form/path.ts';
import { useRecipeForm } from '../../form/recipe-form-context.ts';
import { SchemaForm } from '../../form/schema-form.tsx';
import { formTexts } from '../../texts/form.ts';
import { labelOf } from '../../texts/form-labels.ts';
import { connectionOf } from './new-pipeline.ts';

const paths = {
  source: ['source'],
  connection: ['source', 'serviceConnection', 'config'],
  target: ['workflowConfig', 'openMetadataServerConfig'],
  carried: ['source', 'sourceConfig', 'config'],
  meridian: ['meridian'],
} as const satisfies Readonly<Record<string, Path>>;

const patterns = ['databaseFilterPattern', 'schemaFilterPattern', 'tableFilterPattern'];

/** What is seen at once. */
const main = {
  connection: [
    ...['hostPort', 'path', 'authProvider', 'username', 'password', 'authType', 'database', 'ingestAllDatabases'],
    ...['catalog', 'sslMode', 'entity_type', 'databaseServiceName'],
  ],
  target: ['hostPort', 'authProvider'],
  carried: {
    DatabaseMetadata: [
      ...['includeTables', 'includeViews', 'includeTags', 'includeOwners', 'overrideMetadata', 'markDeletedTables'],
      ...patterns,
    ],
    Profiler: [
      ...[...patterns, 'profileSample', 'profileSampleType', 'metrics', 'useStatistics', 'includeViews'],
      ...['computeTableMetrics', 'computeColumnMetrics', 'threadCount'],
    ],
    AutoClassification: [
      ...[...patterns, 'enableAutoClassification', 'confidence', 'classificationLanguage'],
      ...['storeSampleData', 'sampleDataCount', 'includeViews'],
    ],
  } satisfies Record<SourceConfigType, readonly string[]>,
  meridian: ['mode', 'services', 'ownerMapping', 'tagMapping'],
};

/** Each with the mode that recipes of this kind of source have. */
const meridianBlocks = Object.fromEntries(
  sourceTypes.map((type) => [type, meridianBlockOf(registry[type].spec.defaultMode)]),
) as Readonly<Record<SourceType, JsonSchema>>;

/** What of Meridian's own block matters where nothing is carried. */
const profileBlock: JsonSchema = {
  ...meridianBlock,
  properties: Object.fromEntries(
    Object.entries(meridianBlock['properties'] as Readonly<Record<string, JsonSchema>>).filter(([key]) =>
      ['profiler', 'state', 'deadLetters'].includes(key),
    ),
  ),
};

function sourceTypeOf(recipe: unknown): SourceType | undefined {
  const written = getAt(recipe, ['source', 'type']);
  return sourceTypes.find((each) => each.toLowerCase() === String(written).toLowerCase());
}

/** The source's kind, its service, and how it is reached. */
export function SourceSection() {
  const { recipe, problems, setAt: set } = useRecipeForm();
  const type = sourceTypeOf(recipe);
  const spec = type && registry[type].spec;
  const name = getAt(recipe, ['source', 'serviceName']);
  const wrong = (key: string): string | undefined => {
    const found = problems.find((each) => placeOf(each).join('.') === `source.${key}`);
    return found && messageOf(found);
  };
  return (
    <Stack>
      <Select
        label={labelOf('type')}
        description={spec?.summary}
        data={sourceTypes.map((each) => ({ value: each, label: registry[each].spec.title }))}
        value={type ?? null}
        allowDeselect={false}
        error={wrong('type')}
        onChange={(next) => {
          const kind = next as SourceType;
          const source = setAt(getAt(recipe, paths.source), ['type'], kind);
          const connection = connectionOf(kind, getAt(recipe, paths.connection));
          set(paths.source, setAt(source, ['serviceConnection', 'config'], connection));
        }}
      />
      <TextInput
        label={labelOf('serviceName')}
        description={
          sourceConfigTypeOf(recipe) === 'DatabaseMetadata' ? formTexts.serviceNameHelp : formTexts.profiledServiceHelp
        }
        withAsterisk
        value={typeof name === 'string' ? name : ''}
        error={wrong('serviceName')}
        onChange={(event) => set(['source', 'serviceName'], event.currentTarget.value)}
      />
      {type === 'OpenMetadata' ? (
        <OpenMetadataServer schema={connections.OpenMetadata} path={paths.connection} />
      ) : (
        type && <SchemaForm key={type} schema={connections[type]} path={paths.connection} main={main.connection} />
      )}
    </Stack>
  );
}

/** The server that is kept in step. */
export function TargetSection() {
  return (
    <Stack>
      <OpenMetadataServer schema={openMetadataConnection} path={paths.target} />
    </Stack>
  );
}

/** An OpenMetadata server's address, and what signs in there: its fields follow from the provider. */
function OpenMetadataServer({ schema, path }: { readonly schema: JsonSchema; readonly path: Path }) {
  const { recipe } = useRecipeForm();
  const signIn = useMemo(() => [...path, 'securityConfig'], [path]);
  const provider = String(getAt(recipe, [...path, 'authProvider']) ?? 'openmetadata').toLowerCase();
  const hasToken = getAt(recipe, [...signIn, 'jwtToken']) !== undefined;
  const own = hasToken ? undefined : providerSignIns[provider];
  return (
    <>
      <SchemaForm schema={schema} path={path} main={main.target} without={withoutSignIn} />
      {provider !== 'no-auth' && (
        <SchemaForm key={own ? provider : 'token'} schema={own ?? tokenSignIn} path={signIn} />
      )}
    </>
  );
}

const withoutSignIn = ['securityConfig'];

/** What is carried over or profiled, and what Meridian adds to the recipe. */
export function CarriedSection() {
  const { recipe } = useRecipeForm();
  const type = sourceTypeOf(recipe);
  const kind = sourceConfigTypeOf(recipe);
  const settings = (
    <SchemaForm key={kind} schema={sourceConfigs[kind]} path={paths.carried} main={main.carried[kind]} />
  );
  if (kind !== 'DatabaseMetadata') {
    return (
      <Stack>
        {settings}
        <SchemaForm schema={profileBlock} path={paths.meridian} />
      </Stack>
    );
  }
  return (
    <Stack>
      <SchemaForm schema={type ? meridianBlocks[type] : meridianBlock} path={paths.meridian} main={main.meridian} />
      {settings}
    </Stack>
  );
}
