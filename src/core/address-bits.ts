/** Addresses bit by bit, for settings that name networks, and patterns with * and ? for those that name people. */

/** 32 or 128 characters 0 and 1; null for what is no address. IPv4 in IPv6 (`::ffff:192.0.2.1`) counts as IPv4. */
export function addressBits(ip: string): string | null {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip)?.[1];
  const four = mapped ?? ip;
  if (/^\d{1,3}(?:\.\d{1,3}){3}$/.test(four)) {
    const bytes = four.split('.').map(Number);
    return bytes.every((byte) => byte < 256) ? bytes.map((byte) => byte.toString(2).padStart(8, '0')).join('') : null;
  }
  return ip.length <= 45 ? sixBits(ip) : null;
}

function sixBits(ip: string): string | null {
  const halves = ip.split('::');
  if (halves.length > 2 || !/^[\da-f:]+$/i.test(ip)) return null;
  const [head = [], tail = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return null;
  const groups = [...head, ...Array.from({ length: missing }, () => '0'), ...tail];
  return groups.every((group) => /^[\da-f]{1,4}$/i.test(group))
    ? groups.map((group) => Number.parseInt(group, 16).toString(2).padStart(16, '0')).join('')
    : null;
}

/** `*` and `?`, in time that grows with the product of both lengths at worst. */
export function fitsPattern(text: string, pattern: string): boolean {
  let at = 0;
  let want = 0;
  let star = -1;
  let resume = 0;
  while (at < text.length) {
    if (pattern[want] === '*') {
      star = want;
      want += 1;
      resume = at;
    } else if (want < pattern.length && (pattern[want] === '?' || pattern[want] === text[at])) {
      want += 1;
      at += 1;
    } else if (star >= 0) {
      want = star + 1;
      resume += 1;
      at = resume;
    } else return false;
  }
  return /^\**$/.test(pattern.slice(want));
}
