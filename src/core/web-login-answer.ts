/** Log-in pages whose answer alone says that the password was wrong: they redirect whoever got in, and show the form again to all others. */

import type { WebRequest } from './web-request.ts';

/** What applications do, by what they answer to a form that was sent: WordPress, TYPO3, Joomla's and Magento's administration redirect (302, 303) on success. */
const FORM_AGAIN: readonly RegExp[] = [
  /\/wp-login\.php(?:\?(?!.{0,200}action=(?:lostpassword|register|postpass|logout|rp|resetpass|confirm)).{0,300})?$/,
  /\/typo3\/(?:index\.php)?\?(?:.{0,100}&)?(?:loginProvider=|route=%2Flogin|route=\/login)/,
];
/** Where one logs in at applications that answer 401 or 403 themselves. */
const DOOR =
  /(?:^|[/_.?=&-])(?:wp-login\.php|log-?in|logon|sign-?in|auth(?:enticate|entication)?|sessions?|token(?:-auth)?|_task=login|j_security_check)(?:[/?&.=]|$)/i;
const TARGET_CHARACTERS = 600;

/** Did this request try a password, and was it refused? */
export function passwordRefused({ method, status, target, user }: Pick<WebRequest, 'method' | 'status' | 'target' | 'user'>): boolean {
  if (status === 401 && user !== null) return true;
  if (method !== 'POST' || status === null) return false;
  const asked = target.slice(0, TARGET_CHARACTERS);
  return status === 200 ? FORM_AGAIN.some((form) => form.test(asked)) : status === 401 && DOOR.test(asked);
}
