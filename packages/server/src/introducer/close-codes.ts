/** WebSocket close codes (RFC 6455, section 7.4.1, and of our own from 4000). */
export const CLOSE = { policy: 1008, failed: 1011, restart: 1012, tryLater: 1013, replaced: 4000 } as const;
