import { CLOSE } from './close-codes.ts';
import { Guest } from './guest.ts';
import { House } from './house.ts';
import { errorFrame } from './speech.ts';
import type { Introducer, IntroducerDeps, Visitor } from './types.ts';

/** Nobody listens to those who weren't let in. */
const turnedAway: Visitor = { received() {}, unreadable() {}, closed() {} };

/**
 * Knows who is here, checks who they are, and passes on what they say to each other (SPEC.md, section 3). Neither sockets nor
 * timers of its own: it runs in a simulation as it does in the process.
 */
export const createIntroducer = (deps: IntroducerDeps): Introducer => {
  const house = new House(deps);
  return {
    accept(connection) {
      if (!house.enter(connection)) {
        connection.send(errorFrame('too_many_connections'));
        connection.close(CLOSE.tryLater, 'too many');
        return turnedAway;
      }
      const guest = new Guest(house, connection);
      house.guests.add(guest);
      return guest;
    },
    close: () => house.close(),
    get present() {
      return house.directory.present;
    },
  };
};
