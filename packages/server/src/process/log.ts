import type { Logger } from 'pino';
import type { LogEvent } from '../introducer/types.ts';

export type Log = Pick<Logger, 'info' | 'warn' | 'error'>;

export const silentLog: Log = { info() {}, warn() {}, error() {} };

/** One line for each turn of a connection's life. Of an address only the network is said. */
export const logEvent = (log: Log, event: LogEvent): void => {
  switch (event.event) {
    case 'came':
      return log.info({ ...event, address: network(event.address) });
    case 'hold_not_stored':
      return log.error({ event: event.event, err: event.error });
    default:
      return log.info(event);
  }
};

/** `192.0.2.0/24`, `2001:db8:1::/48` */
const network = (address: string): string =>
  address.includes(':')
    ? `${address.split(':').slice(0, 3).join(':')}::/48`
    : `${address.split('.').slice(0, 3).join('.')}.0/24`;
