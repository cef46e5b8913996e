import type { Batch, StorageFault, StorageKey, StoragePort } from '../ports/index.ts';

/**
 * One thing that every adapter of the port must do. `run` throws where it doesn't. Each run is given a store of its
 * own, empty at first; every call of `open` opens that same store again, as another process would.
 */
export interface StorageCheck {
  readonly name: string;
  run(open: () => Promise<StoragePort>): Promise<void>;
}

const show = (value: unknown): string =>
  JSON.stringify(value, (_, field: unknown) => (field instanceof Uint8Array ? [...field] : field)) ?? 'undefined';

const expectSame = (found: unknown, wanted: unknown, what: string): void => {
  if (show(found) !== show(wanted)) throw new Error(`${what}: found ${show(found)}, wanted ${show(wanted)}`);
};

const commits = async (store: StoragePort, batch: Batch, wanted: 'ok' | StorageFault = 'ok'): Promise<void> => {
  const outcome = await store.commit(batch);
  expectSame(outcome.ok ? 'ok' : outcome.error, wanted, 'outcome of the commit');
};

const put = (store: StoragePort, keys: readonly StorageKey[]): Promise<void> =>
  commits(store, { puts: keys.map((key) => ({ key, value: key.join('/') })) });

const keysOf = async (
  store: StoragePort,
  prefix: StorageKey,
  options?: Parameters<StoragePort['list']>[1],
): Promise<readonly StorageKey[]> => (await store.list(prefix, options)).map(({ key }) => key);

/** In the order of the port; the last two differ in how UTF-16 units and code points order them. */
const ORDERED: readonly StorageKey[] = [
  ['t'],
  ['t', -1.5],
  ['t', 0],
  ['t', 2],
  ['t', 2, 0],
  ['t', 2, 'a'],
  ['t', 10],
  ['t', Number.MAX_SAFE_INTEGER],
  ['t', ''],
  ['t', '', 1],
  ['t', '10'],
  ['t', '2'],
  ['t', 'A'],
  ['t', 'a'],
  ['t', 'a', 'b'],
  ['t', 'aa'],
  ['t', 'é'],
  ['t', '\u{1f600}'],
  ['t', '\uff5e'],
];

const NUMBERED: readonly StorageKey[] = Array.from({ length: 9 }, (_, i): StorageKey => ['n', 'x', i + 1]);

const reading: readonly StorageCheck[] = [
  {
    name: 'has nothing where nothing was put',
    async run(open) {
      const store = await open();
      expectSame(await store.get(['a']), undefined, 'a value');
      expectSame(await store.list([]), [], 'a list');
    },
  },
  {
    name: 'keeps what structured clones can hold',
    async run(open) {
      const store = await open();
      const values = [0, 'text', true, null, Uint8Array.of(1, 2, 255), [1, ['two']], { a: { b: Uint8Array.of(7) } }];
      await commits(store, { puts: values.map((value, i) => ({ key: ['v', i], value })) });
      for (const [i, value] of values.entries()) expectSame(await store.get(['v', i]), value, `value ${i}`);
      const bytes = await store.get(['v', 4]);
      if (!(bytes instanceof Uint8Array)) throw new Error('bytes came back as something else');
    },
  },
  {
    name: 'orders keys element by element, and lists them with their values',
    async run(open) {
      const store = await open();
      const shuffled = ORDERED.map((key, i) => ({ key, at: (i * 7) % ORDERED.length })).sort((a, b) => a.at - b.at);
      await put(
        store,
        shuffled.map(({ key }) => key),
      );
      expectSame(
        await store.list(['t']),
        ORDERED.map((key) => ({ key, value: key.join('/') })),
        'the list',
      );
      expectSame(await keysOf(store, ['t'], { reverse: true }), ORDERED.toReversed(), 'the list in reverse');
    },
  },
  {
    name: 'lists what has the prefix, and nothing else',
    async run(open) {
      const store = await open();
      await put(store, [
        ['p'],
        ['p', 1],
        ['p', 1, 2],
        ['p', 1, 'a'],
        ['p', 10],
        ['p', 'x'],
        ['pp', 1],
        ['o', 9],
        ['q'],
      ]);
      expectSame(
        await keysOf(store, ['p', 1]),
        [
          ['p', 1],
          ['p', 1, 2],
          ['p', 1, 'a'],
        ],
        'under [p, 1]',
      );
      expectSame(await keysOf(store, ['p', 1], { reverse: true, limit: 1 }), [['p', 1, 'a']], 'the last under [p, 1]');
      expectSame((await keysOf(store, ['p'])).length, 6, 'how many under [p]');
      expectSame((await keysOf(store, [])).length, 9, 'how many there are');
      expectSame(await keysOf(store, ['r']), [], 'under what isn’t there');
    },
  },
  ...[false, true].map(
    (reverse): StorageCheck => ({
      name: `pages through a list${reverse ? ' in reverse' : ''}, each key once`,
      async run(open) {
        const store = await open();
        await put(store, [['n', 'w', 5], ...NUMBERED, ['n', 'y', 5]]);
        const seen: StorageKey[] = [];
        for (let after: StorageKey | undefined; ; ) {
          const page = await keysOf(store, ['n', 'x'], { reverse, limit: 4, ...(after && { after }) });
          seen.push(...page);
          after = page.at(-1);
          if (!after || page.length < 4) break;
        }
        expectSame(seen, reverse ? NUMBERED.toReversed() : NUMBERED, 'all pages');
      },
    }),
  ),
  {
    name: 'goes on after a key that isn’t there',
    async run(open) {
      const store = await open();
      await put(store, NUMBERED);
      expectSame(await keysOf(store, ['n', 'x'], { after: ['n', 'x', 7.5] }), NUMBERED.slice(7), 'after 7.5');
      const before = await keysOf(store, ['n', 'x'], { after: ['n', 'x', 2.5], reverse: true });
      expectSame(before, NUMBERED.slice(0, 2).reverse(), 'before 2.5');
      expectSame(await keysOf(store, ['n', 'x'], { after: ['n', 'x', 99], limit: 3 }), [], 'after the last');
      expectSame(await keysOf(store, ['n', 'x'], { limit: 0 }), [], 'none of them');
    },
  },
];

const writing: readonly StorageCheck[] = [
  {
    name: 'replaces, deletes, and deletes what isn’t there',
    async run(open) {
      const store = await open();
      await commits(store, { puts: [{ key: ['a'], value: 1 }] });
      await commits(store, { puts: [{ key: ['a'], value: 2 }], deletes: [['b']] });
      expectSame(await store.list([]), [{ key: ['a'], value: 2 }], 'after replacing');
      await commits(store, { deletes: [['a']] });
      expectSame(await store.get(['a']), undefined, 'after deleting');
      await commits(store, {});
    },
  },
  {
    name: 'keeps its own copy of what it is given, and gives copies',
    async run(open) {
      const store = await open();
      const value = { bytes: Uint8Array.of(1) };
      await commits(store, { puts: [{ key: ['a'], value }] });
      value.bytes[0] = 9;
      const read = (await store.get(['a'])) as typeof value;
      expectSame(read, { bytes: Uint8Array.of(1) }, 'after the writer changed its own');
      read.bytes[0] = 9;
      expectSame(await store.get(['a']), { bytes: Uint8Array.of(1) }, 'after a reader changed its own');
    },
  },
  {
    name: 'writes nothing at all where a check doesn’t hold',
    async run(open) {
      const store = await open();
      await commits(store, {
        puts: [
          { key: ['n'], value: 1 },
          { key: ['text'], value: '1' },
        ],
      });
      const change = {
        puts: [
          { key: ['x'], value: 1 },
          { key: ['n'], value: 5 },
        ],
        deletes: [['text']],
      };
      for (const [key, is] of [
        [['n'], 2],
        [['n'], null],
        [['text'], 1],
        [['none'], 1],
      ] as const) {
        await commits(
          store,
          {
            checks: [
              { key: ['n'], is: 1 },
              { key, is },
            ],
            ...change,
          },
          'conflict',
        );
      }
      expectSame(
        await store.list([]),
        [
          { key: ['n'], value: 1 },
          { key: ['text'], value: '1' },
        ],
        'after conflicts',
      );
      await commits(store, {
        checks: [
          { key: ['n'], is: 1 },
          { key: ['x'], is: null },
        ],
        ...change,
      });
      expectSame(
        await store.list([]),
        [
          { key: ['n'], value: 5 },
          { key: ['x'], value: 1 },
        ],
        'after the change',
      );
    },
  },
  {
    name: 'of many that compare and set the same number at once, one wins',
    async run(open) {
      const [one, two] = [await open(), await open()];
      const outcomes = await Promise.all(
        Array.from({ length: 10 }, (_, i) =>
          (i % 2 ? one : two).commit({ checks: [{ key: ['n'], is: null }], puts: [{ key: ['n'], value: i }] }),
        ),
      );
      expectSame(outcomes.filter(({ ok }) => ok).length, 1, 'winners');
      const won = outcomes.findIndex(({ ok }) => ok);
      expectSame(await two.get(['n']), won, 'the number');
    },
  },
  {
    name: 'reads what was committed before, also when asked at once',
    async run(open) {
      const store = await open();
      const committed = store.commit({ puts: NUMBERED.map((key) => ({ key, value: 1 })) });
      const read = store.list(['n']);
      expectSame((await committed).ok, true, 'the commit');
      expectSame((await read).length, NUMBERED.length, 'what was read');
    },
  },
  {
    name: 'is there for whoever opens it later',
    async run(open) {
      await put(await open(), ORDERED);
      expectSame(await keysOf(await open(), ['t']), ORDERED, 'what the next one finds');
    },
  },
  {
    name: 'takes a commit of a thousand items of a kilobyte',
    async run(open) {
      const store = await open();
      const value = new Uint8Array(1024).fill(7);
      await commits(store, { puts: Array.from({ length: 1000 }, (_, i) => ({ key: ['big', i], value })) });
      const keys = await keysOf(store, ['big'], { reverse: true, limit: 2 });
      expectSame(
        keys,
        [
          ['big', 999],
          ['big', 998],
        ],
        'the last two',
      );
    },
  },
];

/** What every {@link StoragePort} does, whatever is under it. */
export const storageConformance: readonly StorageCheck[] = [...reading, ...writing];
