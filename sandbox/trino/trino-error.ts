/** Failures of a query by the server's own names and numbers. */
const errors = {
  SYNTAX_ERROR: [1, 'USER_ERROR'],
  USER_CANCELED: [3, 'USER_ERROR'],
  PERMISSION_DENIED: [4, 'USER_ERROR'],
  FUNCTION_NOT_FOUND: [6, 'USER_ERROR'],
  NUMERIC_VALUE_OUT_OF_RANGE: [19, 'USER_ERROR'],
  CATALOG_NOT_FOUND: [44, 'USER_ERROR'],
  SCHEMA_NOT_FOUND: [45, 'USER_ERROR'],
  TABLE_NOT_FOUND: [46, 'USER_ERROR'],
  COLUMN_NOT_FOUND: [47, 'USER_ERROR'],
  GENERIC_INTERNAL_ERROR: [65_536, 'INTERNAL_ERROR'],
  SERVER_STARTING_UP: [65_548, 'INTERNAL_ERROR'],
  QUERY_QUEUE_FULL: [131_074, 'INSUFFICIENT_RESOURCES'],
  EXCEEDED_TIME_LIMIT: [131_075, 'INSUFFICIENT_RESOURCES'],
  HIVE_METASTORE_ERROR: [16_777_216, 'EXTERNAL'],
} as const;

export type TrinoErrorName = keyof typeof errors;

/** A query's failure, which the server tells in the body of an answer that is a 200. */
export class TrinoError extends Error {
  readonly errorName: TrinoErrorName;

  constructor(errorName: TrinoErrorName, message: string) {
    super(message);
    this.errorName = errorName;
  }

  /** The member `error` of an answer. */
  toBody(): Record<string, unknown> {
    const [errorCode, errorType] = errors[this.errorName];
    const { message, errorName } = this;
    const failureInfo = { type: 'io.trino.spi.TrinoException', message, suppressed: [], stack: [] };
    return { message, errorCode, errorName, errorType, failureInfo };
  }
}
