/** What is told when a regular expression cannot be read: the reason, and where in it. */

export class RegexError extends Error {
  /** Index into the source. */
  readonly at: number;
  constructor(message: string, at: number) {
    super(message);
    this.name = 'RegexError';
    this.at = at;
  }
}
