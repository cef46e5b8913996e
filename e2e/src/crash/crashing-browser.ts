import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from '@playwright/test';
import { CHROMIUM, CHROMIUM_ARGS } from '../people/browsers.ts';
import { until } from '../until.ts';

/** A Chromium with a profile on the disk, which dies and comes back. */
export class CrashingBrowser {
  readonly #profile: string;
  #process: ChildProcess | undefined;

  private constructor(profile: string) {
    this.#profile = profile;
  }

  static async create(): Promise<CrashingBrowser> {
    return new CrashingBrowser(await mkdtemp(join(tmpdir(), 'earshot-crash-')));
  }

  /** Starts it and answers its page. */
  async start(size: { readonly width: number; readonly height: number }): Promise<Page> {
    if (CHROMIUM === undefined) throw new Error('Chromium is missing');
    const portFile = join(this.#profile, 'DevToolsActivePort');
    await rm(portFile, { force: true });
    const child = spawn(
      CHROMIUM,
      [
        '--headless',
        '--no-sandbox',
        '--remote-debugging-port=0',
        '--hide-crash-restore-bubble',
        `--user-data-dir=${this.#profile}`,
        `--window-size=${size.width},${size.height}`,
        ...CHROMIUM_ARGS,
        'about:blank',
      ],
      // A process group of its own, so that all of it dies at once.
      { detached: true, stdio: 'ignore' },
    );
    this.#process = child;
    const port = await until('Chromium says where its debugger is', async () => {
      if (child.exitCode !== null) throw new Error(`Chromium ended (${child.exitCode})`);
      const text = await readFile(portFile, 'utf8').catch(() => '');
      return /^(\d+)\n/.exec(text)?.[1];
    });
    const browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`);
    const context = browser.contexts()[0] ?? (await browser.newContext());
    const page = context.pages()[0] ?? (await context.newPage());
    await page.setViewportSize(size);
    return page;
  }

  /** Every process of it, at once, without a word. */
  async kill(): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (!child || child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    process.kill(-child.pid, 'SIGKILL');
    await ended;
  }

  async close(): Promise<void> {
    await this.kill();
    await rm(this.#profile, { recursive: true, force: true, maxRetries: 5 });
  }
}
