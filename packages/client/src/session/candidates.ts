import { CANDIDATES_MAX, type Candidate } from '@earshot/protocol';
import { type IceCandidate, parseCandidate, writeCandidate } from './candidate.ts';
import type { Description } from './sdp.ts';

/** The other side's candidates in one session. */
export interface Candidates {
  /** Every line that came, so that a doubled one is dropped; at most {@link CANDIDATES_MAX}. */
  readonly seen: readonly string[];
  /** Those that wait for their description; `null` once it is set. */
  readonly held: readonly Arrived[] | null;
}

interface Arrived {
  readonly candidate: IceCandidate;
  readonly mid: string | null;
}

export const NO_CANDIDATES: Candidates = { seen: [], held: [] };

/** Takes one in. `usable` has it if it can be given to the platform now. One that is bad, doubled or too many changes nothing. */
export const arrive = (
  candidates: Candidates,
  said: Candidate,
  remote: Description | null,
): { readonly candidates: Candidates; readonly usable: readonly IceCandidate[] } => {
  const unchanged = { candidates, usable: [] };
  const candidate = parseCandidate(said.sdpCandidate);
  if (candidate === undefined || (said.sdpMLineIndex ?? 0) !== 0) return unchanged;
  const line = `${writeCandidate(candidate)} ${candidate.ufrag ?? ''}`;
  if (candidates.seen.length >= CANDIDATES_MAX || candidates.seen.includes(line)) return unchanged;
  const arrived = { candidate, mid: said.sdpMid ?? null };
  const seen = [...candidates.seen, line];
  if (candidates.held) return { candidates: { seen, held: [...candidates.held, arrived] }, usable: [] };
  return { candidates: { seen, held: null }, usable: fitting([arrived], remote) };
};

/** Their description is set: those that waited and fit it can be given to the platform. */
export const release = (
  candidates: Candidates,
  remote: Description,
): { readonly candidates: Candidates; readonly usable: readonly IceCandidate[] } => ({
  candidates: { seen: candidates.seen, held: null },
  usable: fitting(candidates.held ?? [], remote),
});

/** Those of this connection and its ICE generation. */
const fitting = (arrived: readonly Arrived[], remote: Description | null): readonly IceCandidate[] =>
  arrived
    .filter(({ mid }) => mid === null || mid === remote?.mid)
    .map(({ candidate }) => candidate)
    .filter(({ ufrag }) => ufrag === null || ufrag === remote?.iceUfrag);
