import type { RtcPath } from '@earshot/client';

const MS_PER_S = 1_000;

/** What counts here of a candidate pair's, a transport's and a candidate's statistics (W3C webrtc-stats, sections 6.10 to 6.12). */
interface Stat {
  readonly id?: string;
  readonly type?: string;
  readonly state?: string;
  readonly nominated?: boolean;
  /** Firefox says it of the pair; others name the pair in the transport. */
  readonly selected?: boolean;
  readonly selectedCandidatePairId?: string;
  readonly localCandidateId?: string;
  readonly remoteCandidateId?: string;
  readonly candidateType?: string;
  /** Seconds. */
  readonly currentRoundTripTime?: number;
}

/** Something to walk, which every platform's report is. */
export interface StatsReport {
  forEach(visit: (stat: Stat) => void): void;
}

/** The pair in use and whether either end of it is a relay. */
export const pathOf = (report: StatsReport): RtcPath | null => {
  const stats = new Map<string, Stat>();
  report.forEach((stat) => stats.set(stat.id ?? '', stat));
  const pair = pairInUse(stats);
  if (pair === undefined) return null;
  const ends = [stats.get(pair.localCandidateId ?? ''), stats.get(pair.remoteCandidateId ?? '')];
  const roundTrip = pair.currentRoundTripTime;
  return {
    kind: ends.some((end) => end?.candidateType === 'relay') ? 'relayed' : 'direct',
    roundTripMs: roundTrip === undefined ? null : Math.max(0, roundTrip * MS_PER_S),
  };
};

const pairInUse = (stats: ReadonlyMap<string, Stat>): Stat | undefined => {
  const all = [...stats.values()];
  const transport = all.find(({ type, selectedCandidatePairId }) => type === 'transport' && selectedCandidatePairId);
  const named = stats.get(transport?.selectedCandidatePairId ?? '');
  if (named !== undefined) return named;
  const pairs = all.filter(({ type }) => type === 'candidate-pair');
  return (
    pairs.find(({ selected }) => selected === true) ??
    pairs.find(({ state, nominated }) => state === 'succeeded' && nominated === true)
  );
};
