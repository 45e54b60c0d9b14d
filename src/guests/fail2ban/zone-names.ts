/** What names of time zones in log stamps stand for: a fixed distance from UTC each, as fail2ban takes them (CET is +1 in summer, too). */

/** Hours east of UTC, and the names that mean it: military letters, RFC 822, and the usual abbreviations. */
const NAMES: readonly (readonly [number, string])[] = [
  [-12, 'Y'],
  [-11, 'X NUT SST'],
  [-10, 'W CKT HAST HST TAHT TKT'],
  [-9.5, 'MART MIT'],
  [-9, 'V AKST GAMT GIT HADT HNY'],
  [-8, 'U AKDT CIST HAY HNP PST PT'],
  [-7, 'T HAP HNR MST PDT'],
  [-6, 'S CST EAST GALT HAR HNC MDT'],
  [-5, 'R CDT COT EASST ECT EST ET HAC HNE PET'],
  [-4.5, 'HLV VET'],
  [-4, 'Q AST BOT CLT COST EDT FKT GYT HAE HNA PYT'],
  [-3.5, 'HNT NST NT'],
  [-3, 'P ADT ART BRT CLST FKST GFT HAA PMST PYST SRT UYT WGT'],
  [-2.5, 'HAT NDT'],
  [-2, 'O BRST FNT PMDT UYST WGST'],
  [-1, 'N AZOT CVT EGT'],
  [0, 'Z EGST GMT UTC WET WT'],
  [1, 'A CET DFT WAT WEDT WEST'],
  [2, 'B CAT CEDT CEST EET SAST WAST'],
  [3, 'C EAT EEDT EEST IDT MSK'],
  [3.5, 'IRST'],
  [4, 'D AMT AZT GET GST KUYT MSD MUT RET SAMT SCT'],
  [4.5, 'AFT IRDT'],
  [5, 'E AMST AQTT AZST HMT MAWT MVT PKT TFT TJT TMT UZT YEKT'],
  [5.5, 'SLT'],
  [5.75, 'NPT'],
  [6, 'F ALMT BIOT BTT IOT KGT NOVT OMST YEKST'],
  [6.5, 'CCT MMT'],
  [7, 'G CXT DAVT HOVT ICT KRAT NOVST OMSST THA WIB'],
  [8, 'H ACT AWST BDT BNT CAST HKT IRKT KRAST MYT PHT SGT ULAT WITA WST'],
  [9, 'I AWDT IRKST JST KST PWT TLT WDT WIT YAKT'],
  [9.5, 'ACST'],
  [10, 'K AEST PGT VLAT YAKST YAPT'],
  [10.5, 'ACDT LHST'],
  [11, 'L AEDT LHDT MAGT NCT PONT SBT VLAST VUT'],
  [11.5, 'NFT'],
  [12, 'M ANAST ANAT FJT GILT MAGST MHT NZST PETST PETT TVT WFT'],
  [13, 'FJST NZDT'],
];

const MINUTES = new Map(NAMES.flatMap(([hours, names]) => names.split(' ').map((name) => [name, Math.round(hours * 60)] as const)));

/** `CET`, `+0100`, `UTC+02:00`, `-05`: minutes east of UTC, or null for what is no zone or not known. */
export function zoneMinutes(text: string): number | null {
  if (text === '') return 0;
  const parts = /^([A-Z](?:[A-Z]{2,4})?)?(?:([+-])([01]\d)(?::?(\d{2}))?)?$/.exec(text);
  if (parts === null) return null;
  const [, name, sign, hours, minutes] = parts;
  const base = name === undefined ? 0 : MINUTES.get(name);
  if (base === undefined) return null;
  const away = sign === undefined ? 0 : Number(hours) * 60 + Number(minutes ?? 0);
  return base + (sign === '-' ? -away : away);
}
