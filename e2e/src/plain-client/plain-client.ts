import { until } from '../until.ts';
import { PlainCall } from './call.ts';
import { PlainSignalling } from './signalling.ts';

/** A stand-in for the original client, with its habits and its faults: what it loses, this loses. */
export class PlainClient {
  readonly name: string;
  readonly received: string[] = [];
  #signalling: PlainSignalling | undefined;
  #registered = false;
  #transfer: string | null | undefined;
  #offer: { readonly from: string; readonly sdp: string } | undefined;
  #call: PlainCall | undefined;
  #peer = '';

  private constructor(name: string) {
    this.name = name;
  }

  /** Dials and registers. Rejects where the name is refused. */
  static async register(url: string, name: string): Promise<PlainClient> {
    const client = new PlainClient(name);
    let refused = false;
    client.#signalling = await PlainSignalling.dial(url, name, (message) => {
      switch (message.type) {
        case 'user_stored':
          client.#registered = true;
          return;
        case 'user_already_exists':
          refused = true;
          return;
        case 'transfer_response':
          client.#transfer = message.data;
          return;
        case 'offer_received':
          client.#offer = { from: message.name, sdp: message.data };
          return;
        case 'answer_received':
          void client.#call?.accept(message.data);
          return;
        case 'ice_candidate':
          // No connection until its person accepts: whatever comes earlier is lost.
          void client.#call?.addCandidate(message.data);
      }
    });
    client.#signalling.storeUser();
    await until('the plain client is registered or refused', () => client.#registered || refused);
    if (refused) throw new Error(`The name ${name} is taken`);
    return client;
  }

  /** Asks for somebody and, where they are here, sends an offer at once. */
  async call(target: string): Promise<'called' | 'not_here'> {
    this.#transfer = undefined;
    this.#signalling?.startTransfer(target);
    const found = await until('an answer to start_transfer', () =>
      this.#transfer === undefined ? undefined : { name: this.#transfer },
    );
    if (found.name === null) return 'not_here';
    const call = this.#connection(target);
    this.#signalling?.describe('create_offer', target, await call.offer());
    return 'called';
  }

  /** Waits for an offer; then the person looks at it. */
  async isAsked(): Promise<string> {
    return (await until('an offer for the plain client', () => this.#offer)).from;
  }

  /** The person accepts: only now is there a connection. */
  async accept(): Promise<void> {
    const { from, sdp } = await until('an offer for the plain client', () => this.#offer);
    const call = this.#connection(from);
    this.#signalling?.describe('create_answer', from, await call.answer(sdp));
  }

  /** Waits until its own channel is open. */
  async isConnected(): Promise<void> {
    const call = await until('the plain client has a call', () => this.#call);
    await call.opened;
  }

  send(text: string): void {
    this.#call?.send(text);
  }

  async hears(text: string): Promise<void> {
    await until(`${this.name} hears “${text}” (heard: ${this.received.join(', ')})`, () =>
      this.received.includes(text),
    );
  }

  close(): void {
    this.#signalling?.drop();
    this.#call?.close();
  }

  #connection(peer: string): PlainCall {
    this.#peer = peer;
    this.#call = new PlainCall({
      candidate: (candidate) => this.#signalling?.candidate(this.#peer, candidate),
      received: (text) => this.received.push(text),
    });
    return this.#call;
  }
}
