/** Errors that a person can do something about: what went wrong, and what to do next. Anything else is a fault of Tocsin. */

export class UserError extends Error {
  /** What to do next, one sentence. */
  readonly next: string;

  constructor(says: string, next: string) {
    super(says);
    this.name = 'UserError';
    this.next = next;
  }
}
