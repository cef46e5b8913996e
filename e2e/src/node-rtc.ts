import { RTCPeerConnection as Libdatachannel } from 'node-datachannel/polyfill';

export { cleanup as endNodeRtc } from 'node-datachannel';

/** libdatachannel behind the W3C's shape. Its own typings lack a few names of the DOM's that nobody here asks for. */
export const NodePeerConnection = Libdatachannel as unknown as new (
  configuration?: RTCConfiguration,
) => RTCPeerConnection;
