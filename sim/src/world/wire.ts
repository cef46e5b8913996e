import type { PeerConnection, RtcPort } from '@earshot/client';

/** Decides what goes out instead of a frame that a process sends to its peer. `later` sends
 * something on the same channel at any time, and is the same for all of a channel's frames. */
export type SendTap = (data: Uint8Array, later: (data: Uint8Array) => void) => readonly Uint8Array[];

/** A process's WebRTC with somebody listening at its outgoing channel. */
export const tapRtc = (port: RtcPort, tap: SendTap, count: (change: 1 | -1) => void): RtcPort => ({
  open(options, handlers) {
    const connection = port.open(options, handlers);
    count(1);
    return tapped(connection, tap, () => count(-1));
  },
});

const tapped = (connection: PeerConnection, tap: SendTap, closed: () => void): PeerConnection => {
  let open = true;
  const later = (data: Uint8Array): void => void connection.send(data);
  return {
    offer: () => connection.offer(),
    answer: (sdp) => connection.answer(sdp),
    accept: (sdp) => connection.accept(sdp),
    addCandidate: (candidate) => connection.addCandidate(candidate),
    send(data) {
      let taken = true;
      for (const frame of tap(data, later)) taken = connection.send(frame) && taken;
      return taken;
    },
    buffered: () => connection.buffered(),
    path: () => connection.path(),
    close() {
      connection.close();
      if (open) closed();
      open = false;
    },
  };
};
