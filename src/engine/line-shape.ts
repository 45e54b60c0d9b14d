/** The shape of a line: what stays when numbers, addresses, hexadecimal words and quoted texts are masked, so that equal kinds of lines can be counted. */

/** Long enough to tell kinds apart; the ends of long lines are mostly free text. */
const SHAPE_CHARACTERS = 300;

/** In this order: a quoted text may hold all the others. Each is linear. */
const MASKS: readonly (readonly [RegExp, string])[] = [
  [/"[^"]{0,500}"/g, '"…"'],
  [/'[^']{0,500}'/g, "'…'"],
  [/\b\d{1,3}(?:\.\d{1,3}){3}\b/g, '<address>'],
  [/(?<![\w:])(?=[\da-f:]{0,40}:[\da-f:]{0,40}:)[\da-f:]{3,45}(?:%\w{1,16})?(?![\w:])/gi, '<address>'],
  [/\b0x[\da-f]{1,32}\b|\b(?=[a-f]{0,64}\d)[\da-f]{8,64}\b/gi, '<hex>'],
  [/\d{1,40}/g, '<n>'],
];

export function shapeOf(message: string): string {
  let shape = message.slice(0, SHAPE_CHARACTERS);
  for (const [mask, word] of MASKS) shape = shape.replace(mask, word);
  return shape;
}
