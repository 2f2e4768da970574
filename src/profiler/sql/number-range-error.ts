/** A number of a table is beyond what a double holds. Never shown to a user: the query is asked again, carefully. */
export class NumberRangeError extends Error {}
