import { badRequest } from './api-error.ts';
import { type Doc, docList, isDoc, sameJson, text, textList } from './doc.ts';
import { childFqn, splitFqn } from './fqn.ts';
import { tidyLabels } from './labels.ts';
import type { ServerVersion } from './server-version.ts';

const SIZED = new Set(['CHAR', 'VARCHAR', 'BINARY', 'VARBINARY']);

/**
 * Columns as a server keeps them: keys in its order, names made fully qualified, displays in lower case.
 * @param fillDisplay gives top-level columns without a display the name of their type, as tables do.
 * @throws {ApiError} 400 for columns that no server takes.
 */
export function tidyColumns(list: readonly Doc[], above: string, fillDisplay: boolean): Doc[] {
  const seen = new Set<string>();
  return list.map((column) => {
    const name = String(column['name']);
    if (seen.has(name)) {
      throw badRequest(`Column name ${name} is repeated`);
    }
    seen.add(name);
    return tidyColumn(column, name, childFqn(above, name), fillDisplay);
  });
}

function tidyColumn(column: Doc, name: string, fqn: string, fillDisplay: boolean): Doc {
  checkType(column, name);
  const dataType = String(column['dataType']);
  const result: Doc = { name };
  put(result, 'displayName', column['displayName']);
  result['dataType'] = dataType;
  if (dataType === 'ARRAY') {
    put(result, 'arrayDataType', column['arrayDataType']);
  }
  put(result, 'dataLength', column['dataLength']);
  put(result, 'precision', column['precision']);
  put(result, 'scale', column['scale']);
  const display = text(column['dataTypeDisplay']) ?? (fillDisplay ? dataType : undefined);
  put(result, 'dataTypeDisplay', display?.toLowerCase());
  put(result, 'description', column['description']);
  result['fullyQualifiedName'] = fqn;
  if (Array.isArray(column['tags'])) {
    result['tags'] = tidyLabels(column['tags']);
  }
  put(result, 'constraint', column['constraint']);
  put(result, 'ordinalPosition', column['ordinalPosition']);
  put(result, 'jsonSchema', column['jsonSchema']);
  if (Array.isArray(column['children'])) {
    result['children'] = tidyColumns(docList(column['children']), fqn, false);
  }
  put(result, 'extension', column['extension']);
  return result;
}

function put(target: Doc, key: string, value: unknown): void {
  if (value !== undefined && value !== null) {
    target[key] = value;
  }
}

function checkType(column: Doc, name: string): void {
  const type = String(column['dataType']);
  const { precision, scale } = column as { precision?: unknown; scale?: unknown };
  if (SIZED.has(type) && typeof column['dataLength'] !== 'number') {
    throw badRequest('For column data types char, varchar, binary, varbinary dataLength must not be null');
  }
  if (type === 'ARRAY' && typeof column['arrayDataType'] !== 'string') {
    throw badRequest('For column data type array, arrayDataType must not be null');
  }
  if (type === 'STRUCT' && !Array.isArray(column['children'])) {
    throw badRequest('For column data type struct, children must not be null');
  }
  if (typeof scale === 'number') {
    if (typeof precision !== 'number') {
      throw badRequest(`Scale is set but precision is not set for the column ${name}`);
    }
    if (scale > precision) {
      throw badRequest(`Scale is larger than precision for the column ${name}`);
    }
  }
}

/** Message schema fields and other parts that only have a name, a type and children. */
export function tidyFields(list: readonly Doc[], above: string): Doc[] {
  return list.map((field) => {
    const fqn = childFqn(above, String(field['name']));
    const result: Doc = { ...field, fullyQualifiedName: fqn };
    if (Array.isArray(field['tags'])) {
      result['tags'] = tidyLabels(field['tags']);
    }
    if (Array.isArray(field['children'])) {
      result['children'] = tidyFields(docList(field['children']), fqn);
    }
    return result;
  });
}

/** @throws {ApiError} 400 for constraints, partitions and view texts that do not fit the table. */
export function checkTable(table: Doc, version: ServerVersion): void {
  const columns = docList(table['columns']);
  const names = new Set(columns.map((column) => String(column['name'])));
  const keys = columns.filter((column) => column['constraint'] === 'PRIMARY_KEY');
  const constraints = docList(table['tableConstraints']);
  if (keys.length > 1) {
    throw badRequest('Multiple columns tagged with primary key constraints');
  }
  if (keys.length === 1 && constraints.some((constraint) => constraint['constraintType'] === 'PRIMARY_KEY')) {
    throw badRequest('A column already tagged as a primary key and table constraint also including primary key');
  }
  for (const [index, constraint] of constraints.entries()) {
    if (version.atLeast(5) && constraints.slice(0, index).some((other) => sameJson(other, constraint))) {
      throw badRequest(`Duplicate constraint found in request: ${JSON.stringify(constraint)}`);
    }
    checkNames(textList(constraint['columns']), names, 'constraints');
  }
  const partition = table['tablePartition'];
  if (isDoc(partition)) {
    const listed = Array.isArray(partition['columns']) ? partition['columns'] : [];
    const used = listed.map((entry) => (isDoc(entry) ? String(entry['columnName']) : String(entry)));
    checkNames(
      used.filter((name) => !version.atLeast(4) || !/^_PARTITION(DATE|TIME)$/.test(name)),
      names,
      'partition',
    );
  }
  const viewless = ['Regular', 'External', undefined].includes(text(table['tableType']));
  if (!version.atLeast(4) && table['viewDefinition'] !== undefined && viewless) {
    throw badRequest('ViewDefinition can only be set on TableType View, SecureView or MaterializedView');
  }
}

function checkNames(used: readonly string[], known: ReadonlySet<string>, where: string): void {
  if (used.some((name) => !known.has(name))) {
    throw badRequest(`Invalid column name found in table ${where}`);
  }
}

/**
 * Later servers look whether the columns that foreign keys refer to are there, and bring constraints and the names in
 * each in an order of their own.
 * @throws {ApiError} 400 for a table or column that is not there.
 */
export function settleConstraints(table: Doc, columnsOf: (table: string) => readonly Doc[] | undefined): void {
  const constraints = docList(table['tableConstraints']);
  for (const constraint of constraints) {
    for (const column of textList(constraint['referredColumns'])) {
      const path = splitFqn(column);
      const owner = path.slice(0, -1).join('.');
      const columns = columnsOf(owner);
      if (columns === undefined) {
        throw badRequest(`Table not found: ${owner}`);
      }
      if (!columns.some((other) => other['fullyQualifiedName'] === column)) {
        throw badRequest('Invalid column name found in table constraints');
      }
    }
  }
  if (constraints.length > 0) {
    table['tableConstraints'] = constraints
      .map((constraint): Doc => ({ ...constraint, columns: textList(constraint['columns']).toSorted() }))
      .sort((a, b) => (String(a['constraintType']) < String(b['constraintType']) ? -1 : 1));
  }
}
