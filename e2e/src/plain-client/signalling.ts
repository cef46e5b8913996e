import { once } from 'node:events';
import { WebSocket } from 'ws';
import { toGson } from './gson.ts';

export interface CandidateData {
  readonly sdpMLineIndex: number;
  readonly sdpMid: string;
  readonly sdpCandidate: string;
}

/** All that the original client knows; every other type passes it by. */
type Heard =
  | { readonly type: 'user_stored' | 'user_already_exists'; readonly data: string }
  | { readonly type: 'transfer_response'; readonly data: string | null }
  | { readonly type: 'offer_received' | 'answer_received'; readonly name: string; readonly data: string }
  | { readonly type: 'ice_candidate'; readonly name: string; readonly data: CandidateData };

const KNOWN: readonly string[] = [
  'user_stored',
  'user_already_exists',
  'transfer_response',
  'offer_received',
  'answer_received',
  'ice_candidate',
] satisfies readonly Heard['type'][];

/** The original client's socket: no subprotocol, no origin, no heartbeat of its own, no second try. */
export class PlainSignalling {
  readonly #socket: WebSocket;
  readonly #name: string;

  private constructor(socket: WebSocket, name: string) {
    this.#socket = socket;
    this.#name = name;
  }

  static async dial(url: string, name: string, heard: (message: Heard) => void): Promise<PlainSignalling> {
    const socket = new WebSocket(url.replace(/^http/, 'ws'));
    socket.on('message', (frame: Buffer) => {
      const message = JSON.parse(frame.toString('utf8')) as Heard;
      if (KNOWN.includes(message.type)) heard(message);
    });
    await once(socket, 'open');
    return new PlainSignalling(socket, name);
  }

  storeUser(): void {
    this.#say({ type: 'store_user', name: this.#name });
  }

  startTransfer(target: string): void {
    this.#say({ type: 'start_transfer', name: this.#name, target });
  }

  describe(type: 'create_offer' | 'create_answer', target: string, sdp: string): void {
    const data = { sdp, type: type === 'create_offer' ? 'OFFER' : 'ANSWER' };
    this.#say({ type, name: this.#name, target, data });
  }

  candidate(target: string, data: CandidateData): void {
    this.#say({ type: 'ice_candidate', name: this.#name, target, data });
  }

  /** The app is swiped away. */
  drop(): void {
    this.#socket.terminate();
  }

  #say(message: object): void {
    this.#socket.send(toGson(message));
  }
}
