import { connect } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { newDevice } from '../stage/device.ts';
import { Dialled } from '../stage/dial.ts';
import { diceFrom, fuzzBytes, fuzzFrames } from '../stage/fuzz.ts';
import { ServerProcess } from '../stage/server-process.ts';

const MIB = 1024 * 1024;
const FRAMES = 100_000;
/** Frames before memory is measured for the first time: code is compiled and heaps are sized by then. */
const WARM_UP = 30_000;
const FRAMES_AT_ONCE = 500;
const SEED = 20_300_101;

let server: ServerProcess;
afterEach(() => server.stop());

test('100,000 fuzzed frames: no exit, no uncaught error, no growth, no harm to others', {
  timeout: 240_000,
}, async () => {
  server = await ServerProcess.start({
    messageBurst: Number.MAX_SAFE_INTEGER,
    registrationBurst: FRAMES,
    registerWithinMs: 1_000_000,
  });
  const bystander = await Dialled.plain(server.port, 'bystander');
  const dice = diceFrom(SEED);
  const next = fuzzFrames(dice, newDevice());
  let before = 0;
  let dialled = await Dialled.open(server.port);
  for (let sent = 0; sent < FRAMES; sent += FRAMES_AT_ONCE) {
    if (sent === WARM_UP) before = await server.memory();
    if (dialled.closed !== null || sent % 10_000 === 0) {
      dialled.socket.terminate();
      dialled = await Dialled.open(server.port, { keyed: dice() < 0.5 });
    }
    for (let i = 0; i < FRAMES_AT_ONCE; i++) dialled.send(next());
    await dialled.read();
    dialled.heard.length = 0;
    bystander.heard.length = 0;
  }
  expect((await server.memory()) - before).toBeLessThan(32 * MIB);
  await bystander.settled();
  await (await Dialled.plain(server.port, 'latecomer')).settled();
  expect(server.errors).toBe('');
});

test('bytes that are no frames end their own connection at most', { timeout: 120_000 }, async () => {
  server = await ServerProcess.start();
  const bystander = await Dialled.plain(server.port, 'bystander');
  const dice = diceFrom(SEED);
  const upgrade = `GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n`;
  for (let i = 0; i < 300; i++) {
    const socket = connect(server.port, 'localhost').on('error', () => {});
    const ended = new Promise((done) => socket.once('close', done));
    socket.write(i % 5 === 0 ? fuzzBytes(dice) : upgrade);
    for (let j = 0; j < 5; j++) socket.write(fuzzBytes(dice));
    socket.resume().end();
    await ended;
  }
  await bystander.settled();
  expect(server.errors).toBe('');
  expect(server.lives).toBe(true);
});
