import { Select, Stack, TextInput } from '@mantine/core';
import { registry, type SourceType, sourceTypes } from '../../../../src/connectors/registry.ts';
import { connections } from '../../../../src/schema/connections.ts';
import { databaseMetadata } from '../../../../src/schema/database-metadata.ts';
import { meridianBlock, meridianBlockOf } from '../../../../src/schema/meridian-block.ts';
import { openMetadataConnection } from '../../../../src/schema/openmetadata-connection.ts';
import type { JsonSchema } from '../../../../src/schema/parts.ts';
import { providerSignIns, tokenSignIn } from '../../../../src/schema/sign-ins.ts';
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
  signIn: ['workflowConfig', 'openMetadataServerConfig', 'securityConfig'],
  carried: ['source', 'sourceConfig', 'config'],
  meridian: ['meridian'],
} as const satisfies Readonly<Record<string, Path>>;

const main = {
  connection: ['hostPort', 'path', 'username', 'password', 'entity_type', 'databaseServiceName'],
  target: ['hostPort', 'authProvider'],
  carried: [
    'includeTables',
    'includeViews',
    'includeTags',
    'includeOwners',
    'overrideMetadata',
    'markDeletedTables',
    'databaseFilterPattern',
    'schemaFilterPattern',
    'tableFilterPattern',
  ],
  meridian: ['mode', 'services', 'ownerMapping', 'tagMapping'],
};

/** Each with the mode that recipes of this kind of source have. */
const meridianBlocks = Object.fromEntries(
  sourceTypes.map((type) => [type, meridianBlockOf(registry[type].spec.defaultMode)]),
) as Readonly<Record<SourceType, JsonSchema>>;

function sourceTypeOf(recipe: unknown): SourceType | undefined {
  const written = getAt(recipe, ['source', 'type']);
  return sourceTypes.find((each) => each.toLowerCase() === String(written).toLowerCase());
}

/** The source's kind, its service, and how it is reached. */
export function SourceSection() {
  const { recipe, problems, setAt: set } = useRecipeForm();
  const type = sourceTypeOf(recipe);
  const name = getAt(recipe, ['source', 'serviceName']);
  const wrong = (key: string): string | undefined => {
    const found = problems.find((each) => placeOf(each).join('.') === `source.${key}`);
    return found && messageOf(found);
  };
  return (
    <Stack>
      <Select
        label={labelOf('type')}
        data={[...sourceTypes]}
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
        description={formTexts.serviceNameHelp}
        withAsterisk
        value={typeof name === 'string' ? name : ''}
        error={wrong('serviceName')}
        onChange={(event) => set(['source', 'serviceName'], event.currentTarget.value)}
      />
      {type && <SchemaForm key={type} schema={connections[type]} path={paths.connection} main={main.connection} />}
    </Stack>
  );
}

/** OpenMetadata's address, and what signs in there: its fields follow from the provider. */
export function TargetSection() {
  const { recipe } = useRecipeForm();
  const provider = String(getAt(recipe, [...paths.target, 'authProvider']) ?? 'openmetadata').toLowerCase();
  const hasToken = getAt(recipe, [...paths.signIn, 'jwtToken']) !== undefined;
  const own = hasToken ? undefined : providerSignIns[provider];
  return (
    <Stack>
      <SchemaForm schema={openMetadataConnection} path={paths.target} main={main.target} without={['securityConfig']} />
      {provider !== 'no-auth' && (
        <SchemaForm key={own ? provider : 'token'} schema={own ?? tokenSignIn} path={paths.signIn} />
      )}
    </Stack>
  );
}

/** What is carried over, and what Meridian adds to the recipe. */
export function CarriedSection() {
  const { recipe } = useRecipeForm();
  const type = sourceTypeOf(recipe);
  return (
    <Stack>
      <SchemaForm schema={type ? meridianBlocks[type] : meridianBlock} path={paths.meridian} main={main.meridian} />
      <SchemaForm schema={databaseMetadata} path={paths.carried} main={main.carried} />
    </Stack>
  );
}
