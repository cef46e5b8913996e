import { parentPort } from 'node:worker_threads';
import { unseen } from '../invariants/self-test.ts';

parentPort?.postMessage(await unseen());
