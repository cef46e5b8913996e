import { expect } from '@playwright/test';
import { endNodeRtc } from '../node-rtc.ts';
import { meet } from '../people/meeting.ts';
import { test, unique } from '../people/people.ts';
import { PlainClient } from '../plain-client/plain-client.ts';
import { until } from '../until.ts';

test.afterAll(() => endNodeRtc());

test('two original clients still find each other and chat', async ({ server }) => {
  const ann = await PlainClient.register(server.url, unique('Ann'));
  const bob = await PlainClient.register(server.url, unique('Bob'));
  expect(await ann.call(unique('Nobody'))).toBe('not_here');
  await ann.call(bob.name);
  await bob.isAsked();
  await bob.accept();
  await Promise.all([ann.isConnected(), bob.isConnected()]);
  ann.send('hello from Ann');
  bob.send('hello from Bob');
  await bob.hears('hello from Ann');
  await ann.hears('hello from Bob');
  ann.close();
  bob.close();
});

test('the original client calls the app: it chats both ways and stays unverified', async ({ people, server }) => {
  const ann = await people.arrive('Ann');
  const phone = await PlainClient.register(server.url, unique('Phone'));
  await phone.call(ann.name);
  await ann.isAsked(phone.name);
  await ann.reads(/Unverified/);
  await ann.accept(phone.name);
  await phone.isConnected();
  await ann.reads(/Unverified/);
  await ann.seesLine('Direct');
  phone.send('Hello from an old phone');
  await ann.seesMessage('Hello from an old phone');
  await ann.send('Hello old phone');
  await phone.hears('Hello old phone');
  // It never says that it has a message, so nobody may claim so.
  await ann.seesState('Hello old phone', 'Sent');
  phone.close();
});

test('the app calls the original client, which takes its time to accept', async ({ people, server }) => {
  const ann = await people.arrive('Ann');
  const phone = await PlainClient.register(server.url, unique('Phone'));
  await ann.connect(phone.name);
  expect(await phone.isAsked()).toBe(ann.name);
  // All candidates that come before this are lost to it.
  await ann.seesLine('Connecting');
  await phone.accept();
  await phone.isConnected();
  await ann.reads(/Unverified/);
  await ann.send('Do you hear me?');
  await phone.hears('Do you hear me?');
  phone.send('Yes');
  await ann.seesMessage('Yes');
  await ann.reload();
  await ann.open(phone.name);
  await ann.hasExactly('Do you hear me?', 'Yes');
  phone.close();
});

test('somebody whose key is known never falls back to a client without keys', async ({ people, server }) => {
  const ann = await people.arrive('Ann');
  // Without a hold the name is free as soon as its owner goes: the worst server there can be.
  const bob = await people.arrive('Bob');
  await meet(ann, bob);
  await ann.send('For Bob alone');
  await ann.seesState('For Bob alone', 'Delivered');
  await bob.close();
  await expect(PlainClient.register(server.url, bob.name)).rejects.toThrow(/taken/);
  await ann.seesLine('Away');
  await ann.send('Also for Bob alone');
  await ann.seesState('Also for Bob alone', 'Queued');
});

test('a server that gives the name of a known person to a client without keys gains nothing', async ({ people }) => {
  const { ServerProcess } = await import('../server/server-process.ts');
  const careless = await ServerProcess.start({ HOLD_DAYS: '0' });
  try {
    const ann = await people.arrive('Ann', { url: careless.url });
    const bob = await people.arrive('Bob', { url: careless.url });
    await meet(ann, bob);
    await bob.close();
    await ann.seesLine('Away');
    const thief = await until('the name is free', () =>
      PlainClient.register(careless.url, bob.name).catch(() => undefined),
    );
    await ann.send('For Bob alone');
    // It asks to be let in under Bob's name, and whatever Ann decides is not Bob.
    await thief.call(ann.name);
    await ann.reads(/Unverified/);
    await ann.accept(thief.name);
    await thief.isConnected();
    await ann.reads(/Unverified/);
    expect(thief.received).toEqual([]);
    thief.close();
  } finally {
    await careless.close();
  }
});
