import { unreachable } from '@earshot/protocol';
import type { Person } from '../world/person.ts';
import type { World } from '../world/world.ts';
import type { Deed } from './plan.ts';

/** Does one thing of the plan to the world. */
export const act = (world: World, deed: Deed): void => {
  world.trace.add(world.time.now, 'who' in deed ? (world.people[deed.who]?.name ?? '') : 'server', deed.what, '', () =>
    JSON.stringify(deed),
  );
  if (deed.what === 'server_down') return world.server.down();
  if (deed.what === 'server_up') return world.server.up(deed.holds);
  const person = world.people[deed.who];
  if (person) toPerson(world, person, deed);
};

const toPerson = (world: World, person: Person, deed: Extract<Deed, { who: number }>): void => {
  const { sockets } = world.server;
  const other = 'other' in deed ? (world.people[deed.other]?.name ?? '') : '';
  switch (deed.what) {
    case 'write':
      return person.write(other);
    case 'burst':
      return person.write(other, deed.texts);
    case 'connect':
      return person.connect(other);
    case 'retry':
      return person.retry();
    case 'cut':
      return sockets.cut(person.name);
    case 'heal':
      return sockets.heal(person.name);
    case 'network_changed':
      return person.networkChanged();
    case 'reset':
      return sockets.reset(person.name, deed.told);
    case 'link':
      return world.network.setLink(person.name, other, { reach: deed.reach });
    case 'offline':
      sockets.cut(person.name);
      return world.network.setOnline(person.name, false);
    case 'online':
      sockets.heal(person.name);
      return world.network.setOnline(person.name, true);
    case 'doom':
      return person.fates.doom(deed.after, deed.fate);
    case 'fill':
      return person.fates.fill(true);
    case 'empty':
      return person.fates.fill(false);
    case 'kill':
      return person.kill();
    case 'close':
      return person.close();
    case 'start':
      return person.startIfGone();
    case 'second_tab':
      return person.start();
    case 'end_older':
      return person.endOlder(deed.how);
    case 'jump':
      return person.jump(deed.ms);
    case 'mischief_begins':
    case 'mischief_ends':
      return world.mischief[deed.who]?.turn(deed.what === 'mischief_begins');
    default:
      return unreachable(deed);
  }
};
