import { ConfigurationError } from '../errors.ts';
import type { NameRule } from '../model/name-encoding.ts';
import { isAtLeast, NEWEST_KNOWN, OLDEST_KNOWN, type ServerVersion } from './server-version.ts';

export interface NameLimits {
  readonly service: NameRule;
  /** Databases, schemas and tables. */
  readonly entity: NameRule;
  readonly column: NameRule;
  /** Classifications and tags. */
  readonly tag: NameRule;
  /** Glossaries and their terms, topics, models and their features. */
  readonly term: NameRule;
  /** Fields of a message's schema. */
  readonly field: NameRule;
}

/** What a server of one version can do and how it calls things. */
export interface Capabilities {
  readonly version: ServerVersion;
  /** The server is newer than all that is known; it is spoken to like the newest known one. */
  readonly newerThanKnown: boolean;
  readonly ownerKey: 'owner' | 'owners';
  /** Where a table's view text stands. */
  readonly viewKey: 'viewDefinition' | 'schemaDefinition';
  /** A view text on a table that is no view is refused. */
  readonly viewTextNeedsViewType: boolean;
  /** `PUT /<collection>/bulk`. Patched servers may lack it: the client falls back. */
  readonly bulk: boolean;
  readonly lineageEdgeRead: boolean;
  readonly lineagePatch: boolean;
  /** Lineage details may say where they come from (`source`). */
  readonly lineageSource: boolean;
  /** Between which ends an edge may carry details; and between which of those column pairs. */
  readonly lineageDetails: 'tables' | 'any';
  readonly columnLineage: 'tables' | 'any';
  /** Column lineage may name nested fields of a table. */
  readonly columnLineageNested: boolean;
  /** A foreign key to a table or column that is not there is refused. Seen in later servers' source, first one unknown. */
  readonly foreignKeysChecked: boolean;
  /** A term names related terms by references inside typed relations. */
  readonly typedTermRelations: boolean;
  /** Create bodies of vocabularies name reviewers by name, later ones by reference. */
  readonly reviewersByName: boolean;
  /** A service may be made without a connection. */
  readonly unconnectedServices: boolean;
  readonly sourceHash: boolean;
  /** Tables may hold a link to where they come from; 1.1 servers disagree, so it counts from 1.2 on. */
  readonly sourceUrl: boolean;
  /** Labels of columns may be proposed to an asset's owner. */
  readonly suggestions: boolean;
  /** What a label says that a program has found: not set by people, and not confirmed by any. */
  readonly foundLabelType: 'Generated' | 'Automated';
  /** A label may say why it was set. */
  readonly labelReasons: boolean;
  /** Runs report counts per step. */
  readonly statusSteps: boolean;
  readonly nameLimits: NameLimits;
  readonly tableTypes: ReadonlySet<string>;
  readonly dataTypes: ReadonlySet<string>;
  /** Formats of files that a container may say it holds. */
  readonly fileFormats: ReadonlySet<string>;
}

// Words with the minor version of 1.x that brought them.
const TABLE_TYPES: readonly (readonly [number, string])[] = [
  [1, 'Regular External View SecureView MaterializedView Iceberg Local Partitioned Foreign'],
  // Said to be of 1.1, but the measured server of that version does not have it.
  [2, 'Transient'],
  [4, 'Dynamic'],
  [7, 'Stream'],
  [11, 'Stage'],
];
const DATA_TYPES: readonly (readonly [number, string])[] = [
  [
    1,
    'NUMBER TINYINT SMALLINT INT BIGINT BYTEINT BYTES FLOAT DOUBLE DECIMAL NUMERIC TIMESTAMP TIMESTAMPZ TIME DATE ' +
      'DATETIME INTERVAL STRING MEDIUMTEXT TEXT CHAR LONG VARCHAR BOOLEAN BINARY VARBINARY ARRAY BLOB LONGBLOB ' +
      'MEDIUMBLOB MAP STRUCT UNION SET GEOGRAPHY ENUM JSON UUID VARIANT GEOMETRY BYTEA AGGREGATEFUNCTION ERROR FIXED ' +
      'RECORD NULL SUPER HLLSKETCH PG_LSN PG_SNAPSHOT TSQUERY TXID_SNAPSHOT XML MACADDR TSVECTOR UNKNOWN CIDR INET ' +
      'CLOB ROWID LOWCARDINALITY YEAR POINT POLYGON TUPLE SPATIAL TABLE NTEXT IMAGE IPV4 IPV6 DATETIMERANGE',
  ],
  [3, 'HLL LARGEINT QUANTILE_STATE AGG_STATE BITMAP UINT'],
  [5, 'BIT MONEY'],
  [10, 'HIERARCHYID'],
];

const FILE_FORMATS: readonly (readonly [number, string])[] = [
  [1, 'zip gz zstd csv tsv json parquet avro'],
  [8, 'MF4'],
];

function wordsOf(table: readonly (readonly [number, string])[], version: ServerVersion): Set<string> {
  const words = table.filter(([minor]) => isAtLeast(version, 1, minor)).flatMap(([, text]) => text.split(' '));
  return new Set(words);
}

/**
 * Longer column names than 256 are possible from 1.11 on and not used: a server's upgrade would rename such columns and
 * so drop what people wrote on them.
 */
function nameLimitsOf(version: ServerVersion): NameLimits {
  const text = (maxLength: number): NameRule => ({ minLength: 1, maxLength, characters: 'text' });
  if (isAtLeast(version, 1, 3)) {
    return {
      service: text(256),
      entity: text(256),
      column: text(256),
      tag: text(256),
      term: text(256),
      field: text(128),
    };
  }
  return {
    service: { minLength: 1, maxLength: 128, characters: 'word' },
    entity: text(128),
    column: text(isAtLeast(version, 1, 2) ? 256 : 128),
    tag: { minLength: 2, maxLength: 64, characters: 'word' },
    term: { minLength: 1, maxLength: 128, characters: 'word' },
    field: text(128),
  };
}

/**
 * @throws ConfigurationError `openmetadata.version-too-old` below 1.1
 */
export function capabilitiesOf(version: ServerVersion): Capabilities {
  if (!isAtLeast(version, OLDEST_KNOWN.major, OLDEST_KNOWN.minor)) {
    throw new ConfigurationError(
      'openmetadata.version-too-old',
      `The OpenMetadata server is version ${version.text}; 1.1 is the oldest that can be written to.`,
      { help: 'Upgrade the OpenMetadata server to 1.1 or later.' },
    );
  }
  const since = (minor: number): boolean => isAtLeast(version, 1, minor);
  return {
    version,
    newerThanKnown: isAtLeast(version, NEWEST_KNOWN.major, NEWEST_KNOWN.minor + 1),
    ownerKey: since(5) ? 'owners' : 'owner',
    viewKey: since(4) ? 'schemaDefinition' : 'viewDefinition',
    viewTextNeedsViewType: !since(4),
    bulk: since(11),
    lineageEdgeRead: since(4),
    lineagePatch: since(4),
    lineageSource: since(2),
    lineageDetails: since(2) ? 'any' : 'tables',
    columnLineage: since(5) ? 'any' : 'tables',
    columnLineageNested: since(5),
    foreignKeysChecked: since(5),
    typedTermRelations: since(13),
    reviewersByName: !since(4),
    unconnectedServices: since(2),
    sourceHash: since(2),
    sourceUrl: since(2),
    suggestions: since(4),
    foundLabelType: since(7) ? 'Generated' : 'Automated',
    labelReasons: since(10),
    statusSteps: since(3),
    nameLimits: nameLimitsOf(version),
    tableTypes: wordsOf(TABLE_TYPES, version),
    dataTypes: wordsOf(DATA_TYPES, version),
    fileFormats: wordsOf(FILE_FORMATS, version),
  };
}
