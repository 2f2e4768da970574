const format = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });

/** @param iso ISO 8601 @returns date and time where the reader is, such as `3 May 2026, 14:05` */
export function dateTime(iso: string): string {
  return format.format(new Date(iso));
}
