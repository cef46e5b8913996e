import type { Name } from '@earshot/protocol';
import type { Registry } from '../conversations/registry.ts';
import type { EngineSnapshot, LinkStatus, Self } from '../engine-types.ts';
import type { Link } from '../signalling/link.ts';
import type { Switchboard } from './switchboard.ts';

export const snapshotOf = (name: Name | null, board: Switchboard, registry: Registry): EngineSnapshot => ({
  self: selfOf(name, board),
  link: linkOf(board.link),
  conversations: registry
    .all()
    .toSorted((a, b) => b.activity() - a.activity())
    .map((conversation) => conversation.summary(board.line(conversation).status())),
  requests: board.requests.list(),
});

const selfOf = (name: Name | null, board: Switchboard): Self => {
  const { person, device } = board.self.identity;
  return name === null ? { state: 'nameless' } : { state: 'named', name, person, device };
};

const linkOf = (link: Link): LinkStatus => {
  switch (link.state) {
    case 'idle':
    case 'here':
      return { state: link.state };
    case 'dialling':
    case 'claiming':
      return { state: link.tries === 0 ? 'connecting' : 'offline' };
    case 'waiting':
      return { state: 'offline' };
    case 'refused':
      return link.reason === 'name_taken'
        ? { state: 'name_taken', name: link.name }
        : { state: 'refused', reason: link.reason };
  }
};
