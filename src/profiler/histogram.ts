/** Bins at most, whatever the rule says. */
const mostBins = 100;

/**
 * Lower edges of a histogram's bins, by OpenMetadata's rule: Freedman and Diaconis' bin width 2 × IQR ÷ ∛n (1 where the IQR is
 * 0), Sturges' number of bins ⌈log₂ n + 1⌉ where that makes more than 100, and never more than 100.
 *
 * @param values how many there are
 * @returns undefined where no histogram can be drawn: no value, or bounds without a difference that a double can hold
 */
export function histogramEdges(
  min: number,
  max: number,
  interQuartileRange: number,
  values: number,
): readonly number[] | undefined {
  const range = max - min;
  if (values < 1 || !Number.isFinite(range) || range < 0) return undefined;
  if (range === 0) return [min];
  const width = interQuartileRange > 0 ? 2 * interQuartileRange * values ** (-1 / 3) : 1;
  let bins = Math.ceil(range / width);
  let step = width;
  if (bins > mostBins) {
    bins = Math.min(Math.ceil(Math.log2(values) + 1), mostBins);
    step = range / bins;
  }
  const edges = Array.from({ length: Math.max(bins, 1) }, (_, at) => min + at * step);
  // Where doubles lie too far apart for so many edges, some fall together.
  return edges.filter((edge, at) => at === 0 || edge > edges[at - 1]!);
}

/** OpenMetadata's texts of bins: `0 to 10`, and `10 and up` for the last one; with as many digits as tell all edges apart. */
export function histogramBoundaries(edges: readonly number[]): readonly string[] {
  for (let digits = 4; ; digits += 1) {
    const texts = edges.map((edge) => edgeText(edge, digits));
    if (digits < 17 && new Set(texts).size < texts.length) continue;
    return texts.map((text, at) => (at + 1 < texts.length ? `${text} to ${texts[at + 1]}` : `${text} and up`));
  }
}

/** Short, with K, M, B or T, where people still read that. */
function edgeText(edge: number, digits: number): string {
  const size = Math.abs(edge);
  if (size !== 0 && (size < 1e-6 || size >= 1e15)) return edge.toExponential(digits - 1);
  return formatOf(digits).format(edge);
}

/** To make one takes longer than a small table's query. */
const formats = new Map<number, Intl.NumberFormat>();

function formatOf(digits: number): Intl.NumberFormat {
  let format = formats.get(digits);
  if (!format) {
    format = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: digits });
    formats.set(digits, format);
  }
  return format;
}
