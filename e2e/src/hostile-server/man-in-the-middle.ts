import type { Evil, Message, Victim } from './hostile-server.ts';
import { WireTap } from './wire-tap.ts';

/** One call through his hands. */
interface Tapped {
  readonly callee: Victim;
  readonly tap: WireTap;
}

/**
 * The server as a relaying man in the middle: it answers the caller itself, calls the callee itself, each time with a
 * certificate of its own, and hands every byte across. Only who compares the certificates with what was signed can tell.
 */
export class ManInTheMiddle implements Evil {
  readonly #calls = new Map<unknown, Tapped>();

  /** Frames that went through his hands: none, and the attempt proved nothing. */
  get relayed(): number {
    return [...this.#calls.values()].reduce((sum, { tap }) => sum + tap.relayed, 0);
  }

  heard(message: Message, by: Victim): readonly Message[] {
    const { type, attempt, name, key } = message;
    const from = { name, key, attempt };
    if (type === 'offer_received') {
      const tap = new WireTap();
      this.#calls.set(attempt, { callee: by, tap });
      void tap.meet(String(message['data']), {
        offer: (data) => by.tell({ type, ...from, data }),
        candidate: (data) => by.tell({ type: 'ice_candidate', ...from, data }),
      });
      return [];
    }
    const call = this.#calls.get(attempt);
    if (!call) return [message];
    if (type === 'answer_received') {
      void call.tap.join(String(message['data']), {
        answer: (data) => by.tell({ type, ...from, data }),
        candidate: (data) => by.tell({ type: 'ice_candidate', ...from, data }),
      });
      return [];
    }
    if (type === 'ice_candidate') {
      call.tap.addCandidate(by === call.callee ? 'caller' : 'callee', message['data']);
      return [];
    }
    return [message];
  }

  close(): void {
    for (const { tap } of this.#calls.values()) tap.close();
  }
}
