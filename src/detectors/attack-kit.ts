/** What an attacker brings along, told by the shape of the files: whom to attack, with which passwords, and what was won (DNS1: bios.txt, pass_file, vuln.txt). */

import type { Detector } from '../core/contracts.ts';
import { counted, grouped, listed, named } from '../core/text.ts';
import type { DirectorySeen, Entity, Evidence, FileShape, FindingDraft, ShapedFile } from '../core/words.ts';

/** Shapes that belong to an attack, and what they are called in a sentence. */
const PARTS: Readonly<Partial<Record<FileShape, string>>> = { 'target-list': 'target list', dictionary: 'password dictionary', loot: 'loot' };
const NAMED_AT_MOST = 12;

export const attackKit: Detector = {
  name: 'attack-kit',
  about: 'Recognises target lists, password dictionaries, loot and programs that lie together in an odd place.',
  cannotSee: 'packed or encrypted kits, and kits in places that look installed.',
  attack: ['T1588.002', 'T1595.001'],
  tells: 'compromise',
  role: 'foothold',
  start() {
    return { 'directory.seen': ({ fields }) => told(fields) };
  },
};

function told(directory: DirectorySeen): FindingDraft | null {
  const parts = directory.files.filter((file) => PARTS[file.shape] !== undefined);
  const kinds = new Set(parts.map((file) => file.shape));
  const programs = directory.files.filter((file) => (file.shape === 'elf' || file.shape === 'script') && (file.mode & 0o111) !== 0);
  if (kinds.size === 0 || (kinds.size < 2 && programs.length === 0)) return null;
  const strong = kinds.size >= 2 || kinds.has('loot');
  // A list of hosts beside a script is also what an administrator keeps in his own home.
  if (directory.because === 'home' && kinds.size < 2) return null;
  const files = [...parts, ...programs];
  const at = Math.min(...files.map((file) => file.changedAt));
  return {
    key: directory.path,
    at,
    severity: strong ? 'high' : 'medium',
    confidence: strong ? 'strong' : 'medium',
    says: `${named(directory.path)} holds an attack kit: ${wordsFor(parts, programs)}`,
    culprit: [
      { is: 'directory', path: directory.path },
      ...programs.slice(0, NAMED_AT_MOST).map((file): Entity => ({ is: 'file', path: `${directory.path}/${file.name}` })),
    ],
    victim: [],
    evidence: files.slice(0, NAMED_AT_MOST * 2).map((file) => evidence(directory, file)),
    seen: files.length,
    figures: {
      targetLists: count(parts, 'target-list'),
      dictionaries: count(parts, 'dictionary'),
      loot: count(parts, 'loot'),
      programs: programs.length,
    },
  };
}

function wordsFor(parts: readonly ShapedFile[], programs: readonly ShapedFile[]): string {
  const said = Object.entries(PARTS).flatMap(([shape, word]) => {
    const files = parts.filter((file) => file.shape === shape);
    return files.length === 0
      ? []
      : [
          `${counted(files.length, word, word === 'loot' ? 'loot files' : word === 'password dictionary' ? 'password dictionaries' : `${word}s`)} (${listed(
            files.map((file) => file.name),
            6,
          )})`,
        ];
  });
  if (programs.length > 0)
    said.push(
      `${counted(programs.length, 'program')} (${listed(
        programs.map((file) => file.name),
        6,
      )})`,
    );
  return said.length > 1 ? `${said.slice(0, -1).join(', ')} and ${said[said.length - 1]}` : said.join('');
}

function count(files: readonly ShapedFile[], shape: FileShape): number {
  return files.filter((file) => file.shape === shape).length;
}

/** Never a line of a dictionary or of loot: those are somebody's passwords. */
function evidence(directory: DirectorySeen, file: ShapedFile): Evidence {
  const what = PARTS[file.shape] ?? (file.shape === 'elf' ? 'program' : 'script');
  const entries =
    file.entries > 0 && PARTS[file.shape] !== undefined ? `, ${grouped(file.entries)} lines of that shape in the part that was read` : '';
  const path = `${directory.path}/${file.name}`;
  return { source: 'file', path, at: file.changedAt, says: `${what}, ${grouped(file.sizeBytes)} bytes${entries}` };
}
