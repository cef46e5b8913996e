import { NodePerson } from '../node-person/node-person.ts';
import { endNodeRtc } from '../node-rtc.ts';
import { test, unique } from '../people/people.ts';

test.afterAll(() => endNodeRtc());

test('two engines in Node meet and talk', async ({ server }) => {
  const ann = await NodePerson.arrive(server.url, unique('Ann'));
  const bob = await NodePerson.arrive(server.url, unique('Bob'));
  await ann.connect(bob.name);
  await bob.accept(ann.name);
  await ann.seesLine(bob.name, 'direct');
  await ann.send(bob.name, 'hello');
  await bob.sees(ann.name, 'hello');
  await ann.sees(bob.name, 'hello', (message) => message.from === 'me' && message.state === 'delivered');
  await ann.close();
  await bob.close();
});
