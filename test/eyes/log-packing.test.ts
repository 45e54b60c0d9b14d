import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { packingIn, strangeIn } from '../../src/eyes/log-packing.ts';

const LINE = 'Mar  3 09:40:00 h sshd[7]: hello\n';

describe('what a file is packed with', () => {
  it.each([
    ['gz', gzipSync(LINE)],
    ['xz', Buffer.from('fd377a585a000004', 'hex')],
    ['bz2', Buffer.from('BZh91AY&')],
    ['zst', Buffer.from('28b52ffd04000000', 'hex')],
    ['text16le', Buffer.from(`\ufeff${LINE}`, 'utf16le')],
    ['text16be', Buffer.from(`\ufeff${LINE}`, 'utf16le').swap16()],
    ['text16le', Buffer.from(LINE, 'utf16le')],
    ['text16be', Buffer.from(LINE, 'utf16le').swap16()],
    ['none', Buffer.from(LINE)],
    ['none', Buffer.alloc(4096)],
    ['none', Buffer.from('\ufeffMar')],
    ['none', Buffer.alloc(0)],
    ['none', Buffer.from([0x1f])],
  ] as const)('is %s by its first bytes', (packing, bytes) => expect(packingIn(bytes)).toBe(packing));

  it.each([
    ['zip', Buffer.from('504b030414000000', 'hex')],
    ['lz4', Buffer.from('04224d1864404000', 'hex')],
    ['journalctl', Buffer.from('LPKSHHRH')],
  ])('says what to do about %s', (word, bytes) => expect(strangeIn(bytes)).toContain(word));

  it('knows a binary record of log-ins, and a hole of NULs for none', () => {
    expect(strangeIn(Buffer.from([6, 0, 0, 0, 0x64, 0, 0, 0, 0x73]))).toContain('--root');
    expect(strangeIn(Buffer.alloc(16))).toBeNull();
  });

  it('finds nothing strange in a log', () => expect(strangeIn(Buffer.from(LINE))).toBeNull());
});
