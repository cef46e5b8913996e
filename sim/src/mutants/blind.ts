import type { Mutant } from './mutants.ts';

const display = 'sim/src/invariants/display.ts';

/** Changes of the simulation itself, each of which makes it blind for something. What every checker is shown must notice. */
export const BLIND: readonly Mutant[] = [
  {
    name: 'doubled texts aren’t seen',
    file: display,
    find: 'if (shown.has(text) || ids.has(id)) throw',
    replace: 'if (shown.size > 1e9) throw',
  },
  { name: 'doubled ids aren’t seen', file: display, find: ' || ids.has(id)', replace: '' },
  { name: 'states may move backwards', file: display, find: 'if (rank < before)', replace: 'if (rank < 0)' },
  {
    name: 'delivered may mean anything',
    file: display,
    find: 'if (!this.#deps.onDisk(written.audience, text)) {',
    replace: 'if (!this.#deps) {',
  },
  { name: 'nobody need have written it', file: display, find: 'if (!written) throw', replace: 'if (!this) throw' },
  {
    name: 'what was refused may be shown',
    file: display,
    find: "if (written.outcome === 'refused')",
    replace: "if (written.text === 'refused')",
  },
  {
    name: 'anybody may be shown as the author',
    file: display,
    find: 'if (written.author !== author) {',
    replace: 'if (author === undefined) {',
  },
  {
    name: 'anybody may read it',
    file: display,
    find: 'if (written.audience !== reader) {',
    replace: 'if (written.audience === undefined) {',
  },
  { name: 'order doesn’t matter', file: display, find: ': at > place) {', replace: ': at > 1e9) {' },
  {
    name: 'gaps don’t matter',
    file: display,
    find: 'at === undefined ? this.#mustBeThere(earlier) :',
    replace: 'at === undefined ? false :',
  },
  {
    name: 'what was shown may vanish',
    file: display,
    find: 'if (!shown.has(text)) throw',
    replace: 'if (!this.#seen) throw',
  },
  {
    name: 'what was promised may never come',
    file: display,
    find: 'if (!this.#seen.has(text)) this.#seen.set(text, RANKS.queued);',
    replace: '',
  },
  { name: 'two orders are one', file: display, find: 'if (place < last) throw', replace: 'if (place < -1) throw' },
  {
    name: 'numbers may be given twice',
    file: 'sim/src/invariants/numbers.ts',
    find: 'else if (known !== id)',
    replace: 'else if (known === undefined)',
  },
  {
    name: 'any number of timers will do',
    file: 'sim/src/invariants/bounds.ts',
    find: 'if (timers > TIMERS_MAX)',
    replace: 'if (timers < 0)',
  },
  {
    name: 'any number of connections will do',
    file: 'sim/src/invariants/bounds.ts',
    find: 'if (connections > CONNECTIONS_PER_CONVERSATION_MAX * Math.max(1, conversations)) {',
    replace: 'if (connections < 0) {',
  },
  {
    name: 'any number of requests will do',
    file: 'sim/src/invariants/bounds.ts',
    find: 'if (requests > REQUESTS_MAX)',
    replace: 'if (requests < 0)',
  },
  {
    name: 'rejections go unheard',
    file: 'sim/src/schedule/run.ts',
    find: "process.on('unhandledRejection', unheard);",
    replace: "process.on('unhandledRejection', () => undefined);",
  },
  {
    name: 'what throws on its own goes unheard',
    file: 'sim/src/schedule/run.ts',
    find: "process.on('uncaughtException', unheard);",
    replace: "process.on('uncaughtException', () => undefined);",
  },
  {
    name: 'nothing need arrive',
    file: 'sim/src/schedule/run.ts',
    find: "if (missing !== null) throw new Violation('arrives', missing);",
    replace: '',
  },
  {
    name: 'the server may throw',
    file: 'sim/src/world/server.ts',
    find: "this.#world.broke(new Violation('server', `the server threw ${String(error)}`));",
    replace: '',
  },
];
