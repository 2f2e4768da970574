import { randomUUID } from 'node:crypto';
import type { Context } from './context.ts';
import type { Doc } from './doc.ts';
import { quoteName } from './fqn.ts';

/** What is in a new store: the server's own people, roles, types and vocabularies. Does nothing in one that has them. */
export function seed(context: Context): void {
  if (context.store.byFqn('team', 'Organization') !== undefined) {
    return;
  }
  context.store.transaction(() => {
    seedPeople(context);
    seedTypes(context);
    seedVocabularies(context);
  });
}

function insert(
  context: Context,
  type: string,
  name: string,
  doc: Doc,
  parent: { id: string; fqn: string } | null = null,
): string {
  const id = randomUUID();
  const fqn = parent === null ? quoteName(name) : `${parent.fqn}.${quoteName(name)}`;
  const author = type === 'user' ? name : 'admin';
  context.store.insert({
    id,
    type,
    fqn,
    parent: parent?.id ?? null,
    deleted: false,
    doc: {
      id,
      name,
      fullyQualifiedName: fqn,
      ...doc,
      version: 0.1,
      updatedAt: Date.now(),
      updatedBy: author,
      ...(type === 'type' ? {} : { deleted: false }),
    },
    owners: [],
    extension: undefined,
  });
  return id;
}

function seedPeople(context: Context): void {
  insert(context, 'team', 'Organization', {
    displayName: 'Organization',
    description: 'The team above all others; everybody belongs to it.',
    teamType: 'Organization',
    isJoinable: true,
  });
  insert(context, 'role', 'DataConsumer', {
    displayName: 'Data Consumer',
    description: 'May read and use data; everybody has this role.',
  });
  insert(context, 'user', 'admin', { email: 'admin@openmetadata.org', isBot: false, isAdmin: true });
  insert(context, 'user', 'ingestion-bot', { email: 'ingestion-bot@openmetadata.org', isBot: true, isAdmin: false });
}

const FIELD_TYPES =
  'string integer number markdown email sqlQuery timestamp timeInterval duration entityReference entityReferenceList';
const ENTITY_TYPES = 'table database databaseSchema pipeline';
const LATER_ENTITY_TYPES = 'topic container mlmodel query glossaryTerm storedProcedure searchIndex dashboard chart';

function seedTypes(context: Context): void {
  const { version } = context;
  const dates = version.atLeast(5) ? 'date-cp dateTime-cp time-cp table-cp' : 'date dateTime time';
  const enums = version.atLeast(3) ? 'enum' : '';
  for (const name of `${FIELD_TYPES} ${dates} ${enums}`.split(' ').filter((word) => word !== '')) {
    seedType(context, name, 'field', 'basic', `Values of the type ${name}.`);
  }
  for (const name of `${ENTITY_TYPES}${version.atLeast(2) ? ` ${LATER_ENTITY_TYPES}` : ''}`.split(' ')) {
    seedType(context, name, 'entity', 'data', `Entities of the type ${name}.`);
  }
}

function seedType(context: Context, name: string, category: string, nameSpace: string, description: string): void {
  insert(context, 'type', name, {
    displayName: name,
    description,
    category,
    nameSpace,
    schema: JSON.stringify({ title: name, description: 'The stand-in has no schema texts.' }),
    ...(category === 'entity' ? { customProperties: [] } : {}),
  });
}

const VOCABULARIES: Readonly<Record<string, readonly string[]>> = {
  PII: ['None', 'NonSensitive', 'Sensitive'],
  Tier: ['Tier1', 'Tier2', 'Tier3', 'Tier4', 'Tier5'],
};

function seedVocabularies(context: Context): void {
  for (const [name, tags] of Object.entries(VOCABULARIES)) {
    const flags = { provider: 'system', mutuallyExclusive: true };
    const id = insert(context, 'classification', name, { description: `Vocabulary ${name} of the server.`, ...flags });
    for (const tag of tags) {
      const description = `Tag ${tag} of the server's vocabulary ${name}.`;
      insert(
        context,
        'tag',
        tag,
        { description, deprecated: false, provider: 'system', mutuallyExclusive: false },
        { id, fqn: name },
      );
    }
  }
}
