/** A change of the engine that the simulation must notice. `find` occurs exactly once in `file`. */
export interface Mutant {
  readonly name: string;
  /** From the root of the repository. */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

const client = 'packages/client/src';

export const MUTANTS: readonly Mutant[] = [
  {
    name: 'a commit that failed counts as done',
    file: `${client}/log/ledger.ts`,
    find: 'if (durable.ok) this.#publish(',
    replace: 'this.#publish(',
  },
  {
    name: 'a message is delivered as soon as it is written',
    file: `${client}/conversations/log-source.ts`,
    find: "this.log.covered(placeOf(item.order)) ? 'delivered' : 'queued'",
    replace: "placeOf(item.order) ? 'delivered' : 'queued'",
  },
  {
    name: 'a tab that was taken over goes on writing',
    file: `${client}/store/own-store.ts`,
    find: 'const checks = [{ key: WRITER, is: this.#number }, ...(batch.checks ?? [])];',
    replace: 'const checks = batch.checks ?? [];',
  },
  {
    name: 'signatures of entries are not looked at',
    file: `${client}/log/log.ts`,
    find: "if (!(await signedByAuthor(verify, read))) return 'wrong';",
    replace: 'void signedByAuthor(verify, read);',
  },
  {
    name: 'the handshake is not bound to the certificates in use',
    file: 'packages/protocol/src/handshake.ts',
    find: '      facts.initiatorFingerprint,\n      facts.responderFingerprint,\n',
    replace: '',
  },
  {
    name: 'the answerer need prove nothing',
    file: `${client}/session/handshake.ts`,
    find: 'crypto.verify(idBytes(answer.identity.device), responderSigns(transcript), answer.signature)',
    replace:
      'crypto.verify(idBytes(answer.identity.device), responderSigns(transcript), answer.signature).then(() => true)',
  },
  {
    name: 'texts to a mere name are lost when the person is met',
    file: `${client}/conversations/registry.ts`,
    find: 'const bodies = queued.map(',
    replace: 'const bodies = queued.slice(1).map(',
  },
  {
    name: 'the person that a name became is forgotten',
    file: `${client}/conversations/registry.ts`,
    find: '{ puts: [{ key: recordKey(record.key), value: record }] }',
    replace: '{ puts: [] }',
  },
  {
    name: 'a text to a mere name is shown without being stored',
    file: `${client}/conversations/loose-source.ts`,
    find: 'checks: [{ key, is: null }], puts: [{ key, value: message }]',
    replace: 'checks: [{ key, is: null }], puts: []',
  },
  {
    name: 'messages are shown the wrong way round',
    file: `${client}/conversations/source.ts`,
    find: 'return x < y ? -1 : 1;',
    replace: 'return x < y ? 1 : -1;',
  },
  {
    name: 'an entry names nothing that it comes after',
    file: `${client}/log/write.ts`,
    find: '.slice(0, ENTRY_DEPS_MAX)',
    replace: '.slice(ENTRY_DEPS_MAX)',
  },
  {
    name: 'an entry is counted by its own log alone',
    file: `${client}/log/write.ts`,
    find: 'lamport = Math.max(lamport, deps[0]?.lamport ?? 0) + 1;',
    replace: 'lamport += 1;',
  },
  {
    name: 'what was stored is not said',
    file: `${client}/log/syncing.ts`,
    find: "return goOn({ ...open, taking, unsaid: NOTHING, have: 'due' });",
    replace: 'return goOn({ ...open, taking, unsaid: NOTHING });',
  },
  {
    name: 'what is written during a session waits for the next',
    file: `${client}/log/syncing.ts`,
    find: 'return goOn({ ...syncing, outgoing: grown(syncing.outgoing, event.vector), have });',
    replace: 'return goOn({ ...syncing, have });',
  },
  {
    name: 'what a peer has is remembered until the next start alone',
    file: `${client}/log/acknowledge.ts`,
    find: '  draft.acknowledging.add(device);\n',
    replace: '',
  },
  {
    name: 'a claim about what is yet to be written is believed',
    file: `${client}/log/acknowledge.ts`,
    find: 'seq: Math.min(at.seq, head.seq)',
    replace: 'seq: at.seq + 1',
  },
  {
    name: 'frames that come while a proof is filed are dropped',
    file: `${client}/engine/keyed-talk.ts`,
    find: '    for (const frame of early) this.#frame(frame);\n',
    replace: '    early.splice(0);\n',
  },
  {
    name: 'a number is signed again after a commit that was never answered',
    file: `${client}/log/write.ts`,
    find: '    seq += 1;\n',
    replace: '    seq = seq > 1 ? seq : seq + 1;\n',
  },
  {
    name: 'the offerer need prove nothing',
    file: `${client}/session/handshake.ts`,
    find: 'const signed = committed && (await crypto.verify(idBytes(hello.identity.device), signs, proof.signature));',
    replace: 'const signed = committed && signs.length > 0;',
  },
  {
    name: 'nobody looks again for who is away',
    file: `${client}/reach/line.ts`,
    find: "effects: [...before, { type: 'timer', ms: Math.min(firstMs * 1.6 ** tries, REDIAL_MAX_MS), spread: true }],",
    replace: 'effects: firstMs > 0 ? before : [],',
  },
  {
    name: 'a server that can’t be reached is not dialled again',
    file: `${client}/signalling/link.ts`,
    find: "    { type: 'timer', ms: Math.min(RECONNECT_FIRST_MS * 2 ** tries, RECONNECT_MAX_MS), spread: true },\n",
    replace: '',
  },
  {
    name: 'a dead connection to the server is never noticed',
    file: `${client}/signalling/link.ts`,
    find: "return link.heard === 'asked'",
    replace: "return link.heard !== 'asked' ? stay(link) : link.heard === 'asked'",
  },
  {
    name: 'a device can’t take its name back from its own dead connection',
    file: 'packages/server/src/introducer/names.ts',
    find: "return holder === who && who !== 'plain';",
    replace: 'return holder === null;',
  },
  {
    name: 'what a peer has may shrink',
    file: `${client}/log/acknowledge.ts`,
    find: 'merged(known, believed)',
    replace: 'merged(new Map(), believed)',
  },
  {
    name: 'the window of a sync never opens again',
    file: `${client}/log/outgoing.ts`,
    find: 'outgoing.flight.slice(outgoing.flight.findLastIndex(isCovered) + 1)',
    replace: 'outgoing.flight.slice(Math.min(0, outgoing.flight.findLastIndex(isCovered)))',
  },
  {
    name: 'what comes out of order is thrown away',
    file: `${client}/log/take.ts`,
    find: "if (outcome === 'early') early.push(entry);",
    replace: '',
  },
  {
    name: 'what comes twice counts as new',
    file: `${client}/log/take.ts`,
    find: 'if (header.seq < next) {',
    replace: 'if (header.seq < 0) {',
  },
  {
    name: 'a screen isn’t told that its messages have moved',
    file: `${client}/conversations/message-window.ts`,
    find: "if (change.type === 'moved') void this.#reload();",
    replace: "if (change.type === 'moved') return;",
  },
  {
    name: 'what is written while texts move to the person is left behind',
    file: `${client}/conversations/loose-source.ts`,
    find: 'if (this.#movedTo) return this.#movedTo.append(text);',
    replace: '',
  },
];
