const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** Seconds of a time such as `90s`, `5m`, `1h`, `1.5h`; undefined for what is none. */
export function secondsOfDuration(text: string): number | undefined {
  const [, number, unit] = /^\s*(\d+(?:\.\d+)?)\s*([smhd])\s*$/.exec(text) ?? [];
  return number === undefined || unit === undefined ? undefined : Number(number) * units[unit]!;
}
