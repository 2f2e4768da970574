const whole = new Intl.NumberFormat('en');
const short = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });

/** `12,345` */
export function formatCount(count: number): string {
  return whole.format(count);
}

/** `98.5 %` */
export function formatPercent(percent: number): string {
  return `${short.format(percent)} %`;
}

/** @param perSecond things a second, such as `1,240/s` or `0.4/s` */
export function formatRate(perSecond: number): string {
  return `${perSecond >= 10 ? whole.format(Math.round(perSecond)) : short.format(perSecond)}/s`;
}

/** `1 table`, `3 tables` */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

const exact = new Intl.NumberFormat('en', { maximumSignificantDigits: 6 });
const powers = new Intl.NumberFormat('en', { notation: 'scientific', maximumSignificantDigits: 4 });
const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 });

/** `12,345`, `0.0421`, `1.234E21`: six digits of what is no whole number. */
export function formatNumber(value: number): string {
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e15) return whole.format(value);
  return size !== 0 && (size < 1e-4 || size >= 1e15) ? powers.format(value) : exact.format(value);
}

/** `1.2M`, for axes. */
export function formatShort(value: number): string {
  return compact.format(value);
}

/** @param share 0 to 1 @returns `12.5 %`; what is nearly none or nearly all does not look like none or all */
export function formatShare(share: number): string {
  if (share > 0 && share < 0.001) return '< 0.1 %';
  if (share < 1 && share > 0.999) return '> 99.9 %';
  return formatPercent(share * 100);
}

const units = ['bytes', 'kB', 'MB', 'GB', 'TB', 'PB'];

/** `1.2 GB`, in thousands. */
export function formatBytes(bytes: number): string {
  const step = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, Math.abs(bytes))) / 3)));
  return `${short.format(bytes / 1000 ** step)} ${units[step]}`;
}
