import { spawn } from 'node:child_process';
import { ROOT } from './root.mjs';

const running = new Set();

// A signal that reaches this process alone ends what it has started, too: no orphan goes on installing or testing.
const handlers = new Map(['SIGINT', 'SIGTERM'].map((signal) => [signal, () => stopAll(signal)]));

function stopAll(signal) {
  for (const child of running) child.kill(signal);
  process.exitCode = signal === 'SIGINT' ? 130 : 143;
}

function watch(child) {
  if (running.size === 0) for (const [signal, handler] of handlers) process.on(signal, handler);
  running.add(child);
}

function unwatch(child) {
  running.delete(child);
  if (running.size === 0) for (const [signal, handler] of handlers) process.off(signal, handler);
}

/**
 * Runs a program in the checkout and waits for its end. `show`: `all` lets its output through, `none` answers it with the
 * exit code, `both` does both. Ends this process where a signal ended the wait.
 */
export function run(command, args, { show = 'none', env = {}, cwd = ROOT } = {}) {
  return new Promise((resolve, reject) => {
    const stdio = show === 'all' ? ['ignore', 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe'];
    const child = spawn(command, args, { cwd, stdio, env: { ...process.env, ...env } });
    watch(child);
    let output = '';
    const collect = (text) => {
      output += text;
      if (show === 'both') process.stdout.write(text);
    };
    child.stdout?.setEncoding('utf8').on('data', collect);
    child.stderr?.setEncoding('utf8').on('data', collect);
    child.once('error', (error) => {
      unwatch(child);
      reject(new Error(`${command} could not be started: ${error.message}`));
    });
    child.once('close', (code, signal) => {
      unwatch(child);
      if (process.exitCode === 130 || process.exitCode === 143) process.exit();
      resolve({ code: code ?? 1, signal, output });
    });
  });
}

/** Like {@link run}, of a script with this same Node. */
export const runNode = (args, options) => run(process.execPath, args, options);

/** Like {@link run}, of npm. */
export const runNpm = (args, options) => {
  const cli = process.env.npm_execpath;
  if (cli?.endsWith('.js')) return runNode([cli, ...args], options);
  return process.platform === 'win32' ? run('cmd.exe', ['/c', 'npm', ...args], options) : run('npm', args, options);
};
