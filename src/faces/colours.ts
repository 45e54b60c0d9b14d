/** The few colours of the terminal report; switched off they change nothing, so that a pipe gets plain text. */

export type Paint = (text: string) => string;

export interface Colours {
  readonly bold: Paint;
  readonly dim: Paint;
  readonly red: Paint;
  readonly green: Paint;
  readonly yellow: Paint;
  readonly cyan: Paint;
  /** Black on red, for the one word that must not be missed. */
  readonly alarm: Paint;
}

/** SGR parameters of ECMA-48, 8.3.117. Each is closed by its own counterpart, so that one colour inside another survives. */
export function colours(on: boolean): Colours {
  const sgr = (open: string, close: string): Paint => (on ? (text) => (text === '' ? '' : `\u001b[${open}m${text}\u001b[${close}m`) : (text) => text);
  return {
    bold: sgr('1', '22'),
    dim: sgr('2', '22'),
    red: sgr('31', '39'),
    green: sgr('32', '39'),
    yellow: sgr('33', '39'),
    cyan: sgr('36', '39'),
    alarm: sgr('1;37;41', '22;39;49'),
  };
}
