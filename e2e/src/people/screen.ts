/** Roles that a person's screen has in the contract of accessible names. */
export type Role = 'textbox' | 'button' | 'dialog' | 'link' | 'log' | 'navigation' | 'status' | 'alert' | 'heading';

/** What a person can see and do on one page, by roles and accessible names alone. Two kinds of browser drive it. */
export interface Screen {
  goto(url: string): Promise<void>;
  reload(): Promise<void>;
  click(role: Role, name: string): Promise<void>;
  /** Replaces what the field holds. */
  fill(role: Role, name: string, text: string): Promise<void>;
  /** As the keyboard does, into whatever has the focus. `Shift+Enter` and the like work. */
  press(key: string): Promise<void>;
  /** Whether something of this role and name (no name: any) shows now. */
  shows(role: Role, name?: string): Promise<boolean>;
  /** Runs in the page. `look` must stand on its own. */
  evaluate<Argument, Answer>(look: (argument: Argument) => Answer, argument: Argument): Promise<Answer>;
  /** Looks again and again, inside the page and across reloads, until `look` answers `true`. Rejects after `maxMs`. */
  until<Argument>(look: (argument: Argument) => boolean, argument: Argument, maxMs: number): Promise<void>;
  close(): Promise<void>;
}
