import { endNodeRtc } from '../node-rtc.ts';
import { test, unique } from '../people/people.ts';
import { PlainClient } from './plain-client.ts';

test.afterAll(() => endNodeRtc());

test('two original clients still find each other and chat', async ({ server }) => {
  const ann = await PlainClient.register(server.url, unique('Ann'));
  const bob = await PlainClient.register(server.url, unique('Bob'));
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
