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
