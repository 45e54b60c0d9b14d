/** Both engines give the same answer wherever both take the pattern. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compile } from '../../src/regex/pattern.ts';
import { answerOf, askEach } from './ask.ts';
import { PATTERN, RICH_PATTERN, TEXT } from './patterns.ts';

describe('native and bounded', () => {
  it('agree on small patterns', () => {
    let both = 0;
    fc.assert(
      fc.property(PATTERN, fc.array(TEXT, { minLength: 3, maxLength: 6 }), (source, texts) => {
        for (const text of texts) {
          const answers = askEach(source, text);
          const native = answers.get('native');
          if (native === undefined) continue;
          both++;
          expect(answers.get('bounded')).toEqual(native);
        }
      }),
      { numRuns: 3000, seed: 20240117 },
    );
    expect(both).toBeGreaterThan(1000);
  });

  it('agree with the compiled pattern, which chooses between them and looks for needles first', () => {
    fc.assert(
      fc.property(RICH_PATTERN, TEXT, (source, text) => {
        expect(answerOf(compile(source).search(text))).toEqual(askEach(source, text).get('bounded'));
      }),
      { numRuns: 3000, seed: 7 },
    );
  });
});
