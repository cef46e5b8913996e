/** The middle of the sorted values; the mean of the two in the middle where their count is even. */
export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** Linear between the two nearest ranks. */
export const quantile = (values: readonly number[], q: number): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (sorted.length - 1) * q;
  const low = sorted[Math.floor(at)] ?? Number.NaN;
  const high = sorted[Math.ceil(at)] ?? Number.NaN;
  return low + (high - low) * (at - Math.floor(at));
};

export interface Row {
  readonly what: string;
  readonly unit: string;
  readonly values: readonly number[];
  /** Divided by the median of this row. */
  readonly against?: string;
}

/** A table of medians, spreads and ratios: ratios are what counts, for absolute times belong to one machine. */
export const table = (rows: readonly Row[]): string => {
  const medians = new Map(rows.map(({ what, values }) => [what, median(values)]));
  return rows
    .map(({ what, unit, values, against }) => {
      const own = median(values);
      const base = against === undefined ? undefined : medians.get(against);
      const ratio = base === undefined ? '' : `   ${(own / base).toFixed(2)} × ${against}`;
      const figures = `${own.toFixed(2)} ${unit}  (p10 ${quantile(values, 0.1).toFixed(2)}, p99 ${quantile(values, 0.99).toFixed(2)}, n ${values.length})`;
      return `${what.padEnd(52)} ${figures}${ratio}`;
    })
    .join('\n');
};
