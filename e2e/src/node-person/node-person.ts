import { type ConversationKey, createEngine, type Engine, type LineStatus, type MessageView } from '@earshot/client';
import { until } from '../until.ts';
import { nodePorts } from './ports.ts';

/** Somebody without a screen: the engine in Node. */
export class NodePerson {
  readonly name: string;
  readonly #engine: Engine;

  private constructor(name: string, engine: Engine) {
    this.name = name;
    this.#engine = engine;
  }

  static async arrive(server: string, name: string): Promise<NodePerson> {
    const engine = await createEngine(nodePorts(server));
    if (!engine.ok) throw new Error(engine.error);
    const chosen = await engine.value.chooseName(name);
    if (!chosen.ok) throw new Error(chosen.error);
    await until(`${name} is here`, () => engine.value.snapshot.get().link.state === 'here');
    return new NodePerson(name, engine.value);
  }

  async connect(name: string): Promise<void> {
    const connected = await this.#engine.connect(name);
    if (!connected.ok) throw new Error(connected.error);
  }

  async accept(from: string): Promise<void> {
    const request = await until(`${this.name} is asked by ${from}`, () =>
      this.#engine.snapshot.get().requests.find(({ name }) => name === from),
    );
    const accepted = await this.#engine.accept(request.id);
    if (!accepted.ok) throw new Error(accepted.error);
  }

  async send(to: string, text: string): Promise<void> {
    const sent = await this.#engine.send(await this.#conversation(to), text);
    if (!sent.ok) throw new Error(sent.error);
  }

  async seesLine(to: string, state: LineStatus['state']): Promise<void> {
    await until(`${this.name} is ${state} with ${to}`, () => this.#summary(to)?.line.state === state);
  }

  async sees(to: string, text: string, wanted: (message: MessageView) => boolean = () => true): Promise<void> {
    const opened = this.#engine.open(await this.#conversation(to));
    try {
      await until(`${this.name} sees “${text}”`, () =>
        opened?.window
          .get()
          .messages.some((at) => at.content.kind === 'text' && at.content.text === text && wanted(at)),
      );
    } finally {
      opened?.close();
    }
  }

  close(): Promise<void> {
    return this.#engine.close();
  }

  async #conversation(name: string): Promise<ConversationKey> {
    return (await until(`${this.name} has a conversation with ${name}`, () => this.#summary(name))).key;
  }

  #summary(name: string) {
    return this.#engine.snapshot.get().conversations.find((conversation) => conversation.name === name);
  }
}
