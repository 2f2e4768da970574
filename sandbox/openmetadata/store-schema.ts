/**
 * Tables of the store. Rows of `entities` keep insertion order on disk, so that a large first run appends; the names
 * are indexed in byte order, which is the order of listings.
 */
export const SCHEMA = `
CREATE TABLE IF NOT EXISTS entities (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL,
  type TEXT NOT NULL,
  fqn TEXT NOT NULL,
  parent TEXT,
  deleted INTEGER NOT NULL,
  doc TEXT NOT NULL,
  owners TEXT,
  extension TEXT
);
CREATE UNIQUE INDEX IF NOT EXISTS entities_id ON entities (id);
CREATE UNIQUE INDEX IF NOT EXISTS entities_fqn ON entities (type, fqn);
CREATE INDEX IF NOT EXISTS entities_deleted ON entities (type, fqn) WHERE deleted = 1;
CREATE INDEX IF NOT EXISTS entities_parent ON entities (parent, id) WHERE parent IS NOT NULL;

CREATE TABLE IF NOT EXISTS labels (
  entity TEXT NOT NULL,
  path TEXT NOT NULL,
  tag TEXT NOT NULL,
  source TEXT NOT NULL,
  doc TEXT NOT NULL,
  PRIMARY KEY (entity, path, tag, source)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS labels_tag ON labels (tag, source);

CREATE TABLE IF NOT EXISTS versions (
  entity TEXT NOT NULL,
  version REAL NOT NULL,
  doc TEXT NOT NULL,
  PRIMARY KEY (entity, version)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS relations (
  kind TEXT NOT NULL,
  source TEXT NOT NULL,
  target TEXT NOT NULL,
  PRIMARY KEY (kind, source, target)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS relations_source ON relations (source);
CREATE INDEX IF NOT EXISTS relations_target ON relations (target, kind);

CREATE TABLE IF NOT EXISTS lineage (
  source TEXT NOT NULL,
  target TEXT NOT NULL,
  source_type TEXT NOT NULL,
  target_type TEXT NOT NULL,
  pipeline TEXT,
  doc TEXT NOT NULL,
  PRIMARY KEY (source, target)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS lineage_target ON lineage (target);
CREATE INDEX IF NOT EXISTS lineage_pipeline ON lineage (pipeline) WHERE pipeline IS NOT NULL;

CREATE TABLE IF NOT EXISTS series (
  entity TEXT NOT NULL,
  kind TEXT NOT NULL,
  key TEXT NOT NULL,
  moment INTEGER NOT NULL,
  doc TEXT NOT NULL,
  PRIMARY KEY (entity, kind, key, moment)
) WITHOUT ROWID;
`;
