import { type Collection, type CollectionOptions, collection, commonRules } from './collection.ts';
import { DOMAIN_TYPES, TEAM_TYPES } from './enums.ts';
import { type NameRule, nameCheck } from './name-rules.ts';
import type { ServerVersion } from './server-version.ts';
import { listOf, objectOf, oneOf, type Rule, shapeOf, URI } from './shape.ts';
import { keysSince, type SharedShapes } from './shapes.ts';

/** Where a term says whether it is approved. */
export function approvalKey(version: ServerVersion): 'status' | 'entityStatus' {
  return version.atLeast(10) ? 'entityStatus' : 'status';
}

/** Vocabularies, people and domains. */
export function governanceCollections(version: ServerVersion, shared: SharedShapes): Collection[] {
  const owner = version.ownerKey;
  const domains = version.atLeast(9) ? 'domains' : 'domain';
  const status = approvalKey(version);
  const termReferences = listOf(
    objectOf(shapeOf('org.openmetadata.schema.api.data.TermReference', 'name endpoint', { endpoint: URI })),
  );
  const make = (
    type: string,
    path: string,
    className: string,
    keys: string,
    required: string,
    names: NameRule,
    options: CollectionOptions,
    rules: Record<string, Rule> = {},
  ): Collection => {
    const create = shapeOf(
      `org.openmetadata.schema.api.${className}`,
      keys,
      { ...commonRules(shared), ...rules },
      { required, check: nameCheck(names, version) },
    );
    return collection(version, type, path, create, options);
  };
  const result = [
    make(
      'classification',
      'classifications',
      'classification.CreateClassification',
      keysSince(
        version,
        'name displayName description provider mutuallyExclusive',
        [5, domains],
        [8, owner],
        [10, 'reviewers autoClassificationConfig'],
      ),
      'name description',
      'tag',
      {
        keys: 'termCount usageCount disabled',
        values: 'mutuallyExclusive',
        defaults: { provider: 'user', mutuallyExclusive: false },
      },
    ),
    make(
      'tag',
      'tags',
      'classification.CreateTag',
      keysSince(
        version,
        'name displayName description classification parent associatedTags provider mutuallyExclusive',
        [2, 'style'],
        [5, domains],
        [8, owner],
        [10, 'recognizers autoClassificationEnabled autoClassificationPriority'],
      ),
      'name description',
      'tag',
      {
        keys: 'children usageCount deprecated disabled',
        values: `deprecated mutuallyExclusive${version.atLeast(2) ? ' style' : ''}`,
        defaults: { deprecated: false, provider: 'user', mutuallyExclusive: false },
      },
    ),
    make(
      'glossary',
      'glossaries',
      'data.CreateGlossary',
      keysSince(version, `name displayName description reviewers ${owner} tags provider mutuallyExclusive`, [
        2,
        `${domains} extension`,
      ]),
      'name description',
      'plain',
      { keys: 'usageCount termCount', defaults: { provider: 'user', mutuallyExclusive: false } },
      version.atLeast(4) ? { reviewers: shared.references } : {},
    ),
    make(
      'glossaryTerm',
      'glossaryTerms',
      'data.CreateGlossaryTerm',
      keysSince(
        version,
        'glossary parent name displayName description synonyms relatedTerms references reviewers ' +
          `${owner} tags provider mutuallyExclusive`,
        [2, 'style extension'],
        [13, `conceptMappings ${domains}`],
      ),
      'name description glossary',
      'plain',
      {
        keys: `children usageCount ${status}`,
        values: `${status} mutuallyExclusive${version.atLeast(2) ? ' style' : ''}`,
        lists: 'synonyms references',
        defaults: { references: [], provider: 'user', mutuallyExclusive: false },
      },
      { references: termReferences, ...(version.atLeast(4) ? { reviewers: shared.references } : {}) },
    ),
    make(
      'user',
      'users',
      'teams.CreateUser',
      keysSince(
        version,
        'name email displayName description isBot botName isAdmin profile timezone teams roles authenticationMechanism ' +
          'createPasswordType password confirmPassword',
        [2, 'personas defaultPersona'],
        [5, 'domains'],
        [8, 'externalId scimUserName'],
      ),
      'name email',
      'asset',
      {
        keys: 'inheritedRoles owns follows',
        values: 'email isAdmin isBot timezone',
        lists: 'teams roles',
        defaults: { isAdmin: false },
      },
    ),
    make(
      'team',
      'teams',
      'teams.CreateTeam',
      keysSince(
        version,
        `name displayName teamType description email profile parents children users defaultRoles policies isJoinable ${owner}`,
        [5, 'domains'],
        [8, 'externalId'],
        [12, 'defaultPersona'],
      ),
      'name teamType',
      'asset',
      {
        keys: 'owns childrenCount userCount inheritedRoles',
        values: 'email isJoinable',
        defaults: { isJoinable: true },
      },
      { teamType: oneOf('org.openmetadata.schema.api.teams.CreateTeam$TeamType', TEAM_TYPES) },
    ),
    make('role', 'roles', 'teams.CreateRole', 'name displayName description policies', 'name', 'asset', {
      keys: 'provider',
    }),
  ];
  return version.atLeast(2) ? [...result, ...domainCollections(version, make)] : result;
}

type Make = (
  type: string,
  path: string,
  className: string,
  keys: string,
  required: string,
  names: NameRule,
  options: CollectionOptions,
  rules?: Record<string, Rule>,
) => Collection;

function domainCollections(version: ServerVersion, make: Make): Collection[] {
  const owner = version.ownerKey;
  return [
    make(
      'domain',
      'domains',
      'domains.CreateDomain',
      keysSince(
        version,
        `name displayName description domainType parent ${owner} experts style fullyQualifiedName`,
        [6, 'tags'],
        [7, 'extension'],
      ),
      'name description domainType',
      'asset',
      { keys: 'children assets', values: 'domainType' },
      { domainType: oneOf('org.openmetadata.schema.api.domains.CreateDomain$DomainType', DOMAIN_TYPES) },
    ),
    make(
      'dataProduct',
      'dataProducts',
      'domains.CreateDataProduct',
      keysSince(
        version,
        `name displayName description ${version.atLeast(9) ? 'domains' : 'domain'} ${owner} experts style assets`,
        [5, 'extension'],
        [6, 'tags'],
        [10, 'reviewers'],
      ),
      `name description ${version.atLeast(9) ? 'domains' : 'domain'}`,
      'asset',
      { keys: 'children' },
    ),
  ];
}
