import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { createStage, settled } from '../stage/stage.ts';
import { WAITING_MAX_BYTES, WAITING_SHARE_BYTES, WAITING_TOTAL_MAX_BYTES } from './limits.ts';
import { SlowReaders } from './slow-readers.ts';
import { createSocketServer } from './socket-server.ts';

const MIB = 1024 * 1024;

describe('who must go', () => {
  test('beyond the bound of one', () => {
    const slow = new SlowReaders();
    const reader = {};
    expect(slow.mustGo(reader, WAITING_MAX_BYTES)).toBe(false);
    expect(slow.mustGo(reader, WAITING_MAX_BYTES + 1)).toBe(true);
    slow.forget(reader);
    slow.forget({});
    expect(slow.total).toBe(0);
  });

  test('beyond the common budget, but never for its share', () => {
    const slow = new SlowReaders();
    for (let used = 0; used < WAITING_TOTAL_MAX_BYTES; used += WAITING_MAX_BYTES) {
      expect(slow.mustGo({}, WAITING_MAX_BYTES)).toBe(false);
    }
    expect(slow.mustGo({}, WAITING_SHARE_BYTES)).toBe(false);
    expect(slow.mustGo({}, WAITING_SHARE_BYTES + 1)).toBe(true);
  });
});

/** A network that takes the answer to the upgrade, and then nothing until it flows. */
class Jam extends Duplex {
  #waiting: (() => void) | null = null;
  #jammed = false;

  override _read(): void {}

  override _write(_: Buffer, __: string, done: () => void): void {
    if (this.#jammed) this.#waiting = done;
    else done();
    this.#jammed = true;
  }

  flow(): void {
    this.#jammed = false;
    this.#waiting?.();
  }

  /** A client's text frame (RFC 6455, section 5.2), masked with zeros. */
  says(text: string): void {
    const frame = Buffer.alloc(6 + text.length);
    frame.set([0x81, 0x80 | text.length]);
    frame.write(text, 6);
    this.push(frame);
  }
}

/** Readers by the names of their numbers, all of whom stopped reading, and one who floods them. */
const crowd = async (count: number) => {
  const stage = createStage({ limits: { messageBurst: Number.MAX_SAFE_INTEGER, connectionsPerAddress: 10_000 } });
  const door = { ownHosts: () => true, proxy: 'none' } as const;
  const server = createSocketServer({ introducer: stage.introducer, door, refused() {} });
  const jams = Array.from({ length: count }, () => new Jam());
  for (const [name, jam] of jams.entries()) {
    const request = new IncomingMessage(new Socket());
    request.method = 'GET';
    request.headers = {
      host: 'localhost',
      upgrade: 'websocket',
      'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
      'sec-websocket-version': '13',
    };
    server.upgrade(request, jam, Buffer.alloc(0));
    jam.says(`{"type":"store_user","name":"${name}"}`);
  }
  await settled();
  const waiting = (): number => jams.reduce((sum, jam) => sum + (jam.destroyed ? 0 : jam.writableLength), 0);
  return { stage, server, jams, waiting, ann: stage.plain('ann') };
};

describe('readers that stopped reading', () => {
  test.each([
    ['offers', 24 * 1024, 5, 12],
    ['candidates', 100, 100, 2],
  ])(
    'five hundred of them cost at most 64 MiB, flooded with %s',
    { timeout: 60_000 },
    async (_, length, rounds, mib) => {
      const { server, waiting, ann } = await crowd(500);
      const before = process.memoryUsage().arrayBuffers;
      const data = { sdp: 'x'.repeat(length) };
      let most = 0;
      for (let round = 0; round < rounds; round++) {
        for (let target = 0; target < 500; target++) {
          ann.send({ type: 'create_answer', target: `${target}`, data });
        }
        await settled();
        most = Math.max(most, waiting());
      }
      expect(most).toBeGreaterThan(mib * MIB);
      expect(most).toBeLessThan(32 * MIB);
      // Counting what was written is one thing, what is held for it another.
      expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 * MIB);
      await server.close();
    },
  );

  test('go on where they were when they read again', async () => {
    const { server, jams, ann } = await crowd(1);
    const [jam] = jams;
    for (let i = 0; i < 20; i++) {
      ann.send({ type: 'create_answer', target: '0', data: { sdp: 'x'.repeat(10_000) } });
      await settled();
    }
    expect(jam?.writableLength).toBeGreaterThan(190_000);
    jam?.flow();
    await settled();
    expect(jam?.destroyed).toBe(false);
    await server.close();
  });

  test('are cut off at their bound, and nobody else', async () => {
    const { stage, server, jams, ann } = await crowd(2);
    for (let i = 0; i < 120; i++) {
      ann.send({ type: 'create_answer', target: '0', data: { sdp: 'x'.repeat(10_000) } });
      await settled();
    }
    expect(jams.map(({ destroyed }) => destroyed)).toEqual([true, false]);
    expect(stage.introducer.present).toBe(2);
    await server.close();
  });
});
