import { createHmac, randomBytes } from 'node:crypto';
import type { IceList } from '../introducer/types.ts';

/** How long credentials for the relay are good, ms. Somebody who keeps them can use it no longer than this. */
export const CREDENTIALS_MS = 60 * 60 * 1000;

export interface IceSettings {
  readonly stunUrls: readonly string[];
  readonly turnUrls: readonly string[];
  /** coturn's `static-auth-secret`. */
  readonly turnSecret: string;
}

/**
 * Credentials for coturn (`use-auth-secret`, the REST scheme of draft-uberti-behave-turn-rest-00): the user name is when they end
 * and something random, the password its HMAC-SHA1. Nothing in it says who uses the relay.
 */
export const iceServersFrom =
  ({ stunUrls, turnUrls, turnSecret }: IceSettings) =>
  (now: number): IceList => {
    const stun = stunUrls.length > 0 ? [{ urls: [...stunUrls] }] : [];
    if (turnUrls.length === 0) return { servers: stun, expires: null };
    const expires = now + CREDENTIALS_MS;
    const username = `${Math.floor(expires / 1000)}:${randomBytes(9).toString('base64url')}`;
    const credential = createHmac('sha1', turnSecret).update(username).digest('base64');
    return { servers: [...stun, { urls: [...turnUrls], username, credential }], expires };
  };
